"""
Kill -9 at random moments of a harvest and of an ingest, then run to the end: the library must be as after one run.

    uv run python -m tests.evaluation.kills [--moments 10] [--server postgres://user@host:port/name] [--folder FOLDER]

Real processes of `manage.py` on a throwaway database. Prints one line per moment; exits with 1 if anything was lost,
came in twice or was left half done. Without FOLDER the files are small ones made for it.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.bench import scratch

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = "tests.evaluation.settings"
RECORDS, TO_A_PAGE = 40, 5
FILES = 10


@dataclass
class Trial:
    """A command that is killed and run again: how to begin from nothing, and what the library then holds."""

    words: list[str]
    env: dict[str, str]
    reset: Callable[[], object]
    has_begun: Callable[[], bool] = lambda: True
    seconds: float = 0
    whole: str = ""

    def measure(self) -> None:
        """One undisturbed run: how long it takes and what it leaves."""
        self.reset()
        started = time.monotonic()
        with self._process() as process:
            process.wait()
        self.seconds = time.monotonic() - started
        self.whole = holding()

    def kill(self, works: int, after: float) -> tuple[str, int, int]:
        """
        Kill it so many seconds after it has begun and brought so many works, then run it to its end.

        Says what is wrong then, how many works there were at the kill, and how many stray files were swept.
        """
        from resources.models import Resource
        from resources.tidying import sweep

        self.reset()
        with self._process() as process:
            while process.poll() is None and not (self.has_begun() and Resource.objects.count() >= works):
                time.sleep(0.02)
            time.sleep(after)
            process.kill()
        kept = Resource.objects.count()
        with self._process() as process:
            failed = process.wait(120)
        swept = sweep(older_than=timedelta(0))
        wrong = f"exit code {failed}" if failed else unlike(self.whole, holding()) or strays()
        return wrong, kept, swept

    @contextmanager
    def _process(self) -> Iterator[subprocess.Popen]:
        command = [sys.executable, "manage.py", *self.words]
        with subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            yield process


def holding() -> str:
    """Everything the library holds, without numbers that differ from run to run."""
    from resources import description
    from resources.models import Gathered, Resource, Source

    works = sorted(
        json.dumps(
            [
                description.of_work(work),
                work.status,
                sorted(work.origins.values_list("field", "origin", "detail")),
                [(file.sha256, file.state, file.texts.count()) for file in work.files.all()],
                list(work.state_changes.values_list("to", flat=True)),
            ]
        )
        for work in Resource.objects.all()
    )
    lines = sorted(Gathered.objects.values_list("key", "outcome", "decision"))
    places = list(Source.objects.values_list("harvested_until", "token", "token_since"))
    return json.dumps([works, lines, places], indent=1)


def unlike(one: str, other: str) -> str:
    if one == other:
        return ""
    works, there = json.loads(one)[0], json.loads(other)[0]
    lost, odd = len(set(works) - set(there)), len(set(there) - set(works))
    return f"{len(there)} works instead of {len(works)}: {lost} lost, {odd} other, {len(there) - len(set(there))} twice"


def strays() -> str:
    """Rows without their bytes, or bytes without a row."""
    from resources.models import File

    storage = File._meta.get_field("content").storage
    rows = {name for pair in File.objects.values_list("content", "thumbnail") for name in pair if name}
    base = Path(storage.location)
    stored = {str(path.relative_to(base)) for path in base.rglob("*") if path.is_file()}
    if rows == stored:
        return ""
    return f"{len(rows - stored)} rows without bytes, {len(stored - rows)} bytes without a row"


# --- The two commands ------------------------------------------------------------------------------------------------


def emptied() -> None:
    """The library as before the first run."""
    from resources import actions
    from resources.models import Gathering, Resource, Source

    Gathering.objects.all().delete()
    Source.objects.update(harvested_until="", token="", token_since="")
    for work in Resource.objects.all():
        actions.delete(work, by=None)


@contextmanager
def harvest(organisation: object, env: dict[str, str]) -> Iterator[Trial]:
    """`manage.py harvest` of an honest repository, measured."""
    from tests.resources.harvesting.repository import Repository, served

    repository = Repository(to_a_page=TO_A_PAGE)
    for number in range(RECORDS):
        about = {"creator": f"Autora {number}", "date": "2021-05", "subject": f"palabra {number % 7}"}
        repository.put(str(number), f"Documento {number} sobre migración", **about)

    def reset() -> None:
        emptied()
        repository.asked.clear()

    with served(repository, organisation):
        trial = Trial(["harvest", "x"], env, reset, lambda: bool(repository.asked))
        trial.measure()
        yield trial


@contextmanager
def ingest(organisation: object, env: dict[str, str], folder: Path | None = None) -> Iterator[Trial]:
    """`manage.py ingest --publish` of a folder, measured."""
    from tests.resources import documents

    with tempfile.TemporaryDirectory(prefix="kills-") as made:
        for number in range(0 if folder else FILES):
            Path(made, f"{number}.pdf").write_bytes(documents.pdf(word=f"palabra{number}"))
        words = ["ingest", str(folder or made), "--organisation", organisation.slug, "--publish"]
        trial = Trial(words, env, emptied)
        trial.measure()
        yield trial


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--moments", type=int, default=10)
    parser.add_argument("--server", default="", help="a PostgreSQL server; SQLite without")
    parser.add_argument("--folder", type=Path, help="ingest these files")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random.seed(options.seed)
    with scratch.throwaway(options.server):
        from tests import factories

        os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS  # of the processes; ours has its settings already
        organisation, env = factories.organisation("oim"), dict(os.environ)
        with harvest(organisation, env) as trial:
            bad = told("harvest", trial, options.moments)
        with ingest(organisation, env, options.folder) as trial:
            bad += told("ingest", trial, options.moments)
        shutil.rmtree(os.environ["STORAGE_URL"], ignore_errors=True)
    return 1 if bad else 0


def told(name: str, trial: Trial, moments: int) -> int:
    """Kill at so many moments of the work, never before it or after it; how many left something wrong."""
    works = len(json.loads(trial.whole)[0])
    print(f"{name}: {works} works in {trial.seconds:.1f} s undisturbed")
    bad = 0
    for number in range(1, moments + 1):
        wrong, kept, swept = trial.kill(random.randrange(works), random.uniform(0, 0.6))
        bad += bool(wrong)
        print(f"  {number:2}. killed with {kept:3} works: {wrong or 'as undisturbed'}; {swept} stray files swept")
    return bad


if __name__ == "__main__":
    sys.exit(main())
