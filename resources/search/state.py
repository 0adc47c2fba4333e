"""What each process remembers of the index: the bitmap of every facet value, until somebody writes."""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q

from resources.search import bitmaps, store
from resources.search.bitmaps import BitMap, Column
from resources.search.models import NAMES, Kind, Posting


@dataclass(frozen=True)
class State:
    """The index as it stood at these block versions."""

    versions: dict[int, int]
    columns: dict[str, dict[int, Column]] = field(default_factory=dict)

    @property
    def names(self) -> int | None:
        """The version of the names of topics, countries and organisations."""
        return self.versions.get(NAMES)

    @cached_property
    def facets(self) -> dict[str, dict[str, BitMap]]:
        """{facet: {value: works}}"""
        out: dict[str, dict[str, BitMap]] = {}
        for key, blocks in self.columns.items():
            kind, name, value = key.split(":", 2)
            if kind == Kind.FACET:
                out.setdefault(name, {})[value] = bitmaps.union(column[0] for column in blocks.values())
        return out

    @cached_property
    def published(self) -> Column:
        """The second each work was put on the shelf."""
        return self._order("published")

    @cached_property
    def issued(self) -> Column:
        """The date each work bears, as a number; later is more."""
        return self._order("issued")

    def _order(self, name: str) -> Column:
        out: Column = []
        for place in range(4):
            byte: Column = []
            for column in self.columns.get(f"{Kind.ORDER}:{name}:{place}", {}).values():
                byte = bitmaps.highest(byte, column)
            out += bitmaps.padded(byte, 8)
        return out

    def visible(self, audiences: tuple[str, ...]) -> BitMap:
        """The works these audiences may read."""
        return self.having("audience", audiences)

    def having(self, facet: str, values: object) -> BitMap:
        """The works with any of these values."""
        known = self.facets.get(facet, {})
        return bitmaps.union(known[value] for value in values if value in known)


_latest = State({})


def last() -> State:
    """The index as this process last saw it: what a search starts from before it has asked anything."""
    return _latest


def current() -> State:
    """The index as it stands: one small query; blocks written since the last look are read again."""
    return at(store.versions())


def at(versions: dict[int, int]) -> State:
    """The index at these versions of its blocks, or later."""
    global _latest
    before = _latest
    if versions == before.versions:
        return before
    kept = {block for block, version in versions.items() if before.versions.get(block) == version}
    columns = {key: {b: c for b, c in blocks.items() if b in kept} for key, blocks in before.columns.items()}
    columns = {key: blocks for key, blocks in columns.items() if blocks}
    for key, block, data in _rows(versions.keys() - kept):
        columns.setdefault(key, {})[block] = bitmaps.unpack(data)
    _latest = State(versions, columns)
    return _latest


def _rows(blocks: set[int]) -> list[tuple[str, int, bytes]]:
    ranges = [Q(key__gte=f"{kind}:", key__lt=f"{kind};") for kind in (Kind.FACET, Kind.ORDER)]
    return list(Posting.objects.filter(ranges[0] | ranges[1], block__in=blocks).values_list("key", "block", "data"))
