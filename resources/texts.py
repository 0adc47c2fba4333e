"""The text inside files: from the store through the reader into the pages that search knows."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import transaction
from django.db.models.fields.files import FieldFile

from resources import duplicates, scratch, search
from resources.intake import reading
from resources.intake.reading import Reading
from resources.models import File, Page, Resource

OCR_SECONDS = 300  # a scan of some 150 pages; longer ones are read as far as that


def read(file: File) -> Reading:
    """Read a stored file whole, scans by OCR where it is installed. Never raises for a bad document."""
    with local_copy(file.content) as path:
        return reading.read(path, file.format, ocr_seconds=OCR_SECONDS)


def record(file: File, found: Reading) -> None:
    """Keep the text of every page, and say how the reading went. Doing it twice leaves the same rows."""
    with transaction.atomic():
        if not File.objects.select_for_update().filter(pk=file.pk).exists():
            return  # taken off the work while it was being read
        file.texts.all().delete()
        Page.objects.bulk_create(
            [Page(file=file, number=n, text=text) for n, text in enumerate(found.pages, 1) if text.strip()],
            batch_size=200,
        )
        file.state = File.State(found.state.value)
        file.pages = found.page_count or file.pages
        if not file.thumbnail:
            set_thumbnail(file, found.thumbnail)
        file.save(update_fields=["state", "pages", "thumbnail"])
        duplicates.remember(Resource.objects.get(pk=file.resource_id))
        search.index([file.resource_id])


def set_thumbnail(file: File, picture: bytes | None) -> None:
    """Keep the picture of the first page; the row itself is the caller's to save."""
    if picture:
        file.thumbnail.save("thumbnail", ContentFile(picture), save=False)


@contextmanager
def local_copy(content: FieldFile) -> Iterator[Path]:
    """The stored bytes as a file on this machine: the file itself, or a copy of what lies in an object store."""
    if isinstance(content.storage, FileSystemStorage):
        yield Path(content.path)
        return
    with scratch.file("stored") as copy, content.open("rb") as source:
        shutil.copyfileobj(source, copy)
        copy.flush()
        yield Path(copy.name)
