"""
The meeting room as parts: what each one shows, as plain values, in a number of queries that does not grow.

A part is drawn from its values alone, so a digest of them tells whether a browser still shows what stands. Read anew
each time, whatever changed it: the other secretary's room, a page of the admin, a command.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Affiliation, Country, Organisation, Sector
from portal.core.steps import admin_address
from resources.models.resource import Audience
from steering import attendance, quorum
from steering.composition import Place
from steering.models import ActionItem, AgendaItem, Attendance, Decision, Meeting, Note
from steering.quorum import Chair, Tally
from steering.room import stamp

Slots = Mapping[str, list["Part"]]
PICTURE = 240
"""Width of the drawn quorum, in its own units."""

BLANK = {"text_es": "", "text_en": ""}
BLANK_DECISION = BLANK | {"method": Decision.Method.CONSENSUS.value, "votes": [None, None, None]}
BLANK_ACTION = BLANK | {"organisation": None, "due": None}


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
    undecided = [item for item in items if _is_undecided(item)]
    return Room(
        meeting=meeting,
        open=is_open,
        quorum=_quorum(meeting, bool(lines)),
        attendance=Part("attendance", "", {"open": is_open, "listed": bool(lines)}),
        seats=[_seat(place, by_seat[place.seat.pk], meeting, is_open) for place in places],
        others=[_line(line, meeting, [line], is_open) for line in guests],
        guests=Part("guests", "", {"open": is_open}),
        items=_items(items, meeting, is_open),
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


def _is_decided(item: AgendaItem) -> bool:
    """Is there a decision that stands? Read from rows that were fetched before."""
    return any(decision.state != Decision.State.ANNULLED for decision in item.decisions.all())


def _is_undecided(item: AgendaItem) -> bool:
    """For decision, and neither decided nor left to the next meeting."""
    is_left = item.state == AgendaItem.State.DEFERRED
    return item.kind in AgendaItem.NEEDS_DECISION and not is_left and not _is_decided(item)


# --- The quorum ------------------------------------------------------------------------------------------------------


def _quorum(meeting: Meeting, is_listed: bool) -> Part:
    """The count now; as it was kept, once the meeting has been held."""
    kept, basis = meeting.quorum_snapshot, attendance.basis_of(meeting)
    if kept:
        tally = Tally(**{name: tuple(v) if isinstance(v, list) else v for name, v in kept["best"].items()})
    else:
        here = quorum.speakers(attendance.presences_of(meeting), timezone.now())
        tally = quorum.tally(basis.rule, basis.chairs, here)
    shown = {
        "kept": bool(kept),
        "listed": is_listed,
        "reached": tally.reached,
        "counted": tally.counted,
        "filled": tally.filled,
        "needed": tally.needed,
        "seats": tally.missing_seats,
        "sectors": tally.missing_sectors,
        "countries": tally.missing_countries,
        "marks": _marks(tally),
        "line": _step(tally.filled) * min(tally.needed, tally.filled),
        **_breadth(tally, basis.chairs),
    }
    return Part("quorum", "", shown)


def _step(filled: int) -> int:
    return PICTURE // max(1, filled)


def _marks(tally: Tally) -> list[tuple[int, int, bool]]:
    """A mark for each filled seat: where it begins, how wide it is, and whether somebody speaks for it."""
    step = _step(tally.filled)
    return [(n * step, max(2, step - 3), n < tally.counted) for n in range(tally.filled)]


def _breadth(tally: Tally, chairs: list[Chair]) -> dict[str, list[str]]:
    """Sectors and countries of the filled seats, those that are here and those that are not, by name."""
    names = {row.slug: str(row) for row in Sector.objects.all()} | {row.code: str(row) for row in Country.objects.all()}
    every = {"sectors": {chair.sector for chair in chairs}, "countries": {chair.country for chair in chairs}}
    found = {}
    for what, here in (("sectors", tally.sectors), ("countries", tally.countries)):
        found[f"{what}_here"] = sorted(names.get(code, code) for code in here)
        found[f"{what}_away"] = sorted(names.get(code, code) for code in every[what] - {"", *here})
    return found


# --- Who is here -----------------------------------------------------------------------------------------------------


def _seat(place: Place, lines: list[Attendance], meeting: Meeting, is_open: bool) -> Part:
    shown = {
        "label": place.seat.shown_label,
        "organisation": str(place.organisation) if place.organisation else "",
        "short": place.organisation.short_name if place.organisation else "",
        "voting": place.seat.voting,
        "carried": place.is_carried_over,
        "unnamed": bool(place.term) and not place.people,
        "open": is_open,
    }
    slots = {"lines": [_line(line, meeting, lines, is_open, f"seat-{place.seat.pk}-lines") for line in lines]}
    return Part("seat", str(place.seat.pk), shown, slots=slots)


def _line(
    line: Attendance, meeting: Meeting, of_seat: list[Attendance], is_open: bool, inside: str = "others-lines"
) -> Part:
    shown = {
        "pk": line.pk,
        "name": line.name,
        "organisation": "" if line.term_id else line.organisation_name,
        "capacity": line.get_capacity_display(),
        "status": line.status,
        "state": line.get_status_display(),
        "there": line.is_there,
        "arrived": _clock(line.arrived_at, meeting),
        "left": _clock(line.left_at, meeting),
        "says": _says(line, of_seat),
        "counted": line.counted,
        "open": is_open,
    }
    return Part("line", str(line.pk), shown, inside, seen=stamp(line))


def _clock(at: object, meeting: Meeting) -> str:
    return at.astimezone(meeting.zone).strftime("%H:%M") if at else ""


def _says(line: Attendance, of_seat: list[Attendance]) -> str:
    """Who speaks for the seat, where it is not plain: two of them are here, or an alternate stands in."""
    if not line.is_there or not line.term_id:
        return ""
    speaker = next((other for other in of_seat if other.counted), None)
    if line.counted:
        alone = not any(other.is_there and other != line for other in of_seat)
        if line.order == 0 and alone:
            return ""
        return _("Speaks for the seat.")
    if line.left_at:
        return _("Has left.")
    return _("Is here, but only %(name)s counts for this seat.") % {"name": speaker.name} if speaker else ""


# --- The agenda ------------------------------------------------------------------------------------------------------


def _items(items: list[AgendaItem], meeting: Meeting, is_open: bool) -> list[Part]:
    """The first that is still to be treated is unfolded."""
    parts = [_item(item, meeting, is_open) for item in items]
    waiting = [part for item, part in zip(items, parts, strict=True) if item.state == AgendaItem.State.PLANNED]
    for part in waiting[:1] if is_open else parts:
        part.expanded = True
    return parts


def _item(item: AgendaItem, meeting: Meeting, is_open: bool) -> Part:
    pk, takes = str(item.pk), is_open and item.state != AgendaItem.State.DEFERRED
    notes = {note.language: note for note in item.notes.all()}
    decisions = sorted(item.decisions.all(), key=lambda row: row.number)
    actions = sorted(item.action_items.all(), key=lambda row: row.number)
    slots = {
        "head": [Part("head", pk, _head(item))],
        "matter": [Part("matter", pk, _matter(item, is_open))],
        "notes": [_note(notes.get(code) or Note(item=item, language=code), meeting, is_open) for code in Note.Language],
        "decisions": [_decision(row, is_open) for row in decisions],
        "decide": [Part("decide", pk, BLANK_DECISION | {"pk": item.pk, "open": takes, "visibility": item.visibility})],
        "actions": [_action(row, is_open) for row in actions],
        "assign": [Part("assign", pk, BLANK_ACTION | {"pk": item.pk, "open": is_open})],
    }
    return Part("item", pk, {"pk": item.pk}, "agenda", slots)


def _head(item: AgendaItem) -> dict[str, object]:
    return {
        "pk": item.pk,
        "position": item.position,
        "title": item.shown_title,
        "kind": item.get_kind_display(),
        "minutes": item.minutes,
        "state": item.state,
        "said": item.get_state_display(),
        "undecided": _is_undecided(item),
    }


def _matter(item: AgendaItem, is_open: bool) -> dict[str, object]:
    return {
        "pk": item.pk,
        "title": item.shown_title,
        "presenter": item.presenter,
        "readers": item.get_visibility_display(),
        "carried": item.times_carried,
        "papers": [(str(paper), paper.get_absolute_url()) for paper in item.papers.all()],
        "state": item.state,
        "decided": _is_decided(item),
        "open": is_open,
    }


def _note(note: Note, meeting: Meeting, is_open: bool) -> Part:
    shown = {
        "item": note.item.pk,
        "position": note.item.position,
        "language": note.language,
        "in": note.get_language_display(),
        "text": note.text,
        "by": str(note.by) if note.by else "",
        "at": _clock(note.at, meeting),
        "open": is_open,
    }
    part = Part("note", f"{note.item.pk}-{note.language}", shown, seen=stamp(note))
    part.saved = " · ".join(word for word in (shown["at"], shown["by"]) if word)
    return part


def _decision(row: Decision, is_open: bool) -> Part:
    shown = {
        "pk": row.pk,
        "code": row.code,
        "text_es": row.text_es or "",
        "text_en": row.text_en or "",
        "method": row.method,
        "how": row.get_method_display(),
        "votes": [row.votes_for, row.votes_against, row.abstentions],
        "visibility": row.visibility,
        "readers": row.get_visibility_display(),
        "annulled": row.state == Decision.State.ANNULLED,
        "ad_referendum": row.ad_referendum,
        "open": is_open and row.state == Decision.State.RECORDED,
        "page": admin_address(row),
    }
    return Part("decision", str(row.pk), shown, f"item-{row.item_id}-decisions", seen=stamp(row))


def _action(row: ActionItem, is_open: bool) -> Part:
    shown = {
        "pk": row.pk,
        "code": row.code,
        "text_es": row.text_es or "",
        "text_en": row.text_en or "",
        "organisation": row.organisation_id,
        "who": str(row.organisation),
        "due": row.due,
        "state": row.get_state_display(),
        "open": is_open and row.is_open,
        "page": admin_address(row),
    }
    return Part("action", str(row.pk), shown, f"item-{row.item_id}-actions", seen=stamp(row))


def words_of(row: models.Model) -> str:
    """What stands in a row of the room, as a person would say it: shown beside what somebody else wants there."""
    if isinstance(row, Attendance):
        times = [_clock(at, row.meeting) for at in (row.arrived_at, row.left_at)]
        return " · ".join(part for part in (row.get_status_display(), " – ".join(times) if any(times) else "") if part)
    if isinstance(row, Note):
        return row.text
    texts = [text for text in (row.text_es, row.text_en) if text]
    if isinstance(row, Decision):
        votes = [str(n) for n in (row.votes_for, row.votes_against, row.abstentions) if n is not None]
        return "\n".join([*texts, " · ".join([row.get_method_display(), *votes, row.get_visibility_display()])])
    return "\n".join([*texts, f"{row.organisation} · {row.due:%Y-%m-%d}"])
