"""Documents by e-mail: drafts of the sender's organisation, once, with an answer; everything else is left alone."""

import datetime
import logging
from email import policy
from email.message import EmailMessage

import pytest
from django.core import mail
from django.urls import reverse

from network.models import Role, User
from resources.mailbox import fetching, taking
from resources.models import FieldOrigin, Gathering, Letter, Resource
from tests import factories
from tests.conftest import signed_in
from tests.resources import documents
from tests.resources.mailbox.imap import Mailbox
from tests.resources.mailbox.sending import PDF, fetch, letter

pytestmark = pytest.mark.django_db


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


def test_a_letter_without_documents_is_answered(box: Mailbox, contributor: User) -> None:
    assert fetch(box, letter("ana@example.org")) == "1 taken"
    assert "ningún documento" in mail.outbox[0].body
    assert not Gathering.objects.exists()


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
