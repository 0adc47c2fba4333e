"""What is inside a letter: documents, what is none and why, and rubbish that stops nothing."""

import io
import zipfile
from email.message import EmailMessage

import pytest
from django.core import mail
from django.urls import reverse

from network.models import User
from resources.mailbox import reading
from resources.models import File, Gathering, Resource
from tests.conftest import signed_in
from tests.resources import documents
from tests.resources.mailbox.imap import Mailbox
from tests.resources.mailbox.sending import PDF, fetch, letter

pytestmark = pytest.mark.django_db


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


def test_too_many_documents(box: Mailbox, contributor: User, monkeypatch) -> None:
    monkeypatch.setattr(reading, "MOST_DOCUMENTS", 1)
    files = [(f"nota-{n}.txt", f"Nota {n}\n\n{documents.PARAGRAPH}".encode()) for n in range(3)]
    fetch(box, letter("ana@example.org", *files))
    assert Resource.objects.count() == 1
    assert mail.outbox[0].body.count("Un correo puede traer") == 2


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
