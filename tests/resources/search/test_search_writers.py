"""Several writers and readers at once, on whichever database."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from resources import search
from resources.models import Resource
from tests.resources.search.builders import counted, found, work


def at_once(*jobs: Callable[[], None]) -> list[BaseException]:
    """Run the jobs in threads of their own; what they raised."""
    raised: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


@pytest.fixture
def shelf(transactional_db) -> list[int]:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("Threads share one connection to a database in memory; processes are tried below.")
    return [work(f"malaria {number}", indexed=False).pk for number in range(30)]


def test_two_writers_and_a_rebuild_lose_nothing(shelf):
    def some(pks: list[int]) -> Callable[[], None]:
        def job() -> None:
            for pk in pks:
                with transaction.atomic():
                    Resource.objects.filter(pk=pk).update(title_es=f"malaria dengue {pk}")
                    search.index([pk])

        return job

    def read() -> None:
        for _ in range(50):
            result = search.search(search.Query(text="malaria"))
            assert sum(counted(result, "type").values()) == result.total

    assert at_once(some(shelf[::2]), some(shelf[1::2]), some(shelf[::-1]), search.rebuild, read) == []
    assert found("dengue") == found("malaria") == set(shelf)
    before = search.search(search.Query(text="malaria"), size=100)
    search.rebuild()
    assert search.search(search.Query(text="malaria"), size=100) == before


def test_a_work_withdrawn_during_a_rebuild_stays_away(shelf, monkeypatch):
    from resources.search import contents

    search.index(shelf)
    reading = contents.read

    def withdraw_meanwhile(pks):
        yield from reading(pks)
        monkeypatch.setattr(contents, "read", reading)
        Resource.objects.filter(pk=shelf[0]).update(status="withdrawn")
        search.index([shelf[0]])

    monkeypatch.setattr(contents, "read", withdraw_meanwhile)
    search.rebuild()
    assert found("malaria") == set(shelf[1:])


WRITER = """
import sys
from django.db import transaction
from resources import search
from resources.models import Resource
for pk in sorted(Resource.objects.values_list("pk", flat=True))[int(sys.argv[-1])::2]:
    with transaction.atomic():
        Resource.objects.filter(pk=pk).update(title_es=f"malaria dengue {pk}")
        search.index([pk])
    assert search.search(search.Query(text="malaria")).total == 40
"""
SHELF = """
from tests.resources.search.builders import work
for number in range(40):
    work(f"malaria {number}")
"""
CHECK = """
from resources import search
from resources.search import bitmaps
from resources.search.models import Posting
found = search.search(search.Query(text="dengue"))
assert found.total == 40, found.total
before = {key: bitmaps.unpack(data) for key, data in Posting.objects.values_list("key", "data")}
search.rebuild()
after = {key: bitmaps.unpack(data) for key, data in Posting.objects.values_list("key", "data")}
assert after == before, {key for key in after.keys() | before.keys() if after.get(key) != before.get(key)}
"""


def test_two_processes_write_one_file(tmp_path):
    """The same with SQLite as it is deployed: a file, and processes that wait for each other."""
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'shelf.sqlite3'}"}

    def start(code: str, *arguments: str) -> subprocess.Popen[bytes]:
        setup = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'portal.settings'; django.setup()\n"
        return subprocess.Popen(
            [sys.executable, "-c", setup + code, *arguments], cwd=settings.BASE_DIR, env=environment
        )

    migrate = "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
    assert start(migrate + SHELF).wait(120) == 0
    writers = [start(WRITER, "0"), start(WRITER, "1"), start("from resources import search; search.rebuild()")]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    assert start(CHECK).wait(120) == 0
