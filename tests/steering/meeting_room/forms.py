"""The forms of the meeting room, as its page sends them."""

import re
from uuid import uuid4

from django.http import HttpResponseBase

from steering.models import AgendaItem, Attendance, Meeting

PAST = "2026-03-03"


def address(meeting: Meeting, end: str = "") -> str:
    return f"/admin/steering/meeting/{meeting.pk}/room/{end}"


def page(client, meeting: Meeting) -> str:
    answer = client.get(address(meeting))
    assert answer.status_code == 200
    return answer.text


def known(shown: str) -> list[str]:
    return re.findall(r'name="known" value="([^"]+)"', shown)


def send(client, meeting: Meeting, end: str, *, htmx: bool = False, **values: object) -> HttpResponseBase:
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(address(meeting, end), values, headers=headers)


def note(client, item: AgendaItem, text: str, *, seen: object = 0, language: str = "es", **more: object):
    values = {"text": text, "seen": seen, **more}
    return send(client, item.meeting, f"items/{item.pk}/notes/{language}/", htmx=True, **values)


def shown_line(client, line: Attendance) -> str:
    """What the page gives a line's form to send back."""
    part = page(client, line.meeting).split(f'id="line-{line.pk}-state"')[1]
    return re.search(r'name="seen" value="([^"]*)"', part)[1]


def mark(client, line: Attendance, status: str = "in_person", **values: object) -> HttpResponseBase:
    given = {"seen": shown_line(client, line), "status": status, **values}
    return send(client, line.meeting, f"lines/{line.pk}/", htmx=True, **given)


def decide(client, item: AgendaItem, *, htmx: bool = True, **values: object) -> HttpResponseBase:
    given = {"text_es": "Se aprueba.", "method": "consensus", "visibility": "committee", "key": uuid4(), **values}
    return send(client, item.meeting, f"items/{item.pk}/decisions/", htmx=htmx, **given)
