"""
The one door for requests that leave the server: harvesting, a pasted address, a look-up of a DOI.

An address may come from anybody, so what lies behind it is not trusted: only public servers are asked, at exactly the
address that was checked (a name may answer differently the second time), after each redirect anew, within limits of
bytes, time and patience. Any library that takes an httpx2 client goes through the same door with `Client`.
"""

import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import BinaryIO

import httpcore2
import httpx2
from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

PORTS = {80, 443, 8000, 8080, 8081, 8443}
MAX_URL = 2_000
MAX_REDIRECTS = 5
MAX_ADDRESSES = 3  # of one name, tried one after the other
CHUNK = 64 * 1024
BUSY = {429, 503}

LOOPBACK = [ipaddress.ip_network(text) for text in ("127.0.0.0/8", "::1/128")]
# Beside everything `ipaddress` knows not to be global: what Python 3.13.0 does not name yet, and a former relay.
NEVER = [ipaddress.ip_network(text) for text in ("192.88.99.0/24", "3fff::/20")]
# The only IPv6 addresses of single public hosts. IPv4-mapped, NAT64 and the like, which hide another one, lie outside.
PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")

MESSAGES: dict[str, Promise] = {
    "off": _("This portal asks no other servers: its operator has switched that off."),
    "address": _("This is not an address on the web: it should begin with http:// or https://."),
    "credentials": _("The address holds a user name or a password: leave them out."),
    "port": _("The address names a port that is not asked: leave it out, or use 80, 443 or 8080."),
    "unknown_host": _("There is no server of that name: check the address for typing errors."),
    "private": _("The address leads into a private network: only public servers are asked."),
    "unreachable": _("The server does not answer: try again later."),
    "certificate": _("The server cannot prove who it is: its certificate is not valid for this address."),
    "slow": _("The server is too slow: try again later."),
    "too_large": _("The answer is larger than {megabytes} MB, which is more than is taken."),
    "redirects": _("The address leads from one place to the next without end."),
    "broken": _("The answer arrived damaged or cut off: try again later."),
    "busy": _("The server asks to come back later."),
    "status": _("The server answered with error {status}."),
}


class NotFetched(Exception):
    """There is no answer to work with. `message` is one sentence for the reader, translated when it is shown.

    `words` are what it names, `retry_after` the wait in seconds that a busy server asked for, where that was longer
    than our patience.
    """

    def __init__(self, code: str, *, retry_after: float | None = None, **words: object) -> None:
        super().__init__(code)
        self.code, self.words = code, words
        self.message = format_lazy(MESSAGES[code], **words)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Limits:
    """What one request may cost: bytes after unpacking, seconds in all and between two reads, and patience."""

    size: int = 20 * 1024 * 1024
    seconds: float = 60
    read_seconds: float = 20
    retries: int = 3
    longest_wait: float = 60
    back_off: float = 1  # seconds before the second try of a busy server that names no time; doubled each time


LIMITS = Limits()


@dataclass(frozen=True)
class Answer:
    """What came back, and from where after all redirects. `content` is empty where it went into a file.

    `charset` and `name` (of the file) are as the server claims them; empty where it does not.
    """

    url: str
    media_type: str
    content: bytes = field(default=b"", repr=False)
    charset: str = ""
    name: str = ""


def fetch(url: str, *, limits: Limits = LIMITS, headers: dict[str, str] | None = None) -> Answer:
    """Get an address whole, into memory. Raises NotFetched, for an error status too."""
    with Client(limits) as client:
        response = client.get(address(url), headers=headers)
        return _answer(response, response.content)


def download(url: str, into: BinaryIO, *, limits: Limits = LIMITS) -> Answer:
    """Get an address into an open file, block by block. Raises NotFetched, for an error status too; what was written
    until then is for the caller to throw away."""
    with Client(limits) as client, failures(), client.stream("GET", address(url)) as response:
        answer = _answer(response)
        for block in response.iter_bytes(CHUNK):
            into.write(block)
        return answer


def _answer(response: httpx2.Response, content: bytes = b"") -> Answer:
    if not response.is_success:
        raise NotFetched("status", status=response.status_code)
    said = Message()
    for name in ("Content-Type", "Content-Disposition"):
        said[name] = response.headers.get(name, "")[:MAX_URL]
    media_type = said["Content-Type"].split(";")[0].strip().lower()
    return Answer(str(response.url), media_type, content, said.get_content_charset(""), said.get_filename(""))


class Client(httpx2.Client):
    """An httpx2 client whose every request passes the guard, for libraries that bring their own way of asking.

    Raises NotFetched for whatever keeps an answer from coming; an answer with an error status comes back as it is,
    except those that ask to wait: they are asked again, politely, and reported as busy in the end.
    """

    def __init__(self, limits: Limits = LIMITS, **options: object) -> None:
        self._limits_of_ours = limits
        super().__init__(
            transport=GuardedTransport(limits.size),
            trust_env=False,  # no proxy of the environment: it would be asked instead of what was checked
            follow_redirects=True,
            max_redirects=MAX_REDIRECTS,
            timeout=limits.read_seconds,
            headers={"User-Agent": f"SaludYMigracion/1.0 (+{settings.SITE_URL})", "Accept-Encoding": "gzip"},
            **options,
        )

    def send(self, request: httpx2.Request, **options: object) -> httpx2.Response:
        limits = self._limits_of_ours
        for attempt in range(limits.retries + 1):
            request.extensions["deadline"] = time.monotonic() + limits.seconds
            with failures():
                response = super().send(request, **options)
            if response.status_code not in BUSY:
                return response
            response.close()
            wait = _asked_wait(response)
            wait = limits.back_off * 2**attempt if wait is None else wait
            if attempt == limits.retries or wait > limits.longest_wait:
                break
            time.sleep(wait)
        raise NotFetched("busy", retry_after=wait)


def _asked_wait(response: httpx2.Response) -> float | None:
    """Seconds that `Retry-After` asks for (RFC 9110, section 10.2.3: a number or a date); None without one."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


@contextmanager
def failures() -> Iterator[None]:
    """Turn every failure of the library into NotFetched."""
    try:
        yield
    except (httpx2.TimeoutException, httpcore2.TimeoutException) as error:
        raise NotFetched("slow") from error
    except httpx2.TooManyRedirects as error:
        raise NotFetched("redirects") from error
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpcore2.UnsupportedProtocol) as error:
        raise NotFetched("address") from error
    except (httpcore2.ConnectError, httpcore2.NetworkError) as error:
        is_certificate = isinstance(error.__cause__ or error.__context__, ssl.SSLCertVerificationError)
        raise NotFetched("certificate" if is_certificate else "unreachable") from error
    except (httpx2.HTTPError, httpcore2.ProtocolError, zlib.error) as error:
        raise NotFetched("broken") from error


# --- Which addresses --------------------------------------------------------------------------------------------------


def address(url: str) -> httpx2.URL:
    """The address, parsed and allowed as far as one can tell without asking for its host. Raises NotFetched."""
    if len(url) > MAX_URL:
        raise NotFetched("address")
    with failures():
        parsed = httpx2.URL(url.strip())
    check(parsed)
    return parsed


def check(url: httpx2.URL) -> None:
    """Raise NotFetched for an address that is never asked, whoever its host is."""
    if not is_open():
        raise NotFetched("off")
    if url.scheme not in ("http", "https") or not url.host or len(str(url)) > MAX_URL:
        raise NotFetched("address")
    if url.userinfo:
        raise NotFetched("credentials")
    if url.port and url.port not in PORTS and not _may_ask_loopback():
        raise NotFetched("port")


def is_open() -> bool:
    """May anybody be asked at all? Tests, which open loopback, ask servers of their own."""
    return settings.OUTGOING_REQUESTS or _may_ask_loopback()


def _may_ask_loopback() -> bool:
    """Only ever true in tests, whose servers run on this machine."""
    return getattr(settings, "OUTGOING_ALLOW_LOOPBACK", False)


def is_public(text: str) -> bool:
    """Is this the address of one host on the public internet, and of nothing else in disguise?"""
    found = ipaddress.ip_address(text.partition("%")[0])
    if any(found in network for network in LOOPBACK):
        return _may_ask_loopback()
    if found.version == 6 and found not in PUBLIC_IPV6:
        return False
    is_odd = found.is_multicast or found.is_reserved or any(found in network for network in NEVER)
    return found.is_global and not is_odd


def public_addresses(host: str, port: int) -> list[str]:
    """The public addresses of a host, looked up once. Raises NotFetched where it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched("unknown_host") from error
    addresses = list(dict.fromkeys(entry[4][0] for entry in found))
    if not (public := [text for text in addresses if is_public(text)]):
        raise NotFetched("private")
    return public[:MAX_ADDRESSES]


# --- The connection ---------------------------------------------------------------------------------------------------


class GuardedTransport(httpx2.BaseTransport):
    """One connection for one request, to a checked address, giving an unpacked answer of at most `size` bytes."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._tls = httpx2.create_ssl_context()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        check(request.url)
        deadline = request.extensions.get("deadline", time.monotonic() + LIMITS.seconds)
        pool = httpcore2.ConnectionPool(ssl_context=self._tls, network_backend=GuardedBackend(deadline))
        try:
            with failures():
                answer = pool.handle_request(_core_request(request))
            headers = httpx2.Headers(answer.headers)
            body = Body(answer.stream, pool, self._size, headers)
        except BaseException:
            pool.close()
            raise
        for name in ("Content-Encoding", "Content-Length", "Transfer-Encoding"):
            headers.pop(name, None)  # they speak of the packed bytes
        return httpx2.Response(answer.status, headers=headers, stream=body, extensions=answer.extensions)


def _core_request(request: httpx2.Request) -> httpcore2.Request:
    url = request.url
    target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    return httpcore2.Request(
        request.method, target, headers=request.headers.raw, content=request.stream, extensions=request.extensions
    )


class Body(httpx2.SyncByteStream):
    """The bytes of an answer, unpacked and counted as they come. Raises NotFetched."""

    def __init__(
        self, stream: Iterable[bytes], pool: httpcore2.ConnectionPool, size: int, headers: httpx2.Headers
    ) -> None:
        self._stream, self._pool, self._size = stream, pool, size
        encoding = headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in ("identity", "gzip", "x-gzip", ""):
            raise NotFetched("broken")  # we said that we understand gzip alone
        self._unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if "gzip" in encoding else None
        announced = headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced[:20]) > size:
            raise self._too_large()

    def __iter__(self) -> Iterator[bytes]:
        packed = unpacked = 0
        with failures():
            for raw in self._stream:
                packed += len(raw)
                for block in self._unpacked(raw):
                    unpacked += len(block)
                    if unpacked > self._size:
                        raise self._too_large()
                    yield block
                if packed > self._size:
                    raise self._too_large()
        if self._unpack and packed and not self._unpack.eof:
            raise NotFetched("broken")

    def _unpacked(self, raw: bytes) -> Iterator[bytes]:
        """A packed block may unfold a thousandfold: bit by bit."""
        if self._unpack is None:
            yield raw
            return
        while raw and not self._unpack.eof:
            yield self._unpack.decompress(raw, CHUNK)
            raw = self._unpack.unconsumed_tail

    def _too_large(self) -> NotFetched:
        return NotFetched("too_large", megabytes=max(1, self._size // (1024 * 1024)))

    def close(self) -> None:
        if hasattr(self._stream, "close"):
            self._stream.close()
        self._pool.close()


class GuardedBackend(httpcore2.NetworkBackend):
    """Connects to public addresses alone, to the very one that was checked, and only until the deadline."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, **options: object
    ) -> httpcore2.NetworkStream:
        failure: Exception | None = None
        for found in public_addresses(host, port):
            try:
                # An address in figures is not looked up again. TLS still checks the certificate against the name.
                stream = self._plain.connect_tcp(found, port, timeout=left(self._deadline, timeout), **options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return TimedStream(stream, self._deadline)
        raise failure or NotFetched("unreachable")


class TimedStream(httpcore2.NetworkStream):
    """A connection on which nothing happens after the deadline, however busily it drips."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, left(self._deadline, timeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, left(self._deadline, timeout))
        return TimedStream(secured, self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def left(deadline: float, timeout: float | None) -> float:
    """Seconds the next step may take. Raises httpcore2's TimeoutException when there are none."""
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise httpcore2.ReadTimeout("deadline")
    return remaining if timeout is None else min(timeout, remaining)
