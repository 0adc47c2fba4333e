import sys
from argparse import ArgumentParser
from collections import Counter
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from resources import harvesting
from resources.models import Gathering, Source


class Command(BaseCommand):
    help = "Take in what sources have new since the last time, going on where a harvest was killed or stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", nargs="?", metavar="SOURCE", help="its short name; all active ones without")
        parser.add_argument("--since", type=date.fromisoformat, metavar="DATE", help="look through a span of its own")
        parser.add_argument("--until", type=date.fromisoformat, metavar="DATE")

    def handle(self, *, source: str | None, since: date | None, until: date | None, **options: object) -> None:
        sources = Source.objects.filter(slug=source) if source else Source.objects.active()
        if source and not sources:
            known = ", ".join(Source.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no source “{source}”. There are: {known}.")
        stopped = [reason for each in sources if (reason := self._harvest(each, since, until))]
        if stopped:
            raise CommandError("\n".join(stopped))

    def _harvest(self, source: Source, since: date | None, until: date | None) -> str:
        """Why the harvest stopped, or nothing."""
        self._seen = 0
        try:
            gathering = harvesting.harvest(source, since=since, until=until, progress=self._progress)
        except harvesting.Busy as busy:
            return str(busy)
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
        lines = Counter(gathering.lines.values_list("outcome", flat=True))
        told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(lines.items())) or "nothing new"
        self.stdout.write(f"{source.slug}: {self._seen} records seen; {told}")
        if gathering.state == Gathering.State.STOPPED:
            return f"{source.slug}: {gathering.why}"
        return ""

    def _progress(self, seen: int, size: int | None) -> None:
        self._seen = seen
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{seen}{f' / {size}' if size else ''}")
            sys.stderr.flush()
