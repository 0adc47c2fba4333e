"""A piece of the meeting room's page, as plain values."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import uuid4

from steering.models import Meeting

Slots = Mapping[str, list["Part"]]


@dataclass
class Part:
    """Something of the page that is swapped by itself: drawn by the partial `kind` from `shown` alone."""

    kind: str
    key: str
    shown: dict[str, object]
    inside: str = ""
    """The list it joins in a browser that has not got it."""
    slots: Slots = field(default_factory=dict)
    seen: str = ""
    problem: list[str] = field(default_factory=list)
    typed: Mapping[str, object] = field(default_factory=dict)
    is_overtaken: bool = False
    theirs: str = ""
    mine: str = ""
    """After a conflict, in words: what stands now, and what was to stand there."""
    saved: str = ""
    expanded: bool = False

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.key}" if self.key else self.kind

    @property
    def template(self) -> str:
        return f"admin/steering/room_parts.html#{self.kind}"

    @cached_property
    def known(self) -> str:
        """Its name and a digest of what it shows: what a browser sends back to say what it has."""
        spelled = repr(sorted(self.shown.items())).encode()
        return f"{self.name}:{hashlib.blake2s(spelled, digest_size=6).hexdigest()}"

    def new_key(self) -> str:
        return uuid4().hex

    def children(self) -> Iterator["Part"]:
        for parts in self.slots.values():
            yield from parts


def clock(at: datetime | None, meeting: Meeting) -> str:
    return at.astimezone(meeting.zone).strftime("%H:%M") if at else ""
