"""Approved minutes as files: tagged PDF and Word in both languages, kept with their fingerprint and found by it."""

import hashlib
import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from docx import Document
from pypdf import PdfReader

from network.models import User
from portal.core.models import AuditEntry
from steering import keeping, tasks
from steering.models import Body, Minutes, MinutesFile, MinutesTemplate
from steering.printing.printable import printable
from steering.printing.word_template import shipped_template
from tests.conftest import signed_in
from tests.steering import room

pytestmark = pytest.mark.django_db
VERIFY = "/es/comite/verificar/"


@pytest.fixture
def record() -> Minutes:
    """Public, with a reserved item that the committee alone may read; its files are not made yet."""
    body = room.committee()
    for _ in range(3):
        room.filled(body)
    meeting = room.convened(body, day="2026-03-03", url="https://video.example/secreto")
    meeting.items.update(kind="decision", visibility="public", title_es="Plan 2027", title_en="Plan 2027")
    room.item(meeting, title_es="Un asunto reservado")
    room.held(meeting, 2)
    room.decision(meeting, visibility="public", text_es="Se aprueba el plan <2027>.", text_en="")
    return room.approved_minutes(meeting, visibility="public")


def content_of(file: MinutesFile) -> bytes:
    with file.content.open("rb") as kept:
        return kept.read()


def text_of_pdf(file: MinutesFile) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(content_of(file))).pages)


def text_of_word(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def file_of(record: Minutes, language: str = "es", format: str = "pdf", audience: str = "public") -> MinutesFile:
    return record.files.get(language=language, format=format, audience=audience)


# --- Made and kept ---------------------------------------------------------------------------------------------------


def test_approval_leads_to_a_tagged_pdf_and_a_word_file_in_both_languages(record: Minutes) -> None:
    assert tasks.keep_minutes.call(record.pk) == 8  # for the public and for the committee
    assert tasks.keep_minutes.call(record.pk) == 0
    pdf = PdfReader(BytesIO(content_of(file_of(record))))
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in pdf.root_object
    assert pdf.root_object["/Lang"] == "es"
    assert pdf.metadata.title == f"Acta {record.meeting.code} · Comité Directivo"
    assert pdf.xmp_metadata is not None
    said = text_of_pdf(file_of(record))
    for words in ("Se aprueba el plan <2027>.", "2026-01/D1", "Presentes", record.sha256, "/es/comite/verificar/"):
        assert words in said
    english = text_of_word(content_of(file_of(record, "en", "docx")))
    assert "Minutes 2026-01" in english
    assert "Se aprueba el plan <2027>. [Spanish]" in english


def test_what_is_reserved_is_in_the_committee_s_file_alone(record: Minutes) -> None:
    keeping.keep_files(record)
    for format, read in (("pdf", text_of_pdf), ("docx", lambda file: text_of_word(content_of(file)))):
        public, committee = (file_of(record, "es", format, audience) for audience in ("public", "committee"))
        assert "Un asunto reservado" in read(committee)
        assert "Un asunto reservado" not in read(public)
        assert "Punto reservado" in read(public)
        assert "secreto" not in read(committee)  # the address of the call


def test_alternates_are_absent_only_where_nobody_came(record: Minutes) -> None:
    lines = record.content["attendance"]
    absent = printable(record, audience="public", language="es")["absent"]
    came = {line["organisation"] for line in lines if line["status"] == "in_person"}
    assert len(absent) == 2  # the titular and the alternate of the third seat
    assert not came & {line["organisation"] for line in absent}


def test_a_word_file_names_nobody_who_made_it(record: Minutes) -> None:
    keeping.keep_files(record)
    with zipfile.ZipFile(BytesIO(content_of(file_of(record, "es", "docx")))) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "<dc:creator></dc:creator>" in core or "<dc:creator/>" in core


def test_kept_files_stay_as_they_are(record: Minutes) -> None:
    keeping.keep_files(record)
    file = file_of(record)
    assert hashlib.sha256(content_of(file)).hexdigest() == file.sha256
    with pytest.raises(IntegrityError), transaction.atomic():
        MinutesFile.objects.filter(pk=file.pk).update(sha256="0" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        file.delete()


def test_what_a_stopped_worker_left_is_made_at_night(record: Minutes) -> None:
    keeping.keep_files(record)
    assert tasks.keep_what_lacks.call() == 0
    again = room.approved_minutes(room.held(room.convened(record.meeting.body, day="2026-04-03"), 2))
    assert tasks.keep_what_lacks.call() == 4
    assert {file.audience for file in again.files.all()} == {"committee"}


# --- Handed out ------------------------------------------------------------------------------------------------------


def test_everybody_is_offered_the_file_made_for_them(client: Client, committee_member: User, record: Minutes) -> None:
    keeping.keep_files(record)
    for reader, audience in ((client, "public"), (signed_in(committee_member), "committee")):
        page = reader.get(record.get_absolute_url()).text
        for file in record.files.all():
            assert (file.get_absolute_url() in page) is (file.audience == audience)
    public, committee = file_of(record), file_of(record, audience="committee")
    answer = client.get(public.get_absolute_url())
    assert answer.headers["Content-Disposition"] == 'attachment; filename="acta-2026-01.pdf"'
    assert hashlib.sha256(answer.getvalue()).hexdigest() == public.sha256
    assert client.get(committee.get_absolute_url()).status_code == 404
    member = signed_in(committee_member).get(committee.get_absolute_url())
    assert "no-store" in member.headers["Cache-Control"]
    assert member.getvalue() == content_of(committee)
    assert client.get(f"/es/comite/archivos/{public.pk}/otro.pdf").url == public.get_absolute_url()


# --- Verified --------------------------------------------------------------------------------------------------------


def test_a_file_is_told_to_be_the_one_on_record_or_not(client: Client, record: Minutes) -> None:
    keeping.keep_files(record)
    content = content_of(file_of(record))
    same = client.post(VERIFY, {"file": SimpleUploadedFile("x.pdf", content)}).text
    assert "Es el archivo que consta en el registro, sin cambios." in same
    assert record.get_absolute_url() in same
    other = client.post(VERIFY, {"file": SimpleUploadedFile("x.pdf", content + b" ")}).text
    assert "No es ninguno de los archivos registrados." in other


def test_a_fingerprint_is_enough_however_it_was_pasted(client: Client, record: Minutes) -> None:
    keeping.keep_files(record)
    sha256 = file_of(record).sha256
    spelled = f"SHA-256: {sha256[:32].upper()} {sha256[32:]}"
    assert "Es el archivo que consta en el registro" in client.get(VERIFY, {"sha256": spelled}).text
    assert "No es ninguno" in client.post(VERIFY, {"sha256": "0" * 64}).text
    for said in ("nada", "<b>", "0" * 63, "g" * 64, "\x00"):
        answer = client.post(VERIFY, {"sha256": said})
        assert answer.status_code == 422
        assert "64 caracteres" in answer.text


def test_whoever_holds_a_reserved_file_learns_only_that_it_is_true(client: Client, record: Minutes) -> None:
    keeping.keep_files(record)
    said = client.get(VERIFY, {"sha256": file_of(record, audience="committee").sha256}).text
    assert "Es el archivo que consta en el registro" in said
    assert record.meeting.code not in said
    assert "no es pública" in said


# --- The secretariat's template --------------------------------------------------------------------------------------


@pytest.fixture
def desk(secretary: User) -> Client:
    return signed_in(secretary)


def bring(desk: Client, body: Body, content: bytes, name: str = "plantilla.docx") -> object:
    upload = SimpleUploadedFile(name, content)
    return desk.post(
        "/admin/steering/minutestemplate/add/", {"body": body.pk, "language": "es", "content": upload}, follow=True
    )


def with_words(words: str) -> bytes:
    document = Document(BytesIO(shipped_template("es")))
    document.add_paragraph(words)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def test_minutes_are_written_in_the_secretariat_s_template(desk: Client, record: Minutes) -> None:
    body = record.meeting.body
    shipped = desk.get("/admin/steering/minutestemplate/shipped/es/")
    assert "{{ heading }}" in text_of_word(shipped.getvalue())
    bring(desk, body, with_words("Membrete del Comité · {{ code }}"))
    row = MinutesTemplate.objects.get()
    assert AuditEntry.objects.about(row).get().verb == "template-brought"
    keeping.keep_files(record)
    assert "Membrete del Comité · 2026-01" in text_of_word(content_of(file_of(record, "es", "docx")))
    assert "Membrete" not in text_of_word(content_of(file_of(record, "en", "docx")))
    page = f"/admin/steering/minutestemplate/{row.pk}/change/"
    assert desk.post(page, {"language": "en"}).status_code == 403


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("{{ titulo }}", "titulo"),
        ("{%p for item in items %}", "No se puede llenar la plantilla"),
        ("{{ ''.__class__.__mro__ }}", "No se puede llenar la plantilla"),
    ],
)
def test_a_template_that_can_t_be_filled_in_is_refused_in_words(desk, record: Minutes, words: str, told: str) -> None:
    answer = bring(desk, record.meeting.body, with_words(words))
    assert told in answer.text
    assert not MinutesTemplate.objects.exists()


def test_what_is_no_word_document_is_refused(desk: Client) -> None:
    body = room.committee()
    assert "vacío" in bring(desk, body, b"").text
    assert "Traiga un documento de Word" in bring(desk, body, b"%PDF-1.4\n%%EOF", "plantilla.pdf").text
    assert not MinutesTemplate.objects.exists()
    bring(desk, body, with_words("{{ code }}"))
    assert MinutesTemplate.objects.exists()  # tried out although there are no minutes yet
