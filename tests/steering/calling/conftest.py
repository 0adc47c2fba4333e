"""A body that calls people, and who calls them."""

import pytest

from network.models import User
from steering.models import Body
from tests.conftest import signed_in
from tests.steering import room


@pytest.fixture
def body() -> Body:
    body = room.committee()
    for sector in ("government", "un"):
        room.filled(body, room.organisation(sector))
    return body


@pytest.fixture
def client_(secretary: User):
    return signed_in(secretary)
