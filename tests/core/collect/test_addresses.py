"""Addresses that may not be asked."""

from __future__ import annotations

import ssl

import httpcore
import pytest

from core.collect.addresses import (
    AddressRefused,
    GuardedBackend,
    GuardedTransport,
    TimedStream,
    checked,
    private_place,
    system_resolver,
)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.5.5",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "::127.0.0.1",
        "::10.1.2.3",
        "::a01:203",
        "64:ff9b:1::a01:203",
        "64:ff9b:1:ffff::8.8.8.8",
        "fec0::1",
        "feff::1",
    ],
)
def test_private_places_are_known_in_every_dress(address):
    assert private_place(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "example.com"]
)
def test_the_open_internet_is_allowed(address):
    assert private_place(address) == ""


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("ftp://example.com/x.jpg", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("example.com/x.jpg", "not a bare name"),
        ("http:///x.jpg", "names no server"),
        ("http://user:secret@example.com/x.jpg", "carries a login"),
        ("http://localhost/x.jpg", "on this machine"),
        ("http://printer.local/x.jpg", "on this machine"),
        ("http://127.0.0.1/x.jpg", "this machine itself"),
        ("http://[::1]/x.jpg", "this machine itself"),
        ("http://exa mple.com:99999999/x", "not a web address"),
    ],
)
def test_a_refused_address_says_why(url, words):
    with pytest.raises(AddressRefused, match=words):
        checked(url)


def test_a_fine_address_loses_only_its_fragment():
    assert str(checked(" https://example.com/a.jpg?x=1#top ")) == "https://example.com/a.jpg?x=1"


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://a:b/", "http://a\x00b/", "http://" + "a" * 70_000, "http://\ud800/"]
)
def test_what_cannot_be_parsed_is_refused_in_words_never_an_error_of_the_parser(url):
    with pytest.raises(AddressRefused, match="it is not a web address"):
        checked(url)


def connect(resolver, **options):
    return GuardedBackend(resolver=resolver, **options).connect_tcp("example.org", 80)


def test_a_name_that_nobody_knows_is_said():
    def unknown(host, port):
        raise OSError("no such name")

    with pytest.raises(httpcore.ConnectError, match=r"the name example\.org is not known"):
        connect(unknown)


def test_a_name_without_an_address_is_said():
    with pytest.raises(httpcore.ConnectError, match=r"the name example\.org has no address"):
        connect(lambda host, port: [])


def test_one_private_address_among_public_ones_refuses_all():
    with pytest.raises(AddressRefused, match=r"example\.org leads to"):
        connect(lambda host, port: ["93.184.216.34", "127.0.0.1"])


def test_the_next_address_is_tried_and_the_last_failure_told(monkeypatch):
    tried = []

    def refuse(self, address, port, *args, **kwargs):
        tried.append(address)
        raise httpcore.ConnectError(f"{address} does not answer")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", refuse)
    with pytest.raises(httpcore.ConnectError, match=r"1\.1\.1\.1 does not answer"):
        connect(lambda host, port: ["8.8.8.8", "1.1.1.1"])
    assert tried == ["8.8.8.8", "1.1.1.1"]


def test_the_system_gives_each_address_as_text():
    assert system_resolver("127.0.0.1", 80) == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("example.org", "example.org leads to 127.0.0.1, which is this machine itself"),
        ("127.0.0.1", "127.0.0.1 is this machine itself"),
    ],
)
def test_a_refusal_names_the_place_once(host, words):
    with pytest.raises(AddressRefused) as refused:
        GuardedBackend(resolver=lambda host, port: ["127.0.0.1", "10.0.0.1"]).connect_tcp(host, 80)
    assert str(refused.value) == words


@pytest.mark.parametrize(("port", "fine"), [(1, True), (65_535, True), (0, False), (65_536, False)])
def test_ports_have_a_range(port, fine):
    if fine:
        assert checked(f"http://example.com:{port}/").port == port
    else:
        with pytest.raises(AddressRefused, match="no server's name"):
            checked(f"http://example.com:{port}/")


class Wire(httpcore.NetworkStream):
    """A connection that always answers."""

    closed = False

    def read(self, max_bytes, timeout=None):
        return b"x"

    def write(self, buffer, timeout=None):
        pass

    def close(self):
        self.closed = True

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        return self

    def get_extra_info(self, info):
        return f"its {info}"


@pytest.mark.parametrize("secure", [False, True])
def test_an_answer_has_its_seconds_from_each_question_on(secure):
    time = [100.0]
    stream = TimedStream(Wire(), 30, lambda: time[0])
    stream = stream.start_tls(None) if secure else stream
    time[0] = 130.0
    assert stream.read(1) == b"x"
    time[0] = 130.5
    with pytest.raises(httpcore.ReadTimeout, match="it took longer than 30 s"):
        stream.read(1)
    stream.write(b"the next question")
    time[0] = 160.5
    assert stream.read(1) == b"x"


def test_closing_it_closes_the_connection():
    wire = Wire()
    stream = TimedStream(wire, 30, lambda: 0.0)
    assert stream.get_extra_info("socket") == "its socket"
    stream.close()
    assert wire.closed


def test_the_trusted_certificates_are_read_once_and_others_where_they_are_named():
    def context(**options):
        with GuardedTransport(GuardedBackend(), **options) as transport:
            return transport._pool._ssl_context

    assert context() is context()
    other = ssl.create_default_context()
    assert context(verify=other) is other
    assert context().verify_mode == ssl.CERT_REQUIRED
    assert context(verify=False).verify_mode == ssl.CERT_NONE
