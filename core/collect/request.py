"""One request: its answer as a value, bounded in bytes and seconds while it streams, sniffed and not trusted."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpcore
import httpx

from core.collect.rate_limit import Clock
from core.errors import Cancelled
from core.imaging import formats

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
"""Status codes of failures that may pass."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost. Seconds and bytes."""

    bytes: int = 25_000_000
    seconds: float = 60.0
    """For a whole answer, however steadily it drips."""
    connect: float = 10.0
    silence: float = 15.0
    """Without a single byte."""
    redirects: int = 5
    connections: int = 32


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back: the bytes, what they are (JPEG, ... or words), and where they were in the end."""

    url: str
    final_url: str
    data: bytes = field(repr=False)
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An address that gave nothing, and why, in words.

    outcome: `refused` for good, or `failed` for what may pass and is tried again in the next run.
    """

    url: str
    reason: str
    outcome: str = "refused"
    status: int = 0


@dataclass(frozen=True, slots=True)
class Redirect:
    """It is elsewhere."""

    url: str


@dataclass(frozen=True, slots=True)
class RetryableError:
    """A failure that may pass, and the Retry-After that came with it."""

    reason: str
    status: int = 0
    retry_after: str = ""


def ask(
    client: httpx.Client,
    url: httpx.URL,
    headers: Mapping[str, str],
    wanted: Callable[[str], str] | None,
    max_bytes: int,
    limits: Limits,
    clock: Clock,
) -> Fetched | Refusal | Redirect | RetryableError:
    """One GET and its answer as a value; nothing is raised for what the network does.

    wanted: given what the first bytes are, says "" or why the rest is not wanted. max_bytes: bytes.
    Raises AddressRefused where the name leads to a private place, and Cancelled when the clock is stopped.
    """
    address = str(url)
    try:
        with client.stream("GET", url, headers=headers) as response:
            status = response.status_code
            if status != 200:
                _drain(response)
            if status in (301, 302, 303, 307, 308):
                return _redirect(response)
            if status in PASSING:
                asked = response.headers.get("retry-after", "")
                return RetryableError(f"the server answered {status} {_phrase(status)}", status, asked)
            if status != 200:
                return Refusal(address, f"the server answered {status} {_phrase(status)}", status=status)
            return _body(address, response, wanted, max_bytes, limits, clock)
    except httpx.ConnectTimeout:
        return RetryableError(f"no connection within {limits.connect:g} s")
    except httpx.TimeoutException as error:
        if "longer" in str(error):
            return RetryableError(str(error))
        return RetryableError(f"the server was silent for {limits.silence:g} s")
    except httpx.ConnectError as error:
        return _no_connection(address, error)
    except httpx.DecodingError:
        return Refusal(address, "the answer is damaged (it cannot be unpacked)")
    except (httpx.TransportError, ssl.SSLError, httpcore.NetworkError) as error:
        return RetryableError(f"the connection broke ({error or type(error).__name__})")
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        return Refusal(address, f"the answer cannot be understood ({error})")


def _redirect(response: httpx.Response) -> Redirect | Refusal:
    location = response.headers.get("location", "")
    if not location:
        return Refusal(str(response.url), f"it answers {response.status_code} but says no place to go to")
    return Redirect(str(response.url.join(location)))


def _body(
    address: str,
    response: httpx.Response,
    wanted: Callable[[str], str] | None,
    max_bytes: int,
    limits: Limits,
    clock: Clock,
) -> Fetched | Refusal | RetryableError:
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > max_bytes:
        return Refusal(
            address, f"it is {int(announced) / 1e6:.1f} MB large; at most {max_bytes / 1e6:g} MB are fetched"
        )
    began, data, what = clock.now(), bytearray(), ""
    for chunk in response.iter_bytes():
        data += chunk
        if clock.stop.is_set():
            raise Cancelled("Stopped while fetching.")
        if len(data) > max_bytes:
            return Refusal(address, f"it does not end within {max_bytes / 1e6:g} MB")
        if clock.now() - began > limits.seconds:
            return RetryableError(f"it took longer than {limits.seconds:g} s")
        if not what and len(data) >= formats.ENOUGH:
            what = formats.kind(bytes(data[: formats.ENOUGH]))
            if wanted and (why := wanted(what)):
                return Refusal(address, why)
    what = what or formats.kind(bytes(data[: formats.ENOUGH]))
    if wanted and (why := wanted(what)):
        return Refusal(address, why)
    return Fetched(address, address, bytes(data), what)


def _no_connection(address: str, error: httpx.ConnectError) -> Refusal | RetryableError:
    text = str(error)
    if "CERTIFICATE" in text.upper() or "SSL" in text.upper() or "TLS" in text.upper():
        return Refusal(address, f"no secure connection could be made: {_tls(text)}")
    return RetryableError(f"no connection could be made ({text or 'no answer'})")


def _drain(response: httpx.Response) -> None:
    """Read a small answer to its end, so that the connection can be used again."""
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and int(announced) <= 65_536:
        response.read()


def _phrase(status: int) -> str:
    return httpx.codes.get_reason_phrase(status)


def _tls(text: str) -> str:
    lower = text.lower()
    for sign, words in (
        ("self-signed", "the server's certificate is signed by itself"),
        ("self signed", "the server's certificate is signed by itself"),
        ("expired", "the server's certificate has expired"),
        ("mismatch", "the server's certificate is for another name"),
        ("unable to get local issuer", "nobody we trust has signed the server's certificate"),
    ):
        if sign in lower:
            return words
    return text
