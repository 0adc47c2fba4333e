"""The way to the mailbox: where it is, who vouches for it, and one at a time."""

import datetime
import ipaddress
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command
from django.db import connection

from network.models import User
from portal.core import locks
from resources import tasks
from tests.resources.mailbox.imap import Mailbox, mailbox
from tests.resources.mailbox.sending import PDF, fetch, letter

pytestmark = pytest.mark.django_db


def test_without_a_mailbox(settings) -> None:
    settings.MAIL_IN_URL = ""
    with pytest.raises(CommandError, match="MAIL_IN_URL"):
        call_command("fetch_mail")


@pytest.mark.parametrize("wrong", ["password", "port", "folder"])
def test_a_mailbox_out_of_reach_is_said_without_its_password(box: Mailbox, settings, wrong: str, caplog) -> None:
    url = box.url.replace("/INBOX", "/Nada") if wrong == "folder" else box.url
    url = url.replace("espacio", "otro") if wrong == "password" else url
    settings.MAIL_IN_URL = url.replace(str(box.server_address[1]), "1") if wrong == "port" else url
    with pytest.raises(CommandError, match="could not be read") as raised:
        call_command("fetch_mail")
    assert "secreto" not in str(raised.value)
    assert tasks.fetch_mail.call() == "not reached"
    assert "secreto" not in caplog.text


@contextmanager
def held_elsewhere(name: str) -> Iterator[None]:
    """The lock in the hands of another connection: PostgreSQL gives it twice to the same one."""
    with ThreadPoolExecutor(1) as other:
        lock = locks.held(name)
        other.submit(lock.__enter__).result()
        try:
            yield
        finally:
            other.submit(lock.__exit__, None, None, None).result()
            other.submit(lambda: connection.close()).result()


def test_two_do_not_fetch_at_once(box: Mailbox, contributor: User) -> None:
    with held_elsewhere("mailbox"):
        with pytest.raises(CommandError, match="Another"):
            fetch(box, letter("ana@example.org", PDF))
        assert tasks.fetch_mail.call() == "busy"
    assert tasks.fetch_mail.call() == "1 taken"


def certificate(folder: Path) -> Path:
    """Made for this test, for the loopback address, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(tz=datetime.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - datetime.timedelta(days=1))
    made = made.not_valid_after(now + datetime.timedelta(days=1))
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = made.add_extension(alternative, critical=False).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "mail.pem"
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_certificate_nobody_vouches_for_is_refused(settings, contributor: User, tmp_path, monkeypatch) -> None:
    path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with mailbox(context) as server:
        settings.MAIL_IN_URL = server.url
        with pytest.raises(CommandError, match="CERTIFICATE_VERIFY_FAILED"):
            fetch(server, letter("ana@example.org", PDF))
        assert not server.said  # the password was not sent
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        assert fetch(server) == "1 taken"


def settings_with(**environment: str) -> subprocess.CompletedProcess[str]:
    code = "from portal import settings; print(settings.TASKS['default']['OPTIONS']['SCHEDULES'].get('mail'))"
    given = {**os.environ, "MAIL_IN_URL": "", **environment}
    return subprocess.run([sys.executable, "-c", code], env=given, capture_output=True, text=True)


def test_the_worker_looks_only_where_there_is_a_mailbox() -> None:
    assert settings_with().stdout == "None\n"
    assert "resources.tasks.fetch_mail" in settings_with(MAIL_IN_URL="imaps://a:b@example.org/INBOX").stdout


def test_a_server_sends_no_password_in_the_open() -> None:
    server = {"DEBUG": "false", "SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "example.org"}
    refused = settings_with(MAIL_IN_URL="imap://a:b@example.org/INBOX", **server)
    assert refused.returncode != 0
    assert "imaps://" in refused.stderr
