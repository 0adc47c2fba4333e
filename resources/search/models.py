"""The index as ordinary tables. Only this package reads or writes them."""

import json
import zlib

from django.db import models

WIDTH = 1 << 16
"""Works per block: what one CRoaring container spans."""
NAMES = -1
"""The row of `Block` that stands for the names of topics, countries and organisations; no work has such a key."""
ENGINE = 2
"""Raised with every change of what the index holds: an index of another number is to be built anew."""


class Kind:
    """First letter of a posting's key: what the rest of the key is."""

    WORD = "w"  # a stem, anywhere in the work; the level is its weight there
    TITLE = "t"  # a stem of a title
    AUTHOR = "a"  # a word of an author, publisher or organisation
    SUBJECT = "s"  # a stem of a topic or a free keyword
    PAIR = "p"  # the number of two neighbouring stems of a title, topic or keyword
    SPELLING = "x"  # a folded word of a title, abstract, topic or keyword; its planes are the languages
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
    engine = models.PositiveSmallIntegerField(default=0)

    class Meta:
        app_label = "resources"

    def __str__(self) -> str:
        return f"{self.pk * WIDTH} to {(self.pk + 1) * WIDTH - 1}"


class Indexed(models.Model):
    """What the index says of one work: every key and its level, so that the next change touches only what differs.

    `pairs` is a digest of the numbers of the words that stand side by side.

    No foreign key: a deleted work must still be taken out.
    """

    id = models.BigIntegerField(primary_key=True)
    version = models.BigIntegerField()
    title_es = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    keys = models.BinaryField()
    pairs = models.BigIntegerField()

    class Meta:
        app_label = "resources"

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def levels(self) -> dict[str, int]:
        return unpacked(self.keys)


def packed(levels: dict[str, int]) -> bytes:
    """{key: level} as `Indexed.keys` holds it."""
    return zlib.compress(json.dumps(levels, separators=(",", ":"), ensure_ascii=False).encode(), 1)


def unpacked(keys: bytes) -> dict[str, int]:
    return json.loads(zlib.decompress(keys))


class Neighbours(models.Model):
    """Which works of a block hold two words side by side, for phrases. See `phrases` for what `data` holds."""

    pk = models.CompositePrimaryKey("bucket", "block")
    bucket = models.IntegerField()
    block = models.IntegerField()
    data = models.BinaryField()

    class Meta:
        app_label = "resources"

    def __str__(self) -> str:
        return f"{self.bucket} in {self.block}"


class Fresh(models.Model):
    """The pairs of a work that `Neighbours` does not hold yet; `known`: it may hold what the work said before.

    A work has a thousand pairs, each in a row of its own: they are entered for many works at once.
    """

    id = models.BigIntegerField(primary_key=True)
    version = models.BigIntegerField()
    known = models.BooleanField()
    pairs = models.BinaryField()

    class Meta:
        app_label = "resources"

    def __str__(self) -> str:
        return str(self.pk)
