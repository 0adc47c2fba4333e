"""Entering the pairs of fresh works in the buckets that phrases are looked up in."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import batched, pairwise

import numpy
from django.db import transaction
from django.db.models import QuerySet

from resources.search import store
from resources.search.models import WIDTH, Block, Fresh, Neighbours
from resources.search.phrases import LOW_BITS, numbers

ENOUGH = 500
"""Fresh works that are worth it: until then every phrase looks through their own rows."""
MOST = 5_000
"""Works entered together: their pairs are held in memory."""
AT_ONCE = 4_096
"""Buckets per transaction, so that whoever publishes meanwhile need not wait for all."""
PART_BITS = 4
"""Of the numbers of pairs, those that say in which part a pair is sorted."""
ENTRY = (1 << LOW_BITS + 16) - 1

Held = tuple[int, bool, array[int]]
"""Version, known, pairs of a fresh work."""


class Entries:
    """The pairs of many works, to be put into buckets together."""

    def __init__(self) -> None:
        self.places: list[int] = []
        self.pairs: list[array[int]] = []

    def enter(self, pk: int, pairs: array[int]) -> None:
        self.places.append(pk % WIDTH)
        self.pairs.append(pairs)

    def by_bucket(self) -> Iterator[tuple[int, bytes]]:
        """(bucket, its entries in order), each bucket once. In parts, so that the numbers in hand at once stay few."""
        if not self.pairs:
            return
        pairs = numpy.concatenate([numpy.frombuffer(some, numpy.uint32) for some in self.pairs])
        places = numpy.repeat(numpy.array(self.places, numpy.uint16), [len(some) for some in self.pairs])
        for part in range(1 << PART_BITS):
            mine = pairs >> (32 - PART_BITS) == part
            codes = numpy.sort(pairs[mine].astype(numpy.uint64) << 16 | places[mine])
            buckets = (codes >> (LOW_BITS + 16)).astype(numpy.int64)
            entries = (codes & ENTRY).astype(numpy.uint32)
            first = numpy.flatnonzero(numpy.diff(buckets, prepend=-1))
            for start, end in pairwise([*first.tolist(), len(codes)]):
                yield int(buckets[start]), entries[start:end].tobytes()


def is_due() -> bool:
    """Are there enough fresh works to be entered?"""
    return Fresh.objects.count() >= ENOUGH


def settle() -> int:
    """Enter what is fresh in the buckets, a part at a time, while searches and changes go on; gives the works entered.

    Killed in the middle, it has changed nothing that a search sees, and the next run begins again.
    """
    blocks = {pk // WIDTH for pk in Fresh.objects.values_list("pk", flat=True)}
    return sum(_settle(block) for block in sorted(blocks))


def _settle(block: int) -> int:
    some = _of(block).values_list("pk", "version", "known", "pairs")[:MOST]
    rows = {pk: (version, known, numbers(pairs)) for pk, version, known, pairs in some}
    touched = {pair >> LOW_BITS for _, _, pairs in rows.values() for pair in pairs}
    if any(known for _, known, _ in rows.values()):
        touched.update(Neighbours.objects.filter(block=block).values_list("bucket", flat=True))
    for some in batched(sorted(touched), AT_ONCE, strict=False):
        with transaction.atomic():
            _enter(block, some, _unchanged(rows, block))
    with transaction.atomic():
        settled = list(_unchanged(rows, block))
        Fresh.objects.filter(pk__in=settled).delete()
    return len(settled)


def _of(block: int) -> QuerySet[Fresh]:
    return Fresh.objects.filter(pk__gte=block * WIDTH, pk__lt=(block + 1) * WIDTH)


def _unchanged(rows: dict[int, Held], block: int) -> dict[int, Held]:
    """Those of the works that nobody has changed or settled since; no one can until the transaction ends."""
    list(Block.objects.select_for_update().filter(pk=block))
    versions = dict(
        Fresh.objects.filter(pk__gte=block * WIDTH, pk__lt=(block + 1) * WIDTH).values_list("pk", "version")
    )
    return {pk: row for pk, row in rows.items() if versions.get(pk) == row[0]}


def _enter(block: int, buckets: tuple[int, ...], rows: dict[int, Held]) -> None:
    """Bring these buckets up to date: without what the works said before, with what they say now."""
    gone = {pk % WIDTH for pk, (_, known, _) in rows.items() if known}
    new = Entries()
    for pk, (_, _, pairs) in rows.items():
        new.enter(
            pk, pairs[bisect_left(pairs, buckets[0] << LOW_BITS) : bisect_left(pairs, buckets[-1] + 1 << LOW_BITS)]
        )
    have, added = store.of_block(store.NEIGHBOURS, block, buckets), dict(new.by_bucket())
    changed = []
    for bucket in buckets:
        old = numbers(have.get(bucket, b""))
        kept = [entry for entry in old if entry & (WIDTH - 1) not in gone] if gone else old
        if bucket in added or len(kept) < len(old):
            entries = sorted({*kept, *numbers(added.get(bucket, b""))})
            changed.append((bucket, block, array("I", entries).tobytes()))
    store.put(store.NEIGHBOURS, changed)
