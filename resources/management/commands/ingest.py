import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from django.core.files.base import File as DjangoFile
from django.core.management.base import BaseCommand, CommandError

from network.models import Organisation
from resources import actions, deposits
from resources.intake import kinds
from resources.models import File


class Command(BaseCommand):
    help = "Take files in: one work each, described and read from the file. A bad file costs one line of the report."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, or folders of files")
        parser.add_argument("--organisation", required=True, metavar="SLUG", help="who contributes them")
        parser.add_argument("--publish", action="store_true", help="put them on the shelf at once")
        parser.add_argument("--json", type=Path, metavar="REPORT", help="write the report there as JSON")

    def handle(
        self, *, paths: list[Path], organisation: str, publish: bool, json: Path | None, **options: object
    ) -> None:
        owner = Organisation.objects.standing().filter(slug=organisation).first()
        if owner is None:
            raise CommandError(
                f"There is no organisation “{organisation}”. See the network page for their short names."
            )
        if absent := [str(path) for path in paths if not path.exists()]:
            raise CommandError(f"Not found: {', '.join(absent)}")
        files = sorted(set(_files(paths)))
        report = []
        for number, path in enumerate(files, 1):
            self._progress(number, len(files), path)
            report.append(self._take(path, owner, publish=publish))
        self._progress_done()
        self._tell(report)
        if json:
            _write(json, report)

    def _take(self, path: Path, owner: Organisation, *, publish: bool) -> dict[str, object]:
        """One line of the report; whatever is wrong with a file ends here."""
        line: dict[str, object] = {"path": str(path)}
        try:
            with path.open("rb") as source:
                file = deposits.receive(
                    DjangoFile(source),
                    name=path.name,
                    organisation=owner,
                    by=None,
                    whole=True,
                    then=_onto_the_shelf if publish else None,
                )
        except kinds.Refused as refused:
            return {**line, "outcome": "refused", "reason": str(refused.message)}
        except deposits.AlreadyHere as known:
            return {**line, "outcome": "duplicate", "id": known.file.resource_id}
        except OSError as problem:
            return {**line, "outcome": "refused", "reason": str(problem)}
        outcome = "taken" if file.state == File.State.READ else "taken without text"
        found = {"id": file.resource_id, "title": str(file.resource), "pages": file.pages, "state": file.state}
        return {**line, "outcome": outcome, **found}

    def _progress(self, number: int, total: int, path: Path) -> None:
        if sys.stderr.isatty():
            done = 30 * number // total
            sys.stderr.write(f"\r\x1b[K[{'#' * done}{'.' * (30 - done)}] {number}/{total} {path.name[:40]}")
            sys.stderr.flush()

    def _progress_done(self) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")

    def _tell(self, report: list[dict[str, object]]) -> None:
        for line in report:
            more = line.get("reason") or line.get("title") or f"same file as document {line['id']}"
            state = f" ({line['state']})" if line["outcome"] == "taken without text" else ""
            self.stdout.write(f"{line['outcome']}{state}: {line['path']}: {more}")
        for outcome in ("taken", "taken without text", "duplicate", "refused"):
            if number := sum(line["outcome"] == outcome for line in report):
                self.stdout.write(f"{number} {outcome}")


def _onto_the_shelf(file: File) -> None:
    """Whoever runs this answers for what is in the files."""
    actions.publish(file.resource, by=None, looked=True)


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (child for child in path.rglob("*") if child.is_file() and not child.name.startswith("."))
        else:
            yield path


def _write(target: Path, report: list[dict[str, object]]) -> None:
    target.write_text(json.dumps({"files": report}, ensure_ascii=False, indent=2) + "\n")
