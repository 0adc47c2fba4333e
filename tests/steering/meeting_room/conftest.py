"""A meeting that runs, and two people who write it down."""

import pytest

from network.models import User
from steering import meetings
from steering.models import Body, Meeting
from tests.conftest import signed_in
from tests.steering import room
from tests.steering.meeting_room.forms import PAST, send


@pytest.fixture
def client_(secretary: User):
    return signed_in(secretary)


@pytest.fixture
def other(coordinator: User):
    return signed_in(coordinator)


@pytest.fixture
def body() -> Body:
    body = room.committee(min_sectors=2)
    for sector in ("government", "un", "academia"):
        room.filled(body, room.organisation(sector))
    return body


@pytest.fixture
def meeting(body: Body) -> Meeting:
    """It runs: three seats, two and two sectors are needed; one item for discussion, one for decision."""
    made = room.meeting(body, day=PAST)
    room.item(made, kind="decision", title_es="Plan 2027")
    meetings.convene(made, by=None)
    return made


@pytest.fixture
def listed(client_, meeting: Meeting) -> Meeting:
    send(client_, meeting, "list/")
    return meeting
