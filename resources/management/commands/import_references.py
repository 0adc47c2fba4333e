import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from network.models import Organisation
from resources import importing
from resources.intake import references
from resources.models import Gathered, Gathering
from resources.sentences import why_refused

MOST_BYTES = references.MAX_BYTES
WORDS = {"new": "new", "changed": "changed", "same": "nothing new", "refused": "not taken"}


class Command(BaseCommand):
    help = "Take in a reference file or spreadsheet: a draft for each new work, updates instead of twins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="RIS, BibTeX, CSL-JSON, NBIB, XML, CSV or XLSX")
        parser.add_argument("--format", default="", choices=["", *references.formats], help="told from the content")
        parser.add_argument("--organisation", required=True, metavar="SLUG", help="who contributes them")
        parser.add_argument("--dry-run", action="store_true", help="only say what it would do")
        parser.add_argument("--publish", action="store_true", help="put new documents on the shelf at once")

    def handle(
        self, *, file: Path, format: str, organisation: str, dry_run: bool, publish: bool, **options: object
    ) -> None:
        owner = Organisation.objects.standing().filter(slug=organisation).first()
        if owner is None:
            raise CommandError(
                f"There is no organisation “{organisation}”. See the network page for their short names."
            )
        data = _read(file)
        given = {"organisation": owner, "by": None, "format": format}
        if dry_run:
            self._tell(importing.look(data, file.name, **given))
            return
        gathering = importing.preview(data, file.name, **given, progress=self._reading)
        self._done()
        self._tell(gathering.lines.defer("before").iterator(chunk_size=1_000))
        self._take(gathering, publish=publish)

    def _take(self, gathering: Gathering, *, publish: bool) -> None:
        self.stdout.write(f"Gathering {gathering.pk}. To take it back out: manage.py undo_import {gathering.pk}")
        waited = set(importing.waiting(gathering).values_list("pk", flat=True))
        importing.confirm(gathering, by=None, publish=publish, progress=self.progress)
        self._done()
        for line in gathering.lines.filter(outcome=Gathered.Outcome.REFUSED).defer("before").iterator():
            if line.pk in waited:
                self.stdout.write(_fault(line))
        taken = gathering.lines.filter(decision=Gathered.Decision.TAKEN).count()
        self.stdout.write(self.style.SUCCESS(f"{taken} taken in."))

    def _tell(self, lines: Iterable[Gathered]) -> None:
        """Every fault and every change, then the counts."""
        counts: Counter[str] = Counter()
        for line in lines:
            counts[line.outcome] += 1
            if line.reason:
                self.stdout.write(_fault(line))
            elif line.outcome == Gathered.Outcome.CHANGED:
                self.stdout.write(f"{line.where}: changes {', '.join(line.values)} of document {line.resource_id}")
        self.stdout.write(", ".join(f"{counts[outcome]} {word}" for outcome, word in WORDS.items()))

    def _reading(self, done: int) -> None:
        if sys.stdout.isatty():
            self.stdout.write(f"\r{done} lines read", ending="")
            self.stdout.flush()

    def progress(self, done: int, total: int) -> None:
        if sys.stdout.isatty():
            self.stdout.write(f"\r{done} / {total}", ending="")
            self.stdout.flush()

    def _done(self) -> None:
        if sys.stdout.isatty():
            self.stdout.write("\r", ending="")


def _fault(line: Gathered) -> str:
    place = f"{line.where}, {line.column}" if line.column else line.where
    return f"{place}: {why_refused(line)}"


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise CommandError(f"{file} is too large: at most {MOST_BYTES // 1024**2} MB are taken.")
        return file.read_bytes()
    except OSError as problem:
        raise CommandError(f"{file} can't be read: {problem.strerror}.") from None
