"""Kill -9 in the middle of the real commands, a few times; `tests.evaluation.kills` does it more often."""

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings as ours
from django.db import connection

from network.models import Organisation
from portal.core import locks
from resources import harvesting, tidying
from resources.models import File, Gathering, Resource, Source
from tests import factories
from tests.evaluation import kills
from tests.resources.handing_in import stored
from tests.resources.harvesting.repository import Repository, served


@pytest.fixture
def oim(transactional_db) -> Organisation:
    return factories.organisation("oim")


@pytest.fixture
def env(settings) -> dict[str, str]:
    """What makes a process work on this test's database and store."""
    db = connection.settings_dict
    url = f"sqlite:///{db['NAME']}"
    if connection.vendor == "postgresql":
        host = f"{db['HOST']}:{db['PORT']}" if db["PORT"] else db["HOST"]
        url = f"postgres://{db['USER']}:{db['PASSWORD']}@{host}/{db['NAME']}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": kills.SETTINGS,
        "STATIC_FOLDER": str(ours.STATIC_ROOT),
        "DATABASE_URL": url,
        "STORAGE_URL": settings.STORAGES["default"]["OPTIONS"]["location"],
    }


@pytest.mark.parametrize("command", [kills.harvest, kills.ingest, kills.letters])
def test_a_killed_command_is_taken_up_where_it_was(
    oim: Organisation, env: dict[str, str], monkeypatch, command
) -> None:
    monkeypatch.setattr(kills, "FILES", 3)
    monkeypatch.setattr(kills, "RECORDS", 9)
    monkeypatch.setattr(kills, "TO_A_PAGE", 3)
    monkeypatch.setattr(kills, "LETTERS", 2)
    with command(oim, env) as trial:
        total = Resource.objects.count()
        assert total == {kills.harvest: 9, kills.ingest: 3, kills.letters: 4}[command]
        assert kills.told("x", trial, 2) == 0


def test_a_second_harvest_of_a_source_is_told_of_the_first(oim: Organisation, env, settings) -> None:
    settings.OUTGOING_ALLOW_LOOPBACK = True
    repository = Repository(to_a_page=1)
    for number in range(20):
        repository.put(str(number))
    with served(repository, oim) as source:
        trial = kills.Trial(["harvest", "x"], env, lambda: None)
        with trial._process() as process:
            while process.poll() is None and not Gathering.objects.exists():
                pass
            with pytest.raises(harvesting.Busy, match="Repositorio X"):
                harvesting.harvest(source, pause=0)
            process.kill()
        assert _harvested_soon(source)  # nobody has to wait after a kill but for the server to see it
    assert Resource.objects.count() == 20


def _harvested_soon(source: Source) -> bool:
    for _try in range(100):
        with suppress(harvesting.Busy):
            return bool(harvesting.harvest(source, pause=0))
        time.sleep(0.1)
    return False


def test_a_lock_is_free_again_after_an_error(db) -> None:
    with pytest.raises(ZeroDivisionError), locks.held("x"):
        raise ZeroDivisionError
    with locks.held("x"), locks.held("y"):
        pass


def test_bytes_without_a_row_are_swept_and_others_are_not(db, settings) -> None:
    storage = File._meta.get_field("content").storage
    row = factories.file_of(factories.resource(factories.organisation()))
    for name in ("ab/" + "a" * 32, "ab/" + "b" * 32, "ab/read.me", "zz/" + "c" * 32):
        path = Path(storage.location, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    row.content.name = "ab/" + "a" * 32
    row.save()
    assert tidying.sweep() == 0  # they may only just be on their way in
    assert tidying.sweep(older_than=tidying.PATIENCE * 0) == 1
    assert sorted(path.name for path in stored(settings)) == ["a" * 32, "c" * 32, "read.me"]
