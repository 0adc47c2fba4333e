"""The agenda: items with their notes, decisions and action items."""

from portal.core.steps import admin_address
from steering.models import ActionItem, AgendaItem, Decision, Meeting, Note
from steering.room import stamp
from steering.room_parts.part import Part, clock

BLANK = {"text_es": "", "text_en": ""}
BLANK_DECISION = BLANK | {"method": Decision.Method.CONSENSUS.value, "votes": [None, None, None]}
BLANK_ACTION = BLANK | {"organisation": None, "due": None}


def items(rows: list[AgendaItem], meeting: Meeting, is_open: bool) -> list[Part]:
    """The first that is still to be treated is unfolded."""
    parts = [_item(item, meeting, is_open) for item in rows]
    waiting = [part for item, part in zip(rows, parts, strict=True) if item.state == AgendaItem.State.PLANNED]
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
        "undecided": is_undecided(item),
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
        "at": clock(note.at, meeting),
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


def _is_decided(item: AgendaItem) -> bool:
    """Is there a decision that stands? Read from rows that were fetched before."""
    return any(decision.state != Decision.State.ANNULLED for decision in item.decisions.all())


def is_undecided(item: AgendaItem) -> bool:
    """For decision, and neither decided nor left to the next meeting."""
    is_left = item.state == AgendaItem.State.DEFERRED
    return item.kind in AgendaItem.NEEDS_DECISION and not is_left and not _is_decided(item)
