"""
Kill -9 at random moments of a harvest, an ingest, a fetch of mail and an import, then run to the end: as after one run.

    uv run python -m tests.evaluation.kills [--moments 10] [--server postgres://user@host:port/name] [--folder FOLDER]
        [--only harvest|ingest|fetch_mail|import_references]

Real processes of `manage.py` on a throwaway database. A moment counts when the process was still at work; prints one
line for each, and exits with 1 if anything was lost, came in twice or was left half done, or if too few counted.
Without FOLDER the files are small ones made for it.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

from tests.bench import scratch

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = "tests.evaluation.settings"
RECORDS, TO_A_PAGE = 40, 5
FILES = 10
LETTERS = 5
REFERENCES = 400
MOST_TRIES = 3
"""For one moment: some come too late."""


@dataclass
class Trial:
    """A command that is killed and run again: how to begin from nothing, and what the library then holds."""

    words: list[str]
    env: dict[str, str]
    reset: Callable[[], object]
    has_begun: Callable[[], bool] = lambda: True
    keeps_lines: bool = True
    """Does a second run go on with the lines of the first? A list that is brought again has lines of its own."""
    seconds: float = 0
    whole: str = ""

    def measure(self) -> None:
        """One undisturbed run: how long it takes and what it leaves."""
        self.reset()
        started = time.monotonic()
        with self._process() as process:
            process.wait()
        self.seconds = time.monotonic() - started
        self.whole = holding(lines=self.keeps_lines)

    def kill(self, works: int, after: float) -> tuple[str, int, int] | None:
        """
        Kill it so many seconds after it has begun and brought so many works, then run it to its end.

        Says what is wrong then, how many works there were at the kill, and how many stray files were swept; nothing
        where it had ended before.
        """
        from resources.models import Resource
        from resources.tidying import sweep

        self.reset()
        with self._process() as process:
            while process.poll() is None and not (self.has_begun() and Resource.objects.count() >= works):
                time.sleep(0.02)
            time.sleep(after)
            process.kill()
        if process.returncode != -signal.SIGKILL:
            return None
        kept = Resource.objects.count()
        with self._process() as process:
            failed = process.wait(120)
        swept = sweep(older_than=timedelta(0))
        wrong = f"exit code {failed}" if failed else unlike(self.whole, holding(lines=self.keeps_lines)) or strays()
        return wrong, kept, swept

    @contextmanager
    def _process(self) -> Iterator[subprocess.Popen]:
        command = [sys.executable, "manage.py", *self.words]
        with subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            yield process


DELIVER = "portal.core.mail.deliver"


def holding(*, lines: bool = True) -> str:
    """Everything the library holds, without numbers that differ from run to run."""
    from django_ox.models import OxTask

    from resources import description
    from resources.models import Gathered, Letter, Resource, Source

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
    taken = sorted(Gathered.objects.values_list("key", "outcome", "decision")) if lines else []
    places = list(Source.objects.values_list("harvested_until", "token", "token_since"))
    letters = [(letter.digest, letter.done_at is not None) for letter in Letter.objects.order_by("digest")]
    answers = sorted(
        [to, subject] for subject, _text, to in OxTask.objects.filter(task_path=DELIVER).values_list("args", flat=True)
    )
    return json.dumps([works, taken, places, letters, answers], indent=1)


def unlike(one: str, other: str) -> str:
    if one == other:
        return ""
    (works, *rest), (there, *rest_there) = json.loads(one), json.loads(other)
    if works == there:
        return next(f"{was} became {now}" for was, now in zip(rest, rest_there, strict=True) if was != now)
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


# --- The four commands -----------------------------------------------------------------------------------------------


def emptied() -> None:
    """The library as before the first run."""
    from django_ox.models import OxTask

    from resources import actions
    from resources.models import Gathering, Letter, Resource, Source

    OxTask.objects.all().delete()
    Letter.objects.all().delete()
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


@contextmanager
def letters(organisation: object, env: dict[str, str]) -> Iterator[Trial]:
    """`manage.py fetch_mail` of a mailbox, two documents in each letter, measured."""
    from tests import factories
    from tests.resources import documents
    from tests.resources.mailbox.imap import mailbox
    from tests.resources.mailbox.sending import letter

    factories.user("ana@example.org", "contributor", organisation)
    with mailbox() as box:
        for number in range(LETTERS):
            files = [(f"{name}.pdf", documents.pdf(word=f"{name}{number}")) for name in ("uno", "dos")]
            box.letters.append(letter("ana@example.org", *files, Message_ID=f"<{number}@example.org>").as_bytes())

        def reset() -> None:
            emptied()
            box.seen.clear()
            box.said.clear()

        trial = Trial(["fetch_mail"], {**env, "MAIL_IN_TRIAL": box.url}, reset, lambda: bool(box.said))
        trial.measure()
        yield trial


@contextmanager
def references(organisation: object, env: dict[str, str]) -> Iterator[Trial]:
    """`manage.py import_references` of a list with bad years and without its last end mark, measured."""
    from tests.bench.importing import ris

    with tempfile.NamedTemporaryFile(suffix=".ris") as made:
        given = ris(REFERENCES, "Editorial").decode().replace("PY  - 201", "PY  - en 201x")
        made.write(given.removesuffix("ER  - \n").encode())
        made.flush()
        words = ["import_references", made.name, "--organisation", organisation.slug]
        trial = Trial(words, env, emptied, keeps_lines=False)
        trial.measure()
        yield trial


TRIALS = {"harvest": harvest, "ingest": ingest, "fetch_mail": letters, "import_references": references}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--moments", type=int, default=10)
    parser.add_argument("--server", default="", help="a PostgreSQL server; SQLite without")
    parser.add_argument("--folder", type=Path, help="ingest these files")
    parser.add_argument("--only", choices=TRIALS, action="append", help="these commands alone")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random.seed(options.seed)
    with scratch.throwaway(options.server):
        from tests import factories

        os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS  # of the processes; ours has its settings already
        organisation, env = factories.organisation("oim"), dict(os.environ)
        bad = 0
        for name in options.only or TRIALS:
            more = {"folder": options.folder} if name == "ingest" else {}
            with TRIALS[name](organisation, env, **more) as trial:
                bad += told(name, trial, options.moments)
        shutil.rmtree(os.environ["STORAGE_URL"], ignore_errors=True)
    return 1 if bad else 0


def told(name: str, trial: Trial, moments: int) -> int:
    """Kill at so many moments of the work, never before it or after it; how many left something wrong."""
    works = len(json.loads(trial.whole)[0])
    print(f"{name}: {works} works in {trial.seconds:.1f} s undisturbed")
    tries = (trial.kill(random.randrange(works), random.uniform(0, 0.6)) for _try in range(moments * MOST_TRIES))
    bad = done = 0
    for done, (wrong, kept, swept) in enumerate(islice(filter(None, tries), moments), start=1):
        bad += bool(wrong)
        print(f"  {done:2}. killed with {kept:3} works: {wrong or 'as undisturbed'}; {swept} stray files swept")
    if done < moments:
        print(f"  only {done} of {moments} kills came in time")
        bad += 1
    return bad


if __name__ == "__main__":
    sys.exit(main())
