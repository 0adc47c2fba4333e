"""Files handed in: they come as drafts or as further editions of a work, once, and go with their bytes."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.core.files.base import File as DjangoFile
from django.db import IntegrityError, transaction

from network.models import Organisation, User
from portal.core import languages
from resources import checking, drafting, record, scratch, search, tasks, texts, watching
from resources.intake import kinds, reading
from resources.intake.reading import Reading
from resources.models import File, Resource

FIRST_PAGES = 5
"""What a form is filled from; the rest of the file is read in the background."""


class AlreadyHere(Exception):
    """The library already holds this very file; `file` is the one it holds."""

    def __init__(self, file: File) -> None:
        super().__init__(file.sha256)
        self.file = file


@dataclass
class Handed:
    """A file somebody handed in, on disk, with what was found out about it."""

    path: Path
    name: str
    kind: kinds.Kind
    size: int
    sha256: str


def receive(
    upload: DjangoFile,
    *,
    name: str,
    organisation: Organisation,
    by: User | None,
    language: str = "",
    whole: bool = False,
    then: Callable[[File], None] | None = None,
) -> File:
    """
    Take a file in as a draft of its own, filled from what the file says of itself.

    What `then` writes comes with it or not at all.
    With `whole` the text is read now; otherwise a background task reads it after commit.
    Raises `kinds.Refused` for a file the library does not take, `AlreadyHere` for one it holds.
    """
    with handed(upload, name) as file:
        found = _read(file, whole=whole)
        with _kept(file) as content, transaction.atomic():
            resource = _draft_from(found, file=file, organisation=organisation, by=by, language=language)
            added = _add_file(resource, file, content, found, language=language, whole=whole)
            if then:
                then(added)
            return added


def attach(
    resource: Resource,
    upload: DjangoFile,
    *,
    name: str,
    language: str,
    by: User | None,
    whole: bool = False,
    then: Callable[[File], None] | None = None,
) -> File:
    """Add another edition (another language, a data annex) to a work. Options and errors as for `receive`."""
    with handed(upload, name) as file:
        found = _read(file, whole=whole)
        with _kept(file) as content, watching.watched([resource.pk], by=by):
            added = _add_file(resource, file, content, found, language=language, whole=whole)
            resource.save(update_fields=["updated_at"])
            if then:
                then(added)
            return added


def _read(file: Handed, *, whole: bool) -> Reading:
    """All of it, or what a form is filled from, within the time somebody waits for a page."""
    if whole:
        return reading.read(file.path, file.kind)
    return reading.read(file.path, file.kind, first_pages=FIRST_PAGES, seconds=10)


def remove(file: File, *, by: User | None) -> None:
    """Take one edition off a work; its bytes go when the row is gone for good."""
    with watching.watched([file.resource_id], by=by):
        _take_off(file)


def _take_off(file: File) -> None:
    resource = file.resource
    forget_bytes(file)
    file.delete()
    resource.save(update_fields=["updated_at"])
    search.index([resource.pk])


def clean(file: File, *, by: User | None, drop_hidden: bool = False) -> File:
    """
    Put a cleaned copy in the place of a file: the work keeps the copy alone, the old bytes go.

    Raises `checking.NotCleaned` where no copy can be made, `AlreadyHere` where the library holds that copy already.
    """
    with scratch.folder("cleaned") as folder:
        copy = checking.clean_copy(file, folder, drop_hidden=drop_hidden)
        with copy, handed(copy, file.name) as new:
            found = Reading(reading.State.READ, page_count=file.pages)
            with _kept(new) as content, watching.watched([file.resource_id], by=by):
                added = _add_file(file.resource, new, content, found, language=file.language, whole=False)
                _take_off(file)
                return added


@contextmanager
def handed(upload: DjangoFile, name: str) -> Iterator[Handed]:
    """The upload as a file on disk, hashed on its way there and told by its content. Nothing remains afterwards."""
    if upload.size > kinds.MAX_BYTES:
        raise kinds.Refused("too_large")
    digest = hashlib.sha256()
    with scratch.file("handed") as copy:
        for chunk in upload.chunks():
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        shown = kinds.clean_name(name)
        kind = kinds.identify(copy, shown)
        refuse_duplicate(digest.hexdigest())
        yield Handed(Path(copy.name), shown, kind, copy.seek(0, 2), digest.hexdigest())


def refuse_duplicate(sha256: str) -> None:
    if known := File.objects.select_related("resource").filter(sha256=sha256).first():
        raise AlreadyHere(known)


@contextmanager
def _kept(file: Handed) -> Iterator[str]:
    """The bytes in the store under a random name, taken out again when the rows that should name them don't come."""
    row = File()
    with file.path.open("rb") as source:
        row.content.save(file.name, DjangoFile(source), save=False)
    try:
        yield row.content.name
    except IntegrityError:
        _discard(row, [row.content.name])
        refuse_duplicate(file.sha256)  # the same file came in twice at once: the other one was first
        raise
    except BaseException:
        _discard(row, [row.content.name])
        raise


def forget_bytes(file: File) -> None:
    """They leave the store once the transaction that takes their row out is through."""
    names = [field.name for field in (file.content, file.thumbnail) if field]
    transaction.on_commit(partial(_discard, file, names))


def _discard(file: File, names: list[str]) -> None:
    for name in names:
        file.content.storage.delete(name)


def _draft_from(
    found: Reading, *, file: Handed, organisation: Organisation, by: User | None, language: str
) -> Resource:
    """A draft with every field the file tells; its name stands in for a title nobody could find."""
    draft = Resource(organisation=organisation, created_by=by)
    drafting.filled(found.metadata, file_name=file.name, language=language).write(draft)
    record.came_in([draft], by=by)
    return draft


def _known(language: str) -> str:
    return language if language in languages.CODES else ""


def _add_file(resource: Resource, file: Handed, content: str, found: Reading, *, language: str, whole: bool) -> File:
    row = File(
        resource=resource,
        language=language or _known(found.metadata.language) or resource.original_language,
        name=file.name,
        kind=file.kind.name,
        size=file.size,
        sha256=file.sha256,
        pages=found.page_count,
    )
    row.content.name = content
    row.save()
    if whole or found.state in (reading.State.DAMAGED, reading.State.ENCRYPTED):
        texts.record(row, found)
    else:
        texts.set_thumbnail(row, found.thumbnail)
        row.save(update_fields=["thumbnail"])
        tasks.read_file.enqueue(row.pk)
    tasks.check_file.enqueue(row.pk)
    return row
