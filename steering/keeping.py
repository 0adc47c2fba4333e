"""Approved minutes kept as files, and found again by their fingerprint."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from network.models import User
from portal.core import audit
from portal.core.refused import Refused
from resources.intake import kinds
from steering.models import Body, Minutes, MinutesFile, MinutesTemplate
from steering.printing.pdf import print_pdf
from steering.printing.printable import audiences_for, printable
from steering.printing.word import BrokenTemplate, print_word
from steering.printing.word_template import shipped_template
from steering.record import Verb

Format = MinutesFile.Format
LANGUAGES = ("es", "en")
HASH = re.compile(r"[0-9a-f]{64}")


# --- Files of minutes ------------------------------------------------------------------------------------------------


def keep_files(record: Minutes) -> int:
    """Make the files of approved minutes that are not there yet; returns how many. Twice is harmless."""
    if record.state != Minutes.State.APPROVED:
        return 0
    there = set(record.files.values_list("audience", "language", "format"))
    made = 0
    for audience in audiences_for(record):
        for language in LANGUAGES:
            for format in Format.values:
                if (audience, language, format) not in there:
                    made += _keep(record, audience, language, format)
    return made


def _keep(record: Minutes, audience: str, language: str, format: str) -> bool:
    """Print one and store it. Of two workers at once one stores and the other leaves no bytes behind."""
    content = _printed(record, audience, language, format)
    row = MinutesFile(minutes=record, audience=audience, language=language, format=format)
    row.size, row.sha256 = len(content), hashlib.sha256(content).hexdigest()
    row.content.save("", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        row.content.storage.delete(row.content.name)
        return False
    return True


def _printed(record: Minutes, audience: str, language: str, format: str) -> bytes:
    values = printable(record, audience=audience, language=language)
    if format == Format.PDF:
        return print_pdf(values)
    brought = MinutesTemplate.objects.in_use(record.meeting.body, language)
    if brought is None:
        return print_word(values, BytesIO(shipped_template(language)))
    with brought.content.open("rb") as template:
        return print_word(values, template)


def lacking() -> Iterator[Minutes]:
    """Approved minutes that lack a file of some language or format: a worker was stopped, or a template failed."""
    whole = len(LANGUAGES) * len(Format.values)
    counted = Minutes.objects.approved().annotate(kept=Count("files")).filter(kept__lt=whole)
    yield from counted.select_related("meeting__body", "approved_in__body")


# --- Found again -----------------------------------------------------------------------------------------------------


def fingerprint(chunks: Iterable[bytes]) -> str:
    """SHA-256 of a file, read piece by piece."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def cleaned(said: str) -> str:
    """A fingerprint as people paste it, with spaces and capitals; "" for what is none."""
    text = re.sub(r"[\s:-]", "", said).lower().removeprefix("sha256")
    return text if HASH.fullmatch(text) else ""


def find(sha256: str) -> MinutesFile | None:
    """The file of minutes with these very bytes, whoever may read it."""
    found = MinutesFile.objects.filter(sha256=sha256).select_related("minutes__meeting__body").order_by("pk")
    return found.first()


# --- The secretariat's template --------------------------------------------------------------------------------------


def try_out(upload: UploadedFile, *, body: Body, language: str) -> str:
    """
    Can minutes be written in this document? Returns its name, or raises `Refused` with what is wrong in it.

    It is filled in with the body's last approved minutes or, where there are none, with an empty record.
    """
    name = kinds.clean_name(upload.name)
    try:
        if kinds.identify(upload.file, name).name != "docx":
            raise Refused(_("Bring a Word document (.docx)."))
        upload.seek(0)
        print_word(_specimen(body, language), BytesIO(upload.read()))
    except kinds.Refused as refused:
        raise Refused(refused.message) from refused
    except BrokenTemplate as broken:
        raise Refused(_("The template can't be filled in: %(problem)s") % {"problem": broken}) from broken
    upload.seek(0)
    return name


@transaction.atomic
def bring_template(row: MinutesTemplate, *, by: User | None) -> None:
    """Use its document for the minutes approved from now on. Raises `Refused`."""
    row.name = try_out(row.content.file, body=row.body, language=row.language)
    row.save(force_insert=True)
    audit.record(Verb.TEMPLATE_BROUGHT, row, by=by)


def _specimen(body: Body, language: str) -> dict[str, object]:
    last = Minutes.objects.approved().filter(meeting__body=body).select_related("meeting__body", "approved_in__body")
    if (record := last.order_by("-approved_at").first()) is not None:
        return printable(record, audience=record.visibility, language=language)
    line = {"name": "A", "organisation": "B", "capacity": "C", "status": "D"}
    decision = {"heading": "D1", "text": "T", "how": "H", "dissent": ""}
    action = {"code": "A1", "text": "T", "organisation": "O", "due": "1"}
    item = {"position": 1, "title": "T", "kind": "K", "text": "T", "decisions": [decision], "actions": [action]}
    names = [
        "heading",
        "code",
        "body",
        "title",
        "when",
        "timezone",
        "where",
        "quorum",
        "revision",
        "approval",
        "sha256",
    ]
    empty = dict.fromkeys([*names, "verify_at"], "X")
    return {"language": language, **empty, "present": [line], "absent": [line], "items": [item]}
