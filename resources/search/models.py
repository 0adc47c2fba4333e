"""The index as ordinary tables. Only this package reads or writes them."""

import json
import zlib
from typing import TYPE_CHECKING, Self

from django.db import models
from pyroaring import BitMap

if TYPE_CHECKING:
    from resources.search.contents import Content

WIDTH = 1 << 16
"""Works per block: what one CRoaring container spans."""


class Kind:
    """First letter of a posting's key: what the rest of the key is."""

    WORD = "w"  # a stem, anywhere in the work; the level is its weight there
    TITLE = "t"  # a stem of a title
    AUTHOR = "a"  # a word of an author, publisher or organisation
    SUBJECT = "s"  # a stem of a topic or a free keyword
    PAIR = "p"  # the number of two neighbouring stems of a title, topic or keyword
    SPELLING = "x"  # a folded word of a title, abstract, topic or keyword
    ACCENTED = "y"  # "migracion|migración", how such a word is written where that differs
    FACET = "f"  # "country:HN"
    ORDER = "o"  # one byte of a number to sort by
    INITIAL = "i"  # "es:mig", how the title begins


class Posting(models.Model):
    """Which works of a block hold a key, and how much each: a bit-sliced column of their primary keys."""

    pk = models.CompositePrimaryKey("key", "block")
    key = models.CharField(max_length=160)
    block = models.IntegerField()
    data = models.BinaryField()

    class Meta:
        app_label = "resources"

    def __str__(self) -> str:
        return f"{self.key} in {self.block}"


class Block(models.Model):
    """A range of primary keys (pk // WIDTH). Its row is the lock of whoever writes in it.

    The version is drawn anew with every write, at random: a counter could give a rolled back and a committed state the
    same number, and readers tell by the number whether what they remember still holds.
    """

    id = models.IntegerField(primary_key=True)
    version = models.BigIntegerField(default=0)

    class Meta:
        app_label = "resources"

    def __str__(self) -> str:
        return f"{self.pk * WIDTH} to {(self.pk + 1) * WIDTH - 1}"


class Indexed(models.Model):
    """What the index says of one work: every key and its level, so that the next change touches only what differs.

    `pairs` are the numbers of the words that stand side by side, for phrases.

    No foreign key: a deleted work must still be taken out.
    """

    id = models.BigIntegerField(primary_key=True)
    version = models.BigIntegerField()
    title_es = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    keys = models.BinaryField()
    pairs = models.BinaryField(default=b"")

    class Meta:
        app_label = "resources"

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def of(cls, content: "Content", levels: dict[str, int], version: int) -> Self:
        """The row for a work that says this."""
        titles, pairs = content.titles, BitMap(content.pairs).serialize()
        keys = zlib.compress(json.dumps(levels, separators=(",", ":"), ensure_ascii=False).encode(), 1)
        return cls(id=content.pk, version=version, title_es=titles["es"], title_en=titles["en"], keys=keys, pairs=pairs)

    def says_the_same(self, other: Self | None) -> bool:
        """Do both rows hold the same, as far as it stands in no posting?"""
        mine = (self.title_es, self.title_en, bytes(self.pairs))
        return other is not None and mine == (other.title_es, other.title_en, bytes(other.pairs))

    @property
    def levels(self) -> dict[str, int]:
        return json.loads(zlib.decompress(self.keys))
