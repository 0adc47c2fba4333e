"""Zip containers, read without trusting a word they say about themselves. No Django here: the child reads with it."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

MAX_MEMBERS = 5_000
MAX_DECLARED = 300 * 1024 * 1024
MAX_DIRECTORY = 4 * 1024 * 1024  # bytes of the central directory: 5,000 members need well under half
CHUNK = 64 * 1024

END_RECORD = struct.Struct("<4s4H2LH")
END_SIGNATURE = b"PK\x05\x06"
ZIP64_LOCATOR = b"PK\x06\x07"
LOCAL_HEADER = 30


class Unsafe(Exception):
    """The container is broken, lies or asks for more than an honest document does."""


class TooMuch(Unsafe):
    """More bytes came out of the container than it may hold."""


def end_record(file: BinaryIO) -> tuple[int, int] | None:
    """(members, bytes of directory) when the file ends as a zip does, to its last byte; None otherwise."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END_RECORD.size - 0xFFFF))
    tail = file.read()
    at = tail.rfind(END_SIGNATURE)
    while at >= 0:
        if len(tail) - at >= END_RECORD.size:
            fields = END_RECORD.unpack_from(tail, at)
            if at + END_RECORD.size + fields[7] == len(tail):
                # A zip64 record speaks of sizes no document here may have.
                is_zip64 = tail[max(0, at - 20) : at].startswith(ZIP64_LOCATOR)
                return (MAX_MEMBERS + 1 if is_zip64 else fields[4]), fields[5]
        at = tail.rfind(END_SIGNATURE, 0, at)
    return None


def open_safely(file: BinaryIO) -> zipfile.ZipFile:
    """The archive, its directory checked. Raises Unsafe.

    The size of the directory is looked at before zipfile reads it: an object per member would fill the memory.
    """
    record = end_record(file)
    if record is None:
        raise Unsafe("not a whole zip")
    members, directory = record
    if members > MAX_MEMBERS or directory > MAX_DIRECTORY:
        raise TooMuch("too many members")
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
        raise Unsafe("broken directory") from error
    check_members(archive)
    return archive


def check_members(archive: zipfile.ZipFile) -> None:
    """Raise Unsafe for members that no office program writes: links, paths outside, doubles, overlaps."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_DECLARED:
        raise TooMuch("too many or too large members")
    names = [member.filename.casefold() for member in members]
    if len(set(names)) != len(names):
        raise Unsafe("duplicate names")
    for member in members:
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unsafe("compression no office program uses")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise Unsafe("symbolic link")
        if is_outside(member.orig_filename):
            raise Unsafe("name outside the archive")
    check_overlap(archive, members)


def is_outside(name: str) -> bool:
    """Whether a member's name would leave the folder it is unpacked to."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or "\0" in name or name[1:2] == ":"


def check_overlap(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Raise Unsafe when two members share bytes, or the first does not begin the file."""
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end or (end == 0 and member.header_offset != 0):
            raise Unsafe("overlapping members")
        end = member.header_offset + LOCAL_HEADER + len(member.orig_filename) + member.compress_size
    if end > archive.start_dir:
        raise Unsafe("overlapping members")


def chunks(archive: zipfile.ZipFile, name: str, limit: int) -> Iterator[bytes]:
    """The inflated bytes of one member, counted as they come: the size in the directory may lie."""
    total = 0
    try:
        with archive.open(name) as member:
            while block := member.read(CHUNK):
                total += len(block)
                if total > limit:
                    raise TooMuch(name)
                yield block
    except (KeyError, RuntimeError, ValueError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
        raise Unsafe(name) from error


def read(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """One member whole, at most `limit` bytes. Raises Unsafe."""
    return b"".join(chunks(archive, name, limit))
