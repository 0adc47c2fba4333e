"""
The meeting room as parts: what each one shows, as plain values, in a number of queries that does not grow.

A part is drawn from its values alone, so a digest of them tells whether a browser still shows what stands. Read anew
each time, whatever changed it: the other secretary's room, a page of the admin, a command.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.utils import timezone

from network.models import Affiliation, Organisation
from resources.models.resource import Audience
from steering import attendance
from steering.models import Attendance, Decision, Meeting, Note
from steering.room_parts import agenda, presence
from steering.room_parts.part import Part, clock

__all__ = ["Part", "Room", "read", "words_of"]


@dataclass
class Room:
    """The whole page."""

    meeting: Meeting
    open: bool
    quorum: Part
    attendance: Part
    seats: list[Part]
    others: list[Part]
    guests: Part
    items: list[Part]
    end: Part

    def top(self) -> list[Part]:
        return [self.quorum, self.attendance, *self.seats, *self.others, self.guests, *self.items, self.end]

    def every(self) -> Iterator[Part]:
        yield from _walk(self.top())

    def part(self, name: str) -> Part | None:
        return next((part for part in self.every() if part.name == name), None)

    def differing(self, known: Iterable[str]) -> list[Part]:
        """What a browser that has these has to be given: parts it lacks, and parts that show something else."""
        has = dict(entry.rsplit(":", 1) for entry in known if ":" in entry)
        return list(_differing(self.top(), has))

    @cached_property
    def organisations(self) -> list[Organisation]:
        """Who may be given something to do."""
        return sorted(Organisation.objects.members(), key=lambda row: row.short_name.casefold())

    @cached_property
    def people(self) -> list[Affiliation]:
        """Who may come as a guest."""
        found = Affiliation.objects.current().select_related("person", "organisation")
        return list(found.order_by("person__name", "pk")[:2000])

    capacities = [choice for choice in Attendance.Capacity.choices if choice[0] not in Attendance.FOR_A_SEAT]
    states = Attendance.Status.choices
    methods = Decision.Method.choices
    audiences = Audience.choices


def _walk(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _walk(part.children())


def _differing(parts: Iterable[Part], has: Mapping[str, str]) -> Iterator[Part]:
    for part in parts:
        if has.get(part.name) != part.known.rsplit(":", 1)[1]:
            yield part  # with everything in it
        else:
            yield from _differing(part.children(), has)


def read(meeting: Meeting) -> Room:
    """Everything the room shows now."""
    is_open = meeting.state == Meeting.State.CONVENED and meeting.list_closed_at is None
    places = attendance.places_of(meeting)
    lines = list(meeting.attendance.select_related("term__seat").order_by("term__seat__position", "order", "pk"))
    items = meeting.items.prefetch_related("papers", "notes__by", "decisions", "action_items__organisation")
    items = list(items.select_related("carried_from"))
    by_seat: dict[int, list[Attendance]] = {place.seat.pk: [] for place in places}
    guests = [line for line in lines if line.term is None or line.term.seat_id not in by_seat]
    for line in lines:
        if line not in guests:
            by_seat[line.term.seat_id].append(line)
    undecided = [item for item in items if agenda.is_undecided(item)]
    return Room(
        meeting=meeting,
        open=is_open,
        quorum=presence.quorum(meeting, bool(lines)),
        attendance=Part("attendance", "", {"open": is_open, "listed": bool(lines)}),
        seats=[presence.seat(place, by_seat[place.seat.pk], meeting, is_open) for place in places],
        others=[presence.line(line, meeting, [line], is_open) for line in guests],
        guests=Part("guests", "", {"open": is_open}),
        items=agenda.items(items, meeting, is_open),
        end=Part(
            "end",
            "",
            {
                "open": is_open,
                "state": meeting.get_state_display(),
                "begun": meeting.starts_at <= timezone.now(),
                "listed": bool(lines),
                "there": any(line.is_there for line in lines),
                "undecided": [(item.position, item.shown_title, item.pk) for item in undecided],
            },
        ),
    )


def words_of(row: models.Model) -> str:
    """What stands in a row of the room, as a person would say it: shown beside what somebody else wants there."""
    if isinstance(row, Attendance):
        times = [clock(at, row.meeting) for at in (row.arrived_at, row.left_at)]
        return " · ".join(part for part in (row.get_status_display(), " – ".join(times) if any(times) else "") if part)
    if isinstance(row, Note):
        return row.text
    texts = [text for text in (row.text_es, row.text_en) if text]
    if isinstance(row, Decision):
        votes = [str(n) for n in (row.votes_for, row.votes_against, row.abstentions) if n is not None]
        return "\n".join([*texts, " · ".join([row.get_method_display(), *votes, row.get_visibility_display()])])
    return "\n".join([*texts, f"{row.organisation} · {row.due:%Y-%m-%d}"])
