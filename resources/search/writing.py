"""Keeping the index in step with the library, in the library's own transactions."""

import secrets
from array import array
from collections.abc import Callable, Iterable
from itertools import batched

from django.db import transaction

from resources.models import Resource
from resources.search import bitmaps, contents
from resources.search.contents import Content
from resources.search.models import WIDTH, Block, Indexed, Posting

BATCH = 1_000
"""Works per transaction: each rewrites the postings its words share with others, so many at once are cheaper each."""


class Changes:
    """New levels by block and key, {block: {key: [pk % WIDTH << 8 | level, …]}}: four bytes each, for they are many."""

    def __init__(self) -> None:
        self.blocks: dict[int, dict[str, array[int]]] = {}

    def note(self, pk: int, levels: Iterable[tuple[str, int]]) -> None:
        """This work holds these keys at these levels from now on; 0 takes it out."""
        keys = self.blocks.setdefault(pk // WIDTH, {})
        place = pk % WIDTH << 8
        for key, level in levels:
            if key in keys:
                keys[key].append(place | level)
            else:
                keys[key] = array("I", [place | level])


def decoded(block: int, codes: array[int]) -> tuple[list[int], list[int]]:
    """([pk, …], [level, …]) of what `Changes` noted."""
    return [block * WIDTH + (code >> 8) for code in codes], [code & 255 for code in codes]


def index(pks: Iterable[int]) -> None:
    """Bring the index in step with these works; one that is no longer published is taken out.

    Waits for whoever writes in the same blocks. Within a transaction it commits and rolls back with it.
    """
    for some in batched(sorted(set(pks)), BATCH, strict=False):
        _index(some)


@transaction.atomic
def _index(pks: tuple[int, ...]) -> None:
    version = lock({pk // WIDTH for pk in pks})
    before = {row.pk: row for row in Indexed.objects.filter(pk__in=pks)}
    changes, rows, found = Changes(), [], set()
    for content in contents.read(pks):
        found.add(content.pk)
        old, new = before.get(content.pk), content.levels
        row = Indexed.of(content, new, version)
        if note_difference(changes, content.pk, old.levels if old else {}, new) or not row.says_the_same(old):
            rows.append(row)
    gone = before.keys() - found
    for pk in gone:
        note_difference(changes, pk, before[pk].levels, {})
    for block, keys in changes.blocks.items():
        _write(block, keys)
    Indexed.objects.filter(pk__in=gone).delete()
    _keep(rows)
    Block.objects.filter(pk__in=changes.blocks).update(version=version)


def note_difference(changes: Changes, pk: int, old: dict[str, int], new: dict[str, int]) -> bool:
    """Note the keys whose level is no longer what it was; was there any?"""
    differ = [(key, new.get(key, 0)) for key in old.keys() | new.keys() if old.get(key, 0) != new.get(key, 0)]
    if differ:
        changes.note(pk, differ)
    return bool(differ)


def lock(blocks: Iterable[int]) -> int:
    """Hold these blocks until the transaction ends, always in the same order; gives the version to write."""
    wanted = sorted(blocks)
    held = list(Block.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    if len(held) < len(wanted):
        Block.objects.bulk_create([Block(pk=block) for block in wanted], ignore_conflicts=True)
        list(Block.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    return secrets.randbits(62)


def _write(block: int, keys: dict[str, array[int]]) -> None:
    """Patch the postings of one block."""
    for some in batched(sorted(keys), 5_000, strict=False):
        have = dict(Posting.objects.filter(block=block, key__in=some).values_list("key", "data"))
        rows, empty = [], []
        for key in some:
            data = bitmaps.pack(bitmaps.patched(bitmaps.unpack(have.get(key, b"")), *decoded(block, keys[key])))
            if data:
                rows.append(Posting(key=key, block=block, data=data))
            else:
                empty.append(key)
        _put(rows)
        Posting.objects.filter(block=block, key__in=empty).delete()


def _put(rows: list[Posting]) -> None:
    Posting.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["key", "block"], update_fields=["data"], batch_size=5_000
    )


def _keep(rows: list[Indexed]) -> None:
    fields = ["version", "title_es", "title_en", "keys", "pairs"]
    Indexed.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=fields)


def rebuild(progress: Callable[[int, int], None] | None = None) -> int:
    """Make the whole index anew from the library, block by block, while searches and changes go on.

    `progress(done, total)` is called now and then. Gives the number of works indexed.
    """
    published = Resource.objects.published()
    total, done = published.count(), 0
    tell = progress or (lambda done, total: None)
    blocks = {pk // WIDTH for pk in published.values_list("pk", flat=True).iterator()}
    for block in sorted(blocks | set(Block.objects.values_list("pk", flat=True))):
        done += _rebuild(block, lambda here, before=done: tell(before + here, total))
    return done


def _rebuild(block: int, tell: Callable[[int], None]) -> int:
    """Read a block without holding anything up, then put it in place at once; what changed meanwhile is read again."""
    own = range(block * WIDTH, (block + 1) * WIDTH)
    before = _versions(own)
    changes, rows, fresh = Changes(), {}, secrets.randbits(62)
    for done, content in enumerate(contents.read(_published(own)), 1):
        _take(content, changes, rows, fresh)
        if done % 100 == 0:
            tell(done)
    with transaction.atomic():
        version = lock([block])
        Posting.objects.filter(block=block).delete()
        _put_new(block, changes.blocks.get(block, {}))
        now = _versions(own)
        Indexed.objects.filter(pk__gte=own.start, pk__lt=own.stop).delete()
        Indexed.objects.bulk_create(rows.values(), batch_size=1_000)
        Block.objects.filter(pk=block).update(version=version)
        changed = {pk for pk in before.keys() | now.keys() if before.get(pk) != now.get(pk)}
        index(changed | rows.keys() ^ _published(own))
    tell(len(rows))
    return len(rows)


def _published(own: range) -> set[int]:
    works = Resource.objects.published().filter(pk__gte=own.start, pk__lt=own.stop)
    return set(works.values_list("pk", flat=True))


def _take(content: Content, changes: Changes, rows: dict[int, Indexed], version: int) -> None:
    levels = content.levels
    changes.note(content.pk, levels.items())
    rows[content.pk] = Indexed.of(content, levels, version)


def _versions(own: range) -> dict[int, int]:
    """{work: version of what the index holds of it}"""
    return dict(Indexed.objects.filter(pk__gte=own.start, pk__lt=own.stop).values_list("pk", "version"))


def _put_new(block: int, keys: dict[str, array[int]]) -> None:
    for some in batched(sorted(keys), 5_000, strict=False):
        packed = ((key, bitmaps.pack(bitmaps.column_of(*decoded(block, keys[key])))) for key in some)
        Posting.objects.bulk_create([Posting(key=key, block=block, data=data) for key, data in packed])
