"""Documents by e-mail: drafts of the sender's organisation, once, with an answer; everything else is left alone."""

import datetime
import io
import ipaddress
import logging
import os
import ssl
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from io import StringIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from network.models import Role, User
from portal.core import locks
from resources import tasks
from resources.mailbox import fetching, reading, taking
from resources.models import FieldOrigin, File, Gathering, Letter, Resource
from tests import factories
from tests.conftest import signed_in
from tests.resources import documents
from tests.resources.imap import Mailbox, mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings) -> Iterator[Mailbox]:
    with mailbox() as server:
        settings.MAIL_IN_URL = server.url
        yield server


def letter(sender: str = "ana@example.org", *files: tuple[str, bytes], **headers: str) -> EmailMessage:
    """As a mail program writes it; headers by name with `_` for `-`."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = f"Ana <{sender}>"
    given = {"To": "documentos@example.org", "Subject": "Un informe", "Message_ID": "<1@example.org>", **headers}
    text = given.pop("text", "Hola, va un informe. Saludos.")
    for name, value in given.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message


def fetch(box: Mailbox, *letters: EmailMessage | bytes) -> str:
    """Put letters into the mailbox and run the command; gives what it says."""
    box.letters += [one if isinstance(one, bytes) else one.as_bytes() for one in letters]
    out = StringIO()
    call_command("fetch_mail", stdout=out)
    return out.getvalue().strip()


PDF = ("informe.pdf", documents.pdf("Salud en la ruta migratoria"))


def test_an_attachment_becomes_a_draft_and_the_sender_is_told(box: Mailbox, contributor: User, oim) -> None:
    assert fetch(box, letter("ana@example.org", PDF)) == "1 taken"
    work = Resource.objects.get()
    assert (work.status, work.organisation, work.created_by) == ("draft", oim, contributor)
    assert work.title_es == "Salud en la ruta migratoria"
    (answer,) = mail.outbox
    page = reverse("resources:gathering_files", args=[Gathering.objects.get().pk])
    assert answer.to == ["ana@example.org"]
    assert "Salud en la ruta migratoria (informe.pdf)" in answer.body
    assert page in answer.body
    assert "Salud en la ruta migratoria" in signed_in(contributor).get(page).text
    assert box.seen == {1}


def test_the_answer_is_in_the_language_of_the_reader(box: Mailbox, contributor: User, oim) -> None:
    User.objects.update(language="en")
    fetch(box, letter("ana@example.org", PDF, ("virus.exe", b"MZ\x90\x00")))
    assert "is a draft now" in mail.outbox[0].subject
    assert "virus.exe: This type of file is not accepted" in mail.outbox[0].body


def test_a_letter_is_taken_once(box: Mailbox, contributor: User) -> None:
    fetch(box, letter("ana@example.org", PDF))
    box.seen.clear()
    assert fetch(box) == "1 again"
    assert fetch(box, b"Received: elsewhere\r\n" + box.letters[0]) == "1 again"
    assert Resource.objects.count() == len(mail.outbox) == 1


def test_another_letter_with_the_same_file_makes_no_twin(box: Mailbox, contributor: User) -> None:
    fetch(box, letter("ana@example.org", PDF), letter("ana@example.org", PDF, Message_ID="<2@example.org>"))
    assert Resource.objects.count() == 1
    assert "ya está en la biblioteca" in mail.outbox[1].body


class Killed(BaseException):
    """As kill -9: nothing catches it."""


@pytest.mark.parametrize("moment", ["begun", "first file", "all files", "answered", "not marked"])
def test_a_kill_at_any_moment_neither_loses_nor_doubles(
    box: Mailbox, contributor: User, monkeypatch, moment: str
) -> None:
    def die(*args: object, **kwargs: object) -> None:
        raise Killed

    def die_at_the_second(*args: object, **kwargs: object) -> None:
        calls.append(1)
        return die() if len(calls) > 1 else take_part(*args, **kwargs)

    calls, take_part = [], taking._take_part
    with monkeypatch.context() as patch:
        match moment:
            case "begun":
                patch.setattr(taking, "_take_part", die)
            case "first file":
                patch.setattr(taking, "_take_part", die_at_the_second)
            case "all files":
                patch.setattr(taking, "_answer", die)
            case "answered":
                patch.setattr(taking.mail, "send", die)
            case "not marked":
                patch.setattr(taking, "take", lambda *given, take=taking.take, **more: die(take(*given, **more)))
        with pytest.raises(Killed):
            fetch(box, letter("ana@example.org", PDF, ("guia.docx", documents.docx("Guía de albergues"))))
    fetch(box)
    assert sorted(Resource.objects.values_list("title_es", flat=True)) == [
        "Guía de albergues",
        "Salud en la ruta migratoria",
    ]
    assert Letter.objects.count() == Gathering.objects.count() == len(mail.outbox) == 1
    assert box.seen == {1}


def test_a_letter_that_always_fails_is_left_and_holds_up_no_other(
    box: Mailbox, contributor: User, monkeypatch, caplog
) -> None:
    take = taking._take_part

    def fail(gathering, part, sender) -> None:
        if part.name == "malo.pdf":
            raise RuntimeError
        take(gathering, part, sender)

    monkeypatch.setattr(taking, "_take_part", fail)
    bad = letter("ana@example.org", ("malo.pdf", b"%PDF-x"), Message_ID="<2@example.org>")
    assert fetch(box, bad, letter("ana@example.org", PDF)) == "1 failed, 1 taken"
    assert [fetch(box) for _more in range(4)] == ["1 failed", "1 failed", "1 failed", "nothing new"]
    assert box.seen == {1, 2}
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<lista.example.org>"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_machines_get_no_answer(box: Mailbox, contributor: User, headers: dict) -> None:
    assert fetch(box, letter("ana@example.org", PDF, **headers)) == "1 by_machine"
    assert not mail.outbox
    assert not Resource.objects.exists()
    assert box.seen == {1}


def test_a_bounce_and_our_own_letters_get_no_answer(box: Mailbox, contributor: User, settings) -> None:
    bounce = EmailMessage(policy=policy.SMTP)
    bounce["From"] = "ana@example.org"
    bounce["Content-Type"] = 'multipart/report; report-type=delivery-status; boundary="x"'
    bounce.set_payload("--x\r\n\r\nx\r\n--x--\r\n")
    settings.DEFAULT_FROM_EMAIL = "ana@example.org"
    assert fetch(box, bounce, letter("ANA@example.org", PDF)) == "2 by_machine"
    assert not mail.outbox


def test_a_person_may_say_no_to_auto_submitted(box: Mailbox, contributor: User) -> None:
    assert fetch(box, letter("ana@example.org", PDF, Auto_Submitted="no")) == "1 taken"


@pytest.mark.parametrize("who", ["nobody", "committee", "inactive", "past", "two senders", "no sender"])
def test_others_get_no_answer_and_one_line_without_their_address(
    box: Mailbox, oim, insp, who: str, caplog, settings
) -> None:
    today = datetime.datetime.now(tz=datetime.UTC).date()
    kind = "committee" if who == "committee" else "contributor"
    if who != "nobody":
        user = factories.user("x@example.org", kind, oim, is_active=who != "inactive")
        if who == "past":
            before = today - datetime.timedelta(days=5)
            Role.objects.filter(user=user).update(since=before, until=before)
    message = letter("x@example.org", PDF)
    if who == "two senders":
        message.replace_header("From", "x@example.org, y@example.org")
    if who == "no sender":
        del message["From"]
    with caplog.at_level(logging.INFO):
        assert fetch(box, message) == "1 unknown"
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("resources.mailbox")]
    assert len(ours) == 1
    assert "x@example.org" not in caplog.text
    assert not mail.outbox
    assert not Resource.objects.exists()
    assert not Letter.objects.exists()
    assert box.seen == {1}


def parts(name: str) -> tuple[EmailMessage, str]:
    """A letter with one part that is no document, and a word of the reason it gets."""
    message = letter("ana@example.org", PDF)
    match name:
        case "letter inside":
            message.add_attachment(letter("otra@example.org", ("dentro.pdf", documents.pdf("Otro"))))
            return message, "Un correo dentro del correo"
        case "winmail":
            message.add_attachment(b"x\x9f>\x22", maintype="application", subtype="ms-tnef", filename="winmail.dat")
            return message, "Outlook"
        case "zip":
            packed = io.BytesIO()
            zipfile.ZipFile(packed, "w").writestr("dentro.pdf", documents.pdf("Otro"))
            message.add_attachment(packed.getvalue(), maintype="application", subtype="zip", filename="todo.zip")
            return message, "comprimida"
        case "logo":
            message.add_attachment(documents.png(), maintype="image", subtype="png", filename="logo.png", cid="<1@x>")
            message.get_payload()[-1].replace_header("Content-Disposition", 'inline; filename="logo.png"')
            return message, "dentro del texto"
        case "encrypted":
            message.add_attachment(b"x", maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
            return message, "cifrado"
        case _:
            message.add_attachment(b"MZ\x90\x00", maintype="application", subtype="x-dosexec", filename="a.exe")
            return message, "no se acepta"


@pytest.mark.parametrize("name", ["letter inside", "winmail", "zip", "logo", "encrypted", "program"])
def test_what_is_no_document_is_named_with_its_reason(box: Mailbox, contributor: User, name: str) -> None:
    message, reason = parts(name)
    assert fetch(box, message) == "1 taken"
    assert Resource.objects.count() == 1
    left = mail.outbox[0].body.partition("No se tom")[2]
    assert reason in left
    page = signed_in(contributor).get(reverse("resources:gathering_files", args=[Gathering.objects.get().pk]))
    assert reason in page.text


def test_signatures_and_invitations_are_not_worth_a_word(box: Mailbox, contributor: User) -> None:
    message = letter("ana@example.org", PDF)
    message.add_attachment(b"x", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    fetch(box, message)
    assert "smime" not in mail.outbox[0].body


def test_a_letter_without_documents_is_answered(box: Mailbox, contributor: User) -> None:
    assert fetch(box, letter("ana@example.org")) == "1 taken"
    assert "ningún documento" in mail.outbox[0].body
    assert not Gathering.objects.exists()


def test_too_many_documents(box: Mailbox, contributor: User, monkeypatch) -> None:
    monkeypatch.setattr(reading, "MOST_DOCUMENTS", 1)
    files = [(f"nota-{n}.txt", f"Nota {n}\n\n{documents.PARAGRAPH}".encode()) for n in range(3)]
    fetch(box, letter("ana@example.org", *files))
    assert Resource.objects.count() == 1
    assert mail.outbox[0].body.count("Un correo puede traer") == 2


def test_a_huge_letter_is_not_even_fetched(box: Mailbox, contributor: User, monkeypatch) -> None:
    monkeypatch.setattr(fetching, "MOST_BYTES", 1000)
    fetch(box, letter("ana@example.org", PDF))
    assert "40 MB" in mail.outbox[0].body
    assert not Resource.objects.exists()
    assert not [said for said in box.said if "BODY.PEEK[]" in said]
    assert box.seen == {1}


def test_an_address_cannot_be_used_to_fill_the_library(box: Mailbox, contributor: User, monkeypatch) -> None:
    monkeypatch.setattr(taking, "MOST_A_DAY", 2)
    fetch(box, *(letter("ana@example.org", Message_ID=f"<{n}@x>") for n in range(5)))
    assert [("mañana" in answer.body) for answer in mail.outbox] == [False, False, True]
    assert box.seen == {1, 2, 3, 4, 5}


def test_the_organisation_is_named_or_the_first(box: Mailbox, contributor: User, insp, oim) -> None:
    Role.objects.create(user=contributor, kind="manager", organisation=insp)
    made = [
        letter("ana@example.org", ("1.pdf", documents.pdf("Uno de tres")), Message_ID="<1@x>"),
        letter(
            "ana@example.org",
            ("2.pdf", documents.pdf("Dos de tres")),
            Message_ID="<2@x>",
            To="documentos+insp@example.org",
        ),
        letter("ana@example.org", ("3.pdf", documents.pdf("Tres de tres")), Message_ID="<3@x>", Subject="Para INSP"),
    ]
    fetch(box, *made)
    by_title = dict(Resource.objects.values_list("title_es", "organisation__slug"))
    first = contributor.organisations[0]
    assert by_title == {"Uno de tres": first.slug, "Dos de tres": "insp", "Tres de tres": "insp"}
    assert "varias organizaciones" in mail.outbox[0].body
    assert not any("varias organizaciones" in answer.body for answer in mail.outbox[1:])


def test_another_organisation_cannot_be_named(box: Mailbox, contributor: User, insp, oim) -> None:
    fetch(box, letter("ana@example.org", PDF, Subject="Para INSP", To="documentos+insp@example.org"))
    assert Resource.objects.get().organisation == oim


def test_what_only_the_letter_says_is_unsure(box: Mailbox, contributor: User) -> None:
    text = "Va el escaneo. Está en https://doi.org/10.2471/BLT.07.046979. Saludos"
    scan = ("scan0001.png", documents.png())
    fetch(box, letter("ana@example.org", scan, Subject="RV: [INSP] Salud en los albergues", text=text))
    work = Resource.objects.get()
    assert (work.title_es, work.doi, work.status) == ("Salud en los albergues", "10.2471/blt.07.046979", "draft")
    origins = FieldOrigin.objects.filter(resource=work, origin="mail")
    assert {origin.field for origin in origins} == {"title_es", "doi"}
    assert all(origin.is_unsure for origin in origins)


def test_what_the_document_says_stays(box: Mailbox, contributor: User) -> None:
    fetch(box, letter("ana@example.org", PDF, Subject="Otra cosa muy distinta"))
    assert Resource.objects.get().title_es == "Salud en la ruta migratoria"


def test_names_of_files_are_read_whatever_their_encoding(box: Mailbox, contributor: User) -> None:
    message = letter("ana@example.org", ("Informe año 2020 ñandú.pdf", PDF[1]))
    old = letter("ana@example.org", ("x.txt", b"Nota\n\n" + documents.PARAGRAPH.encode()), Message_ID="<2@x>")
    raw = old.as_bytes().replace(b'filename="x.txt"', b'filename="=?iso-8859-1?Q?a=F1o.txt?="')
    fetch(box, message, raw)
    assert set(File.objects.values_list("name", flat=True)) == {"Informe año 2020 ñandú.pdf", "año.txt"}


NASTY = {
    "nothing": b"",
    "no headers": b"\x00\xff\xfe" * 50,
    "broken boundary": b"From: ana@example.org\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--\r\nx",
    "bad charset": b"From: ana@example.org\r\nContent-Type: text/plain; charset=klingon\r\n\r\nx",
    "bad base64": (
        b'From: ana@example.org\r\nContent-Type: application/pdf; name="a.pdf"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!!"
    ),
    "headers of rubbish": (
        b"From: ana@example.org\r\nSubject: =?utf-8?B?gg?=\r\nTo: \xff<\x00@@,;:\r\nMessage-ID: <\r\n\r\nx"
    ),
    "name of rubbish": (
        b"From: ana@example.org\r\nContent-Type: application/pdf\r\n"
        b"Content-Disposition: attachment; filename*=x'y'%ZZ; filename*1*=\r\n\r\nx"
    ),
    "deep": b"From: ana@example.org\r\n"
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)),
    "many": b"From: ana@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5000,
}


@pytest.mark.parametrize("name", NASTY)
def test_a_broken_letter_stops_nothing(box: Mailbox, contributor: User, name: str) -> None:
    assert "taken" in fetch(box, NASTY[name], letter("ana@example.org"))
    assert "Un informe" in mail.outbox[-1].body
    assert box.seen == {1, 2}


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
