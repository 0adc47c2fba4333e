"""Bytes in the store that no row names: a process was killed after it had stored them and before it could say so."""

import re
from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import Storage
from django.utils import timezone

from resources.models import File

OURS = re.compile(r"[0-9a-f]{32}(_\w{7})?")
"""What `stored_name` gives, and what a storage makes of it should the name be taken."""
FOLDERS = [f"{number:02x}" for number in range(256)]
PATIENCE = timedelta(days=1)
"""A file that is just being handed in has no row either."""


def sweep(*, older_than: timedelta = PATIENCE) -> int:
    """Delete stored files without a row, and say how many there were. Other things in the store are left alone."""
    storage = File._meta.get_field("content").storage
    before, number = timezone.now() - older_than, 0
    for folder in FOLDERS:
        there = set(_stored(storage, folder))
        for name in there - _named(folder) if there else ():
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
    yield from (f"{folder}/{name}" for name in files if OURS.fullmatch(name))


def _named(folder: str) -> set[str]:
    """Asked after the listing: a row that came in between is seen."""
    files = File.objects.filter(content__startswith=f"{folder}/").values_list("content", flat=True)
    pictures = File.objects.filter(thumbnail__startswith=f"{folder}/").values_list("thumbnail", flat=True)
    return {*files, *pictures}
