"""Keeping the index in step with the library, in the library's own transactions."""

import secrets
from array import array
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from itertools import batched
from typing import NamedTuple

from django.db import transaction

from resources.models import Offered, Resource
from resources.search import bitmaps, contents, settling, store
from resources.search.contents import Content
from resources.search.models import ENGINE, NAMES, WIDTH, Block, Fresh, Indexed, Neighbours, Posting, packed, unpacked
from resources.search.settling import Entries

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


class Row(NamedTuple):
    """A work as `Indexed` holds it."""

    id: int
    version: int = 0
    title_es: str = ""
    title_en: str = ""
    keys: bytes = b""
    pairs: int = 0

    @classmethod
    def of(cls, content: Content, levels: dict[str, int], pairs: array[int], version: int) -> "Row":
        titles = content.titles["es"], content.titles["en"]
        return cls(content.pk, version, *titles, packed(levels), digest(pairs))

    @property
    def levels(self) -> dict[str, int]:
        return unpacked(self.keys) if self.keys else {}


def pairs_of(content: Content) -> array[int]:
    """The numbers of a work's pairs in order."""
    return array("I", sorted(content.pairs))


def digest(pairs: array[int]) -> int:
    """By which one knows whether a work's pairs have changed; 0 for none."""
    return int.from_bytes(blake2b(pairs.tobytes(), digest_size=8).digest(), signed=True) if pairs else 0


def index(pks: Iterable[int]) -> None:
    """Bring the index in step with these works; one that is no longer published is taken out.

    Waits for whoever writes in the same blocks. Within a transaction it commits and rolls back with it. Harvesters hear
    of the same changes: whoever calls this says that the world may see these works otherwise from now on.
    """
    for some in batched(sorted(set(pks)), BATCH, strict=False):
        _index(some)


@transaction.atomic
def _index(pks: tuple[int, ...]) -> None:
    version = lock({pk // WIDTH for pk in pks})
    Offered.objects.note(pks)
    before = {row.id: row for row in map(Row._make, store.indexed(pks))}
    changes, rows, fresh, gone = Changes(), [], [], set(before)
    for content in contents.read(pks):
        gone.discard(content.pk)
        old, levels, pairs = before.get(content.pk, Row(content.pk)), content.levels, pairs_of(content)
        new = Row.of(content, levels, pairs, version)
        if note_difference(changes, content.pk, old.levels, levels) or new[2:] != old[2:]:
            rows.append(new)
        if new.pairs != old.pairs:
            fresh.append((content.pk, version, content.pk in before, pairs.tobytes()))
    for pk in gone:
        note_difference(changes, pk, before[pk].levels, {})
        fresh.append((pk, version, True, b""))
    for block, keys in changes.blocks.items():
        _write(block, keys)
    Indexed.objects.filter(pk__in=gone).delete()
    store.put(store.INDEXED, rows)
    store.put(store.FRESH, fresh)
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
        Block.objects.bulk_create([Block(pk=block, engine=ENGINE) for block in wanted], ignore_conflicts=True)
        list(Block.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    return secrets.randbits(62)


def _write(block: int, keys: dict[str, array[int]]) -> None:
    """Patch the postings of one block."""
    for some in batched(sorted(keys), 5_000, strict=False):
        have = store.of_block(store.POSTING, block, some)
        rows, empty = [], []
        for key in some:
            data = bitmaps.pack(bitmaps.patched(bitmaps.unpack(have.get(key, b"")), *decoded(block, keys[key])))
            if data:
                rows.append((key, block, data))
            else:
                empty.append(key)
        store.put(store.POSTING, rows)
        Posting.objects.filter(block=block, key__in=empty).delete()


def keep_up() -> int:
    """Make the index anew if another engine wrote it; enter the pairs of fresh works if they are many.

    Gives the works handled. For the worker: either may take a while, and searches and changes go on meanwhile.
    """
    if Block.objects.exclude(pk=NAMES).exclude(engine=ENGINE).exists():
        return rebuild()
    return settling.settle() if settling.is_due() else 0


def names_changed() -> None:
    """To be called after topics, entry terms, countries or organisations have changed: searches read them again."""
    Block.objects.update_or_create(pk=NAMES, defaults={"version": secrets.randbits(62), "engine": ENGINE})


def rebuild(progress: Callable[[int, int], None] | None = None) -> int:
    """Make the whole index anew from the library, block by block, while searches and changes go on.

    `progress(done, total)` is called now and then. Gives the number of works indexed.
    """
    published = Resource.objects.published()
    total, done = published.count(), 0
    tell = progress or (lambda done, total: None)
    blocks = {pk // WIDTH for pk in published.values_list("pk", flat=True).iterator()}
    for block in sorted(blocks | set(Block.objects.exclude(pk=NAMES).values_list("pk", flat=True))):
        done += _rebuild(block, lambda here, before=done: tell(before + here, total))
    return done


def _rebuild(block: int, tell: Callable[[int], None]) -> int:
    """Read a block without holding anything up, then put it in place at once; what changed meanwhile is read again."""
    own = range(block * WIDTH, (block + 1) * WIDTH)
    before = _versions(own)
    changes, entries, rows, fresh = Changes(), Entries(), {}, secrets.randbits(62)
    for done, content in enumerate(contents.read(_published(own)), 1):
        levels, pairs = content.levels, pairs_of(content)
        changes.note(content.pk, levels.items())
        entries.enter(content.pk, pairs)
        rows[content.pk] = Row.of(content, levels, pairs, fresh)
        if done % 100 == 0:
            tell(done)
    with transaction.atomic():
        version = lock([block])
        now = _versions(own)
        for model in (Posting, Neighbours):
            model.objects.filter(block=block).delete()
        for model in (Indexed, Fresh):
            model.objects.filter(pk__gte=own.start, pk__lt=own.stop).delete()
        store.put_new(store.POSTING, _postings(block, changes.blocks.get(block, {})))
        store.put_new(store.NEIGHBOURS, ((bucket, block, data) for bucket, data in entries.by_bucket()))
        store.put_new(store.INDEXED, rows.values())
        Block.objects.filter(pk=block).update(version=version, engine=ENGINE)
        changed = {pk for pk in before.keys() | now.keys() if before.get(pk) != now.get(pk)}
        index(changed | rows.keys() ^ _published(own))
    tell(len(rows))
    return len(rows)


def _published(own: range) -> set[int]:
    works = Resource.objects.published().filter(pk__gte=own.start, pk__lt=own.stop)
    return set(works.values_list("pk", flat=True))


def _versions(own: range) -> dict[int, int]:
    """{work: version of what the index holds of it}"""
    return dict(Indexed.objects.filter(pk__gte=own.start, pk__lt=own.stop).values_list("pk", "version"))


def _postings(block: int, keys: dict[str, array[int]]) -> Iterator[store.Row]:
    for key, codes in keys.items():
        yield key, block, bitmaps.pack(bitmaps.column_of(*decoded(block, codes)))
