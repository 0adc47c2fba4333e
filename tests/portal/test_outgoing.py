"""Requests that leave the server: only to public addresses, within limits, politely."""

import gzip
import io
import shutil
import socket
import ssl
import subprocess
import time
import tracemalloc
from pathlib import Path

import pytest
from django.utils import translation

from portal.core import outgoing
from portal.core.outgoing import Limits, NotFetched, download, fetch
from tests.answering import Asked, serving

QUICK = Limits(size=1_000_000, seconds=2, read_seconds=1, retries=3, longest_wait=1, back_off=0.01)


@pytest.fixture(autouse=True)
def _open(settings) -> None:
    settings.OUTGOING_REQUESTS = True


@pytest.fixture
def loopback(settings) -> None:
    settings.OUTGOING_ALLOW_LOOPBACK = True


def refused(url: str, limits: Limits = QUICK) -> str:
    """The code of the reason why there is no answer."""
    with pytest.raises(NotFetched) as caught:
        fetch(url, limits=limits)
    assert str(caught.value.message)
    return caught.value.code


def names(monkeypatch, answers: dict[str, list[list[str]]]) -> list[str]:
    """Let these names mean these addresses, one list a look-up; gives the names as they are looked up."""
    looked_up, real = [], socket.getaddrinfo

    def resolve(host, port, *args, **kwargs):
        if host not in answers:
            return real(host, port, *args, **kwargs)
        looked_up.append(host)
        found = answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]
        return [entry for address in found for entry in real(address, port, *args, **kwargs)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return looked_up


# --- Which addresses --------------------------------------------------------------------------------------------------

PRIVATE = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.0.8", "192.0.2.1", "198.18.0.1", "192.88.99.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::1", "::", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1", "64:ff9b::808:808",
    "64:ff9b:1::1", "2002:7f00:1::", "2001:0:1::1", "2001:db8::1", "3fff::1", "fc00::1", "fe80::1", "fe80::1%eth0",
    "fec0::1", "ff02::1", "4000::1",
]  # fmt: skip


@pytest.mark.parametrize("text", PRIVATE)
def test_no_address_but_a_public_one_is_asked(text: str) -> None:
    assert not outgoing.is_public(text)


@pytest.mark.parametrize("text", ["8.8.8.8", "188.184.103.159", "2606:4700::1111", "2001:1458:d00::1"])
def test_public_addresses_are_asked(text: str) -> None:
    assert outgoing.is_public(text)


def test_loopback_is_open_to_tests_alone(settings) -> None:
    settings.OUTGOING_ALLOW_LOOPBACK = True
    assert outgoing.is_public("127.0.0.1")
    assert outgoing.is_public("::1")
    assert not outgoing.is_public("10.0.0.1")
    assert not outgoing.is_public("::ffff:127.0.0.1")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.org/a", "address"),
        ("file:///etc/passwd", "address"),
        ("example.org/a", "address"),
        ("", "address"),
        ("http://", "address"),
        ("http://[::1", "address"),
        ("http://a\x00b/", "address"),
        ("http://example.org/" + "a" * 3000, "address"),
        ("http://" + "ñ" * 200 + ".org/", "address"),
        ("http://ana:clave@example.org/", "credentials"),
        ("http://example.org:22/", "port"),
        ("http://127.0.0.1/", "private"),
        ("http://2130706433/", "private"),
        ("http://0x7f.1/", "private"),
        ("http://localhost/", "private"),
        ("https://[::ffff:169.254.169.254]/latest", "private"),
        ("https://[64:ff9b::7f00:1]:8443/", "private"),
    ],
)
def test_an_address_that_is_never_asked(url: str, code: str) -> None:
    assert refused(url) == code


def test_nobody_is_asked_where_the_operator_has_switched_it_off(settings, monkeypatch) -> None:
    looked_up = names(monkeypatch, {"example.org": [["8.8.8.8"]]})
    settings.OUTGOING_REQUESTS = False
    assert refused("https://example.org/") == "off"
    assert not looked_up


def test_an_unknown_host_is_said_to_be_unknown(monkeypatch) -> None:
    def nowhere(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    assert refused("http://example.org/") == "unknown_host"


def test_a_name_that_means_a_private_address_is_refused(monkeypatch) -> None:
    names(monkeypatch, {"inside.example": [["10.1.2.3", "fe80::1"]]})
    assert refused("http://inside.example/") == "private"


def test_a_reason_is_told_in_the_readers_language() -> None:
    with translation.override("en"), pytest.raises(NotFetched) as caught:
        fetch("http://10.0.0.1/")
    with translation.override("en"):
        assert str(caught.value.message) == "The address leads into a private network: only public servers are asked."


# --- The address that was checked is the one that is asked ------------------------------------------------------------


@pytest.mark.usefixtures("loopback")
def test_a_name_is_looked_up_once_and_what_was_checked_is_asked(monkeypatch) -> None:
    looked_up = names(monkeypatch, {"turns.example": [["127.0.0.1"], ["10.0.0.1"]]})
    with serving(lambda asked: asked.reply(asked.headers["Host"].encode())) as url:
        answer = fetch(url.replace("127.0.0.1", "turns.example"), limits=QUICK)
    assert answer.content.startswith(b"turns.example:")
    assert looked_up == ["turns.example"]


@pytest.mark.usefixtures("loopback")
def test_a_name_that_turns_private_on_the_way_is_refused(monkeypatch) -> None:
    names(monkeypatch, {"turns.example": [["127.0.0.1"], ["192.168.0.1"]]})
    with serving(lambda asked: asked.reply(status=302, Location="/again")) as url:
        assert refused(url.replace("127.0.0.1", "turns.example")) == "private"


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("http://10.0.0.1/", "private"),
        ("http://169.254.169.254/latest/meta-data/", "private"),
        ("//[::ffff:10.0.0.1]/", "private"),
        ("http://ana:clave@127.0.0.1/", "credentials"),
        ("file:///etc/passwd", "address"),
        ("gopher://127.0.0.1/", "address"),
        ("http://[broken/", "unknown_host"),
        ("/same", "redirects"),
    ],
)
def test_each_redirect_is_checked_anew(target: str, code: str) -> None:
    with serving(lambda asked: asked.reply(status=302, Location=target)) as url:
        assert refused(url) == code


@pytest.mark.usefixtures("loopback")
def test_five_redirects_are_followed_and_six_are_not() -> None:
    def countdown(asked: Asked) -> None:
        n = int(asked.path.strip("/"))
        asked.reply(b"here") if n == 0 else asked.reply(status=301, Location=f"/{n - 1}")

    with serving(countdown) as url:
        answer = fetch(f"{url}/5", limits=QUICK)
        assert (answer.content, answer.url) == (b"here", f"{url}/0")
        assert refused(f"{url}/6") == "redirects"


@pytest.mark.usefixtures("loopback")
def test_proxies_of_the_environment_are_ignored(monkeypatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://10.9.9.9:3128")
    with serving(lambda asked: asked.reply(b"straight")) as url:
        assert fetch(url, limits=QUICK).content == b"straight"


@pytest.mark.usefixtures("loopback")
def test_a_certificate_must_be_trusted_and_bear_the_name_that_was_asked_for(monkeypatch, tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate of this test and is not installed")
    names(monkeypatch, {"named.example": [["127.0.0.1"]], "other.example": [["127.0.0.1"]]})
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=named.example", "-addext", "subjectAltName=DNS:named.example"]
    into = ["-keyout", str(key), "-out", str(certificate)]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *into]
    subprocess.run(command, check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    wanted = []
    tls.sni_callback = lambda _socket, name, _context: wanted.append(name)

    def secured(plain: socket.socket) -> ssl.SSLSocket:
        return tls.wrap_socket(plain, server_side=True)

    with serving(lambda asked: asked.reply(b"secret"), secured) as url:
        named, other = url.replace("127.0.0.1", "named.example"), url.replace("127.0.0.1", "other.example")
        assert refused(named) == "certificate"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert fetch(named, limits=QUICK).content == b"secret"
        assert refused(other) == "certificate"
    assert wanted == ["named.example", "named.example", "other.example"]


# --- Limits -----------------------------------------------------------------------------------------------------------


def endless(asked: Asked) -> None:
    asked.send_response(200)
    asked.end_headers()
    while True:
        asked.wfile.write(b"x" * 65536)


BOMB = gzip.compress(bytes(30_000_000))


def bomb(asked: Asked) -> None:
    asked.reply(BOMB, Content_Encoding="gzip")


def huge(asked: Asked) -> None:
    asked.reply(b"", Content_Length="5000000000")


def drip(asked: Asked) -> None:
    asked.send_response(200)
    asked.send_header("Content-Length", "1000")
    asked.end_headers()
    for _ in range(1000):
        asked.wfile.write(b".")
        time.sleep(0.05)


def dripping_headers(asked: Asked) -> None:
    asked.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(1000):
        asked.wfile.write(b"X")
        time.sleep(0.05)


def cut(asked: Asked) -> None:
    asked.reply(b"half", Content_Length="8")


def cut_gzip(asked: Asked) -> None:
    asked.reply(gzip.compress(b"whole" * 1000)[:-12], Content_Encoding="gzip")


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (endless, "too_large"),
        (bomb, "too_large"),
        (huge, "too_large"),
        (drip, "slow"),
        (dripping_headers, "slow"),
        (lambda asked: time.sleep(3), "slow"),
        (cut, "broken"),
        (cut_gzip, "broken"),
        (lambda asked: asked.reply(b"not packed at all", Content_Encoding="gzip"), "broken"),
        (lambda asked: asked.reply(b"?", Content_Encoding="br"), "broken"),
        (lambda asked: asked.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "broken"),
        (lambda asked: None, "broken"),
        (lambda asked: asked.reply(b"no", status=404), "status"),
        (lambda asked: asked.reply(b"no", status=500), "status"),
    ],
)
def test_an_answer_that_would_cost_too_much_or_is_none(answer, code: str) -> None:
    with serving(answer) as url:
        begun = time.monotonic()
        tracemalloc.start()
        try:
            assert refused(url) == code
            assert tracemalloc.get_traced_memory()[1] < 10_000_000
        finally:
            tracemalloc.stop()
        assert time.monotonic() - begun < 6


@pytest.mark.usefixtures("loopback")
def test_nobody_listening_is_said_in_words() -> None:
    with serving(lambda asked: None) as url:
        pass
    assert refused(url) == "unreachable"


@pytest.mark.usefixtures("loopback")
def test_a_packed_answer_is_unpacked() -> None:
    body = b"<xml/>" * 50_000
    with serving(lambda asked: asked.reply(gzip.compress(body), Content_Encoding="gzip")) as url:
        assert fetch(url, limits=QUICK).content == body


@pytest.mark.usefixtures("loopback")
def test_a_file_is_taken_down_block_by_block_within_the_same_limits() -> None:
    with serving(lambda asked: asked.reply(b"%PDF-1.4" * 100_000, Content_Type="application/PDF; x=y")) as url:
        into = io.BytesIO()
        answer = download(url, into, limits=QUICK)
        assert (answer.media_type, len(into.getvalue())) == ("application/pdf", 800_000)
        with pytest.raises(NotFetched) as caught:
            download(url, io.BytesIO(), limits=Limits(size=1000))
        assert caught.value.code == "too_large"
    with serving(endless) as url, pytest.raises(NotFetched) as caught:
        download(url, io.BytesIO(), limits=QUICK)
    assert caught.value.code == "too_large"


# --- Manners ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("loopback")
def test_we_say_who_asks(settings) -> None:
    settings.SITE_URL = "https://portal.example"
    with serving(lambda asked: asked.reply(asked.headers["User-Agent"].encode())) as url:
        assert b"https://portal.example" in fetch(url, limits=QUICK).content


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("wait", ["0", None, "soon", "Sun, 22 Nov 2020 02:25:06 +0000"])
def test_a_busy_server_is_asked_again(status: int, wait: str | None) -> None:
    requests = []

    def busy(asked: Asked) -> None:
        requests.append(asked.path)
        headers = {"Retry_After": wait} if wait is not None else {}
        asked.reply(b"at last") if len(requests) > 2 else asked.reply(status=status, **headers)

    with serving(busy) as url:
        assert fetch(url, limits=QUICK).content == b"at last"
    assert len(requests) == 3


@pytest.mark.usefixtures("loopback")
def test_the_wait_asked_for_is_kept() -> None:
    times = []

    def busy(asked: Asked) -> None:
        times.append(time.monotonic())
        asked.reply(b"ok") if len(times) > 1 else asked.reply(status=503, Retry_After="1")

    with serving(busy) as url:
        fetch(url, limits=QUICK)
    assert times[1] - times[0] >= 1


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(("wait", "tries"), [("0", 4), ("3600", 1), ("9" * 400, 1)])
def test_patience_ends(wait: str, tries: int) -> None:
    requests = []

    def busy(asked: Asked) -> None:
        requests.append(asked.path)
        asked.reply(status=503, Retry_After=wait)

    with serving(busy) as url, pytest.raises(NotFetched) as caught:
        fetch(url, limits=QUICK)
    assert caught.value.code == "busy"
    assert caught.value.retry_after == float(wait[:9])
    assert len(requests) == tries
