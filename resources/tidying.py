"""Bytes in the store that no row names: a process was killed after it had stored them and before it could say so."""

import re
from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import Storage
from django.utils import timezone

from resources.models import File, Gathered, Gathering

OURS = re.compile(r"[0-9a-f]{32}(_\w{7})?")
"""What `stored_name` gives, and what a storage makes of it should the name be taken."""
FOLDERS = [f"{number:02x}" for number in range(256)]
WAITING = "gatherings"
"""Where lists and files lie that wait to be read or for somebody's yes: "7" of a gathering, "7-12" of its line."""
KEPT = re.compile(r"\d+(-\d+)?(_\w{7})?")
PATIENCE = timedelta(days=1)
"""A file that is just being handed in has no row either."""


def sweep(*, older_than: timedelta = PATIENCE) -> int:
    """Delete stored files without a row, and say how many there were. Other things in the store are left alone."""
    storage = File._meta.get_field("content").storage
    before, number = timezone.now() - older_than, 0
    for folder in [*FOLDERS, WAITING]:
        there = set(_stored(storage, folder))
        named = _waiting if folder == WAITING else _named
        for name in there - named(folder) if there else ():
            try:
                if storage.get_modified_time(name) < before:
                    storage.delete(name)
                    number += 1
            except FileNotFoundError:
                continue  # its row was deleted meanwhile, and the bytes with it
    return number


def _stored(storage: Storage, folder: str) -> Iterator[str]:
    try:
        _folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    ours = KEPT if folder == WAITING else OURS
    yield from (f"{folder}/{name}" for name in files if ours.fullmatch(name))


def _named(folder: str) -> set[str]:
    """Asked after the listing: a row that came in between is seen."""
    files = File.objects.filter(content__startswith=f"{folder}/").values_list("content", flat=True)
    pictures = File.objects.filter(thumbnail__startswith=f"{folder}/").values_list("thumbnail", flat=True)
    return {*files, *pictures}


def _waiting(folder: str) -> set[str]:
    """What gatherings and their lines still name; one that was taken back out waits for nothing."""
    lists = Gathering.objects.filter(state=Gathering.State.READING).values_list("pk", flat=True)
    lines = Gathered.objects.filter(found__has_key="file").exclude(gathering__state=Gathering.State.UNDONE)
    return {*(f"{folder}/{pk}" for pk in lists), *lines.values_list("found__file__stored", flat=True)}
