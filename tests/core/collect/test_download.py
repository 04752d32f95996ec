"""The downloader against a server that misbehaves in every known way."""

from __future__ import annotations

import itertools
import shutil
import ssl
import subprocess
import threading

import pytest

from core.collect.download import Fetched, Limits, Refusal, _short
from core.collect.rate_limit import RateLimit
from core.errors import Cancelled
from core.settings import Settings
from tests.stand_in.server import Answer, page, picture, picture_bytes


def test_a_picture_comes_back_whole_with_an_honest_user_agent(server, downloader):
    got = downloader.picture(server.url("/pic/7.jpg"))
    assert isinstance(got, Fetched)
    assert got.data == picture_bytes(7)
    assert got.kind == "JPEG"
    assert server.log[-1].headers["user-agent"].startswith("WhoAmI/")


def test_what_the_server_calls_it_does_not_matter_what_it_is_does(server, downloader):
    server.add("/as-text", picture(1, headers={"X-Note": "wrong type"}))
    server.add(
        "/page.jpg",
        page(
            "<!DOCTYPE html><html><title>Sign in</title>" + " " * 100,
        ),
    )
    server.add("/page2.jpg", Answer(b"<html><body>No</body></html>" + b" " * 100, kind="image/jpeg"))
    server.add("/small.jpg", Answer(b"oops", kind="image/jpeg"))
    server.add("/drawing.svg", Answer(b"<svg xmlns='http://www.w3.org/2000/svg'/>" + b" " * 64, kind="image/svg+xml"))
    assert isinstance(downloader.picture(server.url("/as-text")), Fetched)
    assert downloader.picture(server.url("/page.jpg")).reason == "it is a web page, not a picture that can be read"
    assert downloader.picture(server.url("/page2.jpg")).reason == "it is a web page, not a picture that can be read"
    assert downloader.picture(server.url("/small.jpg")).reason == "it is text, not a picture that can be read"
    assert "an SVG drawing" in downloader.picture(server.url("/drawing.svg")).reason


@pytest.mark.parametrize(("status", "words"), [(404, "404 Not Found"), (403, "403 Forbidden"), (410, "410 Gone")])
def test_a_final_answer_is_not_asked_for_again(server, downloader, status, words):
    server.add("/gone.jpg", page("no", status=status))
    got = downloader.picture(server.url("/gone.jpg"))
    assert got == Refusal(got.url, f"the server answered {words}", "refused", status)
    assert server.asked("/gone.jpg") == 1


def test_429_is_waited_for_as_long_as_it_asks_and_tried_again(server, downloader, clock):
    answers = iter([page("slow down", status=429, headers={"Retry-After": "7"}), picture(3)])
    server.add("/busy.jpg", lambda _: next(answers))
    assert isinstance(downloader.picture(server.url("/busy.jpg")), Fetched)
    assert max(clock.waited) == pytest.approx(7, abs=0.1)


def test_retry_after_may_be_a_date(server, downloader, clock):
    at = "Fri, 15 Jan 2027 08:00:20 GMT"  # the fake clock says 08:00:00
    answers = iter([page("", status=503, headers={"Retry-After": at}), picture(3)])
    server.add("/busy.jpg", lambda _: next(answers))
    assert isinstance(downloader.picture(server.url("/busy.jpg")), Fetched)
    assert max(clock.waited) == pytest.approx(20, abs=0.1)


def test_a_host_that_asks_for_an_hour_is_left_alone_for_this_run(server, downloader):
    server.add("/busy", page("", status=429, headers={"Retry-After": "3600"}))
    got = downloader.picture(server.url("/busy/1.jpg"))
    assert got.outcome == "failed"
    assert got.reason == "127.0.0.1 asks to be left alone for 3600 s; it is asked again in the next run"
    before = len(server.log)
    assert downloader.picture(server.url("/pic/1.jpg")).outcome == "failed"
    assert len(server.log) == before
    assert isinstance(downloader.picture(server.url("/pic/1.jpg", "other.example")), Fetched)


def test_back_off_doubles_with_jitter_and_ends_in_words(server, make_downloader, clock):
    downloader = make_downloader(rate_limit=RateLimit(pause=0, attempts=3, back_off=4))
    downloader.throttle.rng = lambda: 1.0
    server.add("/down.jpg", page("", status=503))
    got = downloader.picture(server.url("/down.jpg"))
    assert got == Refusal(got.url, "the server answered 503 Service Unavailable, 3 times", "failed", 503)
    assert [round(w) for w in clock.waited] == [4, 8]


def test_a_host_that_keeps_failing_is_left_alone(server, make_downloader):
    downloader = make_downloader(rate_limit=RateLimit(attempts=2, most_failures=4))
    server.add("/down", page("", status=500))
    reasons = [downloader.picture(server.url(f"/down/{i}.jpg")).reason for i in range(4)]
    assert "failed 4 times in a row" in reasons[-1]
    assert sum(r.path.startswith("/down") for r in server.log) == 4


def test_requests_to_one_host_keep_the_pause(server, downloader, clock):
    began = clock.time
    for n in range(4):
        downloader.picture(server.url(f"/pic/{n}.jpg"))
    assert clock.time - began == pytest.approx(4 * 0.5)  # robots.txt and four pictures: four pauses


def test_hosts_are_asked_side_by_side_one_request_each(server, downloader):
    together = threading.Barrier(3, timeout=5)

    def wait_for_the_others(_):
        together.wait()
        return picture(1)

    server.add("/meet", wait_for_the_others)
    got = []
    threads = [
        threading.Thread(target=lambda h=h: got.append(downloader.picture(server.url("/meet.jpg", f"{h}.example"))))
        for h in "abc"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(g, Fetched) for g in got)


def test_connections_are_reused(server, downloader):
    connections = set()
    server.add("/pic/", lambda r: picture(1))
    accept = server.http.get_request

    def counted():
        connections.add(len(connections))
        return accept()

    server.http.get_request = counted
    for n in range(5):
        downloader.picture(server.url(f"/pic/{n}.jpg"))
    assert len(connections) == 1


def test_an_endless_body_ends_at_the_limit(server, downloader):
    server.add("/endless.jpg", Answer(kind="image/jpeg", pieces=lambda: itertools.repeat(picture_bytes(1))))
    assert downloader.picture(server.url("/endless.jpg")).reason == "it does not end within 0.2 MB"


def test_an_announced_size_over_the_limit_is_not_fetched(server, downloader):
    server.add("/huge.jpg", Answer(picture_bytes(1), kind="image/jpeg", announced=9_000_000))
    assert downloader.picture(server.url("/huge.jpg")).reason == "it is 9.0 MB large; at most 0.2 MB are fetched"


def test_a_steady_drip_ends_at_the_time_limit(server, make_downloader, clock):
    downloader = make_downloader(limits=Limits(seconds=30), rate_limit=RateLimit(attempts=1))

    def drip():
        yield picture_bytes(1)
        while not server.release.is_set():
            clock.time += 10
            yield b"." * 100
            threading.Event().wait(0.01)  # let the piece leave on its own

    server.add("/drip.jpg", Answer(kind="image/jpeg", pieces=drip))
    got = downloader.picture(server.url("/drip.jpg"))
    assert got.reason.startswith("it took longer than 30 s")
    assert got.outcome == "failed"


def test_headers_that_drip_end_at_the_time_limit_too(server, make_downloader, clock):
    downloader = make_downloader(limits=Limits(seconds=30), rate_limit=RateLimit(attempts=1))

    def drip():
        yield b"HTTP/1.1 200 OK\r\nX-Long: "
        while not server.release.is_set():
            clock.time += 10
            yield b"a"
            threading.Event().wait(0.01)  # let the piece leave on its own

    server.add("/drip.jpg", Answer(pieces=drip, raw=True))
    assert downloader.picture(server.url("/drip.jpg")).reason.startswith("it took longer than 30 s")


def test_a_server_that_hangs_is_given_up(server, make_downloader):
    downloader = make_downloader(limits=Limits(silence=0.1), rate_limit=RateLimit(attempts=2))
    server.add("/hang.jpg", lambda _: server.release.wait(5) and page(""))
    got = downloader.picture(server.url("/hang.jpg"))
    assert got == Refusal(got.url, "the server was silent for 0.1 s, 2 times", "failed")


def test_an_answer_that_is_cut_short_is_tried_again(server, downloader):
    whole = picture_bytes(2)
    answers = iter([Answer(whole[:500], kind="image/jpeg", announced=len(whole)), picture(2)])
    server.add("/cut.jpg", lambda _: next(answers))
    assert downloader.picture(server.url("/cut.jpg")).data == whole


def test_redirects_are_followed_but_not_for_ever(server, downloader):
    server.add("/moved.jpg", page("", status=302, headers={"Location": "/pic/5.jpg"}))
    server.add("/loop.jpg", page("", status=301, headers={"Location": "/loop.jpg"}))
    got = downloader.picture(server.url("/moved.jpg"))
    assert (got.data, got.final_url) == (picture_bytes(5), server.url("/pic/5.jpg"))
    assert downloader.picture(server.url("/loop.jpg")).reason == "it was redirected more than 5 times"


def test_a_redirect_to_a_private_address_is_refused(server, make_downloader):
    # One public-looking name leads to the stand-in; everything else is checked as it would be in earnest.
    downloader = make_downloader(private=False, resolver=lambda host, port: ["127.0.0.1"])
    downloader._client._transport._pool._network_backend.private = True
    for target in ("http://10.0.0.5/x.jpg", "http://169.254.169.254/latest/meta-data", "http://[::1]/", "file:///etc"):
        server.add("/away.jpg", page("", status=302, headers={"Location": target}))
        got = downloader.picture(server.url("/away.jpg", "public.example"))
        assert got.reason.startswith("the address is refused: "), target
        assert got.outcome == "refused"


def test_a_name_that_leads_to_a_private_address_is_refused(server, make_downloader):
    downloader = make_downloader(private=False, resolver=lambda host, port: ["93.184.216.34", "192.168.1.10"])
    got = downloader.picture("http://rebinding.example/x.jpg")
    assert got.reason == (
        "the address is refused: rebinding.example leads to 192.168.1.10, which is in a private network"
    )
    assert not server.log


def test_a_connection_that_cannot_be_trusted_says_so(server, make_downloader, tmp_path):
    certificate = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.http.socket = context.wrap_socket(server.http.socket, server_side=True)
    got = make_downloader().picture(server.url("/pic/1.jpg").replace("http://", "https://"))
    assert got.reason == "no secure connection could be made: the server's certificate is signed by itself"


def test_robots_txt_is_kept(server, downloader):
    server.robots = "User-agent: *\nDisallow: /private/\nAllow: /private/open\nCrawl-delay: 3\n"
    got = downloader.picture(server.url("/private/1.jpg"))
    assert got == Refusal(got.url, "the robots.txt of 127.0.0.1 does not allow it")
    assert isinstance(downloader.picture(server.url("/pic/1.jpg")), Fetched)
    assert [r.path for r in server.log] == ["/robots.txt", "/pic/1.jpg"]


def test_where_robots_txt_cannot_be_read_nothing_is_fetched_now(server, make_downloader):
    server.add("/robots.txt", page("", status=500))
    got = make_downloader().picture(server.url("/pic/1.jpg"))
    assert got.outcome == "failed"
    assert got.reason == "127.0.0.1 cannot be asked: the server answered 500 Internal Server Error, 3 times"


def self_signed(folder):
    """A fresh self-signed certificate with its key, made by the openssl command."""
    if not shutil.which("openssl"):
        pytest.skip("the openssl command is not installed")
    path = folder / "both.pem"
    subprocess.run(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 "
        f"-addext subjectAltName=IP:127.0.0.1 -keyout {path} -out {folder / 'cert.pem'}".split(),
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + (folder / "cert.pem").read_bytes())
    return path


def test_this_machine_is_asked_only_where_the_settings_allow_it(server, make_downloader):
    got = make_downloader(private=None).picture(server.url("/pic/1.jpg"))
    assert got.reason == "the address is refused: 127.0.0.1 is this machine itself"
    allowed = make_downloader(private=None, settings=Settings(private_addresses=True, request_pause=0))
    assert isinstance(allowed.picture(server.url("/pic/1.jpg")), Fetched)


@pytest.mark.parametrize(("hops", "words"), [(5, ""), (6, "it was redirected more than 5 times")])
def test_five_redirects_are_followed_and_no_sixth(server, downloader, hops, words):
    server.add("/hop/", lambda r: page("", status=302, headers={"Location": following(r.path)}))
    server.add("/hop/1", page("", status=302, headers={"Location": "/pic/5.jpg"}))
    got = downloader.picture(server.url(f"/hop/{hops}"))
    assert getattr(got, "reason", "") == words


def following(path: str) -> str:
    return f"/hop/{int(path.rpartition('/')[2]) - 1}"


def test_an_answer_in_between_begins_the_count_of_failures_anew(server, make_downloader):
    downloader = make_downloader(rate_limit=RateLimit(attempts=1, most_failures=3))
    server.add("/down", page("", status=500))
    paths = ["/down/1.jpg", "/down/2.jpg", "/pic/1.jpg", "/down/3.jpg", "/down/4.jpg", "/pic/2.jpg"]
    got = [downloader.picture(server.url(path)) for path in paths]
    assert isinstance(got[2], Fetched) and isinstance(got[5], Fetched)


def test_a_downloader_that_is_closed_fetches_nothing_more(server, make_downloader):
    with make_downloader() as downloader:
        assert isinstance(downloader.picture(server.url("/pic/1.jpg")), Fetched)
    assert downloader._client.is_closed
    asked = len(server.log)
    with pytest.raises(Cancelled):
        downloader.picture(server.url("/pic/2.jpg"))
    assert len(server.log) == asked


def test_a_long_address_is_told_shortened():
    assert _short("x" * 80) == "x" * 80
    assert _short("x" * 81) == "x" * 77 + "..."


@pytest.mark.parametrize("status", [401, 404, 499])
def test_without_a_robots_txt_all_may_be_fetched(server, downloader, status):
    server.add("/robots.txt", page("", status=status))
    assert isinstance(downloader.picture(server.url("/pic/1.jpg")), Fetched)


def test_an_interface_made_for_programs_is_asked_without_robots_txt(server, downloader):
    server.robots = "User-agent: *\nDisallow: /\n"
    assert isinstance(downloader.fetch(server.url("/pic/1.jpg"), robots=False), Fetched)
    assert isinstance(downloader.fetch(server.url("/pic/1.jpg")), Refusal)


def test_the_page_is_named_as_referer_only_where_it_is_on_the_web(server, downloader):
    downloader.picture(server.url("/pic/1.jpg"), referer="https://site.example/page")
    assert server.log[-1].headers["referer"] == "https://site.example/page"
    downloader.picture(server.url("/pic/2.jpg"), referer="file:///home/me")
    assert "referer" not in server.log[-1].headers
