"""A source on this machine, with four records."""

import pytest

from network.models import Organisation
from resources.models import Source
from tests.resources.harvesting.repository import Repository, served


@pytest.fixture(autouse=True)
def _loopback(settings) -> None:
    settings.OUTGOING_ALLOW_LOOPBACK = True


@pytest.fixture
def source(oim: Organisation, repository: Repository) -> Source:
    with served(repository, oim) as source:
        yield source


@pytest.fixture
def repository() -> Repository:
    found = Repository()
    about = {"creator": "Pérez, Ana|OPS", "type": "report", "subject": "vih"}
    found.put("uno", "Salud mental de migrantes", date="2021-05", **about)
    for name in ("dos", "tres", "cuatro"):
        found.put(name, identifier=f"https://repo.example.org/handle/{name}")
    return found
