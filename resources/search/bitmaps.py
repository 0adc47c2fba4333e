"""
Sets of works and columns of small numbers as compressed bitmaps (CRoaring): what every search is made of.

A *column* gives each work a whole number; it is a list of bitmaps, the lowest bit first (bit-sliced). Columns are added
by XOR and AND, and the highest sums are found by going down the planes: the cost grows with the number of works over
eight, not with the number of hits. See Rinfret, O'Neil, O'Neil, "Bit-Sliced Index Arithmetic", SIGMOD 2001.
"""

import struct
from collections.abc import Iterable, Sequence

from pyroaring import BitMap

Column = list[BitMap]
NONE = BitMap()


def pack(column: Column) -> bytes:
    """A column as bytes: the number of planes, the length of each, the planes. b"" for a column of zeros."""
    while column and not column[-1]:
        column = column[:-1]
    parts = [plane.serialize() if plane else b"" for plane in column]
    return struct.pack(f"<B{len(parts)}I", len(parts), *map(len, parts)) + b"".join(parts) if parts else b""


def unpack(data: bytes) -> Column:
    """The column that `pack` wrote."""
    data = bytes(data)
    if not data:
        return []
    at, column = 1 + 4 * data[0], []
    for size in struct.unpack_from(f"<{data[0]}I", data, 1):
        column.append(BitMap.deserialize(data[at : at + size]) if size else BitMap())
        at += size
    return column


def column_of(keys: Sequence[int], levels: Sequence[int]) -> Column:
    """The column that gives each key its level."""
    return [
        BitMap([key for key, level in zip(keys, levels, strict=True) if level >> plane & 1])
        for plane in range(max(levels, default=0).bit_length())
    ]


def patched(column: Column, keys: Sequence[int], levels: Sequence[int]) -> Column:
    """The column with the levels of these keys replaced; level 0 takes a key out."""
    gone, new = BitMap(keys), column_of(keys, levels)
    width = max(len(column), len(new))
    return [old - gone | add for old, add in zip(padded(column, width), padded(new, width), strict=True)]


def padded(column: Column, width: int) -> Column:
    return column + [NONE] * (width - len(column))


def union(maps: Iterable[BitMap]) -> BitMap:
    """One bitmap of all, empty for none."""
    return BitMap.union(NONE, *maps)


def count(column: Column, among: BitMap) -> int:
    """How many of these works a column gives a number above 0."""
    return union(column).intersection_cardinality(among)


def highest(first: Column, second: Column) -> Column:
    """A work's level in either of two columns: the OR of their planes, which is the higher one or a little more."""
    width = max(len(first), len(second))
    return [a | b for a, b in zip(padded(first, width), padded(second, width), strict=True)]


def narrowed(column: Column, to: BitMap) -> Column:
    return [plane & to for plane in column]


def add(first: Column, second: Column) -> Column:
    """The sum of two columns: a full adder, one step per plane."""
    out, carry = [], NONE
    width = max(len(first), len(second))
    for a, b in zip(padded(first, width), padded(second, width), strict=True):
        either = a ^ b
        out.append(either ^ carry if carry else either)
        carry = a & b | carry & either if carry else a & b
    return [*out, carry] if carry else out


def times(column: Column, factor: int) -> Column:
    """The column multiplied by a whole number: shift and add."""
    out: Column = []
    for bit in range(factor.bit_length()):
        if factor >> bit & 1:
            shifted = [NONE] * bit + column
            out = add(out, shifted) if out else shifted
    return out


def at_least(column: Column, least: int) -> BitMap:
    """The works whose number is `least` or more (`least` above 0)."""
    above, equal = NONE, union(column)
    for plane in range(max(len(column), least.bit_length()) - 1, -1, -1):
        bits = column[plane] if plane < len(column) else NONE
        if least >> plane & 1:
            equal = equal & bits
        else:
            above = above | equal & bits
            equal = equal - bits
    return above | equal


def value(column: Column, key: int) -> int:
    """The number a column gives one key."""
    return sum(1 << plane for plane, keys in enumerate(column) if key in keys)


def best(among: BitMap, score: Column, *, start: int, size: int) -> list[int]:
    """Keys `start` to `start + size` by score, the highest first, the highest key first among equals."""
    out: list[int] = []
    waiting = [(among, len(score) - 1)]
    while waiting and len(out) < size:
        keys, plane = waiting.pop()
        if start >= len(keys):
            start -= len(keys)
        elif plane < 0 or len(keys) == 1:
            last = len(keys) - start
            out += reversed(keys[max(0, last - (size - len(out))) : last])
            start = 0
        elif not (high := keys & score[plane]):
            waiting.append((keys, plane - 1))
        else:
            if len(high) < len(keys):
                waiting.append((keys - high, plane - 1))
            waiting.append((high, plane - 1))
    return out
