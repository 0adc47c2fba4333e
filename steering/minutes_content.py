"""The whole record of a meeting as plain values: what goes round, is hashed, approved and shown ever after."""

import hashlib
import json
from datetime import date, datetime

from django.db import models
from django.urls import reverse

from steering.models import AgendaItem, Attendance, Decision, Meeting, Minutes
from steering.models.meeting import is_wider

Content = dict[str, object]


def compile_content(minutes: Minutes) -> Content:
    """Meeting, presence, items with their texts, decisions and action items. The address of the call is not in it."""
    meeting = minutes.meeting
    texts = {section.item_id: _both(section, "text") for section in minutes.sections.all()}
    items = meeting.items.prefetch_related("decisions__supersedes", "action_items__organisation", "papers")
    return {
        "meeting": {
            "code": meeting.code,
            "body": _both(meeting.body, "name"),
            "title": _both(meeting, "title"),
            "mode": meeting.mode,
            "begins": meeting.local_start.isoformat(),
            "ends": meeting.local_end.isoformat(),
            "timezone": meeting.timezone,
            "place": meeting.place,
        },
        "revision": minutes.revision,
        "reason": minutes.reason,
        "quorum": meeting.quorum_snapshot,
        "attendance": [_line(line, meeting) for line in meeting.attendance.all()],
        "items": [_item(item, texts.get(item.pk, _both(None, "text"))) for item in items],
    }


def digest(content: Content) -> str:
    """SHA-256 of the content in one spelling: sorted names, no spaces, UTF-8."""
    spelled = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()


def _both(row: models.Model | None, field: str) -> dict[str, str]:
    return {language: getattr(row, f"{field}_{language}", None) or "" for language in ("es", "en")}


def _line(line: Attendance, meeting: Meeting) -> Content:
    zone = meeting.zone
    return {
        "name": line.name,
        "organisation": line.organisation_name,
        "capacity": line.capacity,
        "status": line.status,
        "arrived": line.arrived_at.astimezone(zone).strftime("%H:%M") if line.arrived_at else "",
        "left": line.left_at.astimezone(zone).strftime("%H:%M") if line.left_at else "",
        "counted": line.counted,
    }


def _item(item: AgendaItem, text: dict[str, str]) -> Content:
    return {
        "position": item.position,
        "title": _both(item, "title"),
        "kind": item.kind,
        "state": item.state,
        "visibility": item.visibility,
        "presenter": item.presenter,
        "text": text,
        "papers": [
            {"id": paper.pk, "title": str(paper)}
            for paper in item.papers.all()
            if not is_wider(item.visibility, paper.audience)
        ],
        "decisions": [
            {
                "code": decision.code,
                "text": _both(decision, "text"),
                "state": decision.state if decision.state == "annulled" else "",
                "method": decision.method,
                "votes": [decision.votes_for, decision.votes_against, decision.abstentions],
                "dissent": decision.dissent,
                "ad_referendum": decision.ad_referendum,
                "visibility": decision.visibility,
                "supersedes": decision.supersedes.code if decision.supersedes else "",
            }
            for decision in item.decisions.all()
        ],
        "actions": [
            {
                "code": action.code,
                "text": _both(action, "text"),
                "organisation": str(action.organisation),
                "due": action.due.isoformat(),
            }
            for action in item.action_items.all()
        ],
    }


# --- Shown -----------------------------------------------------------------------------------------------------------


def readable(content: Content, audiences: list[str]) -> Content:
    """
    The content as readers of these audiences may see it, with labels in the active language.

    Items for others keep their place, and nothing else of them is told.
    """
    shown = [_readable_item(item, audiences) for item in content["items"]]
    codes = {"capacity": Attendance.Capacity, "status": Attendance.Status}
    lines = [line | _labels(line, **codes) for line in content["attendance"]]
    here = [line for line in lines if line["status"] in (Attendance.Status.IN_PERSON, Attendance.Status.REMOTE)]
    away = [line for line in lines if line not in here and not _was_not_needed(line, here)]
    meeting = content["meeting"] | _labels(content["meeting"], mode=Meeting.Mode)
    times = {name: datetime.fromisoformat(meeting[name]) for name in ("begins", "ends")}
    return {**content, "meeting": meeting | times, "items": shown, "here": here, "away": away}


def _was_not_needed(line: Content, here: list[Content]) -> bool:
    """An alternate who stayed at home while somebody else of the organisation was there is not called absent."""
    stayed = (line["capacity"], line["status"]) == (Attendance.Capacity.SUPLENTE, Attendance.Status.ABSENT)
    return stayed and line["organisation"] in {other["organisation"] for other in here}


def _readable_item(item: Content, audiences: list[str]) -> Content:
    if item["visibility"] not in audiences:
        return {"position": item["position"], "reserved": True}
    decisions = [
        decision | _labels(decision, method=Decision.Method) | {"address": _address(decision)}
        for decision in item["decisions"]
        if decision["visibility"] in audiences
    ]
    actions = [action | {"due": date.fromisoformat(action["due"])} for action in item["actions"]]
    labels = _labels(item, kind=AgendaItem.Kind, state=AgendaItem.State)
    return item | labels | {"decisions": decisions, "actions": actions}


def _address(decision: Content) -> str:
    """Its thread; an annulled one has none."""
    return "" if decision["state"] else reverse("steering:decision", args=decision["code"].rsplit("/", 1))


def _labels(row: Content, **choices: type[models.TextChoices]) -> dict[str, str]:
    """`kind_label` beside `kind`, and so on."""
    return {f"{name}_label": str(codes(row[name]).label) for name, codes in choices.items()}
