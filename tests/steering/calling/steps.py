"""Meetings that are called, and the steps by which they are."""

from datetime import timedelta

from django.utils import timezone

from steering.models import Body, Meeting
from tests.steering import room

DAY = timedelta(days=1)


def soon(days: int = 9) -> str:
    return (timezone.localdate() + days * DAY).isoformat()


def planned(body: Body, **fields: object) -> Meeting:
    return room.meeting(body, **{"day": soon(), **fields})


def convened(body: Body, **fields: object) -> Meeting:
    return room.convened(body, **{"day": soon(), **fields})


def move(client, meeting: Meeting, **values: object) -> object:
    given = {"day": soon(23), "begins": "09:00", "hours": "3", "mode": "online", "zone": "America/Guatemala"}
    return room.take(client, meeting, "move", **{**given, "reason": "Feriado", **values})


def asks(client, meeting: Meeting, step: str) -> str:
    """The page between the button and the step."""
    return client.post(room.page_of(meeting), {"CHANGE_FORM-action": step, "_selected_action": meeting.pk}).text


def held_back(settings) -> None:
    """The worker rests."""
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}


def let_go(settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
