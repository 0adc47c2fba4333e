import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from resources import importing
from resources.models import Gathering
from resources.sentences import why_refused

KINDS = [Gathering.Kind.REFERENCES, Gathering.Kind.PASTED]


class Command(BaseCommand):
    help = "Take an import back out, exactly. What people have changed since stays, and is named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, metavar="ID", help="the number import_references printed")

    def handle(self, *, id: int, **options: object) -> None:
        gathering = Gathering.objects.filter(pk=id, kind__in=KINDS).first()
        if gathering is None:
            raise CommandError(f"There is no import {id}.")
        try:
            left = importing.undo(gathering, by=None, progress=self.progress)
        except importing.NotNow:
            raise CommandError(f"Import {id} was never taken in: there is nothing to take back out.") from None
        for line in left:
            self.stdout.write(f"{line.where}: document {line.resource_id}: {why_refused(line)}")
        self.stdout.write(self.style.SUCCESS(f"Import {id} is taken back out; {len(left)} documents stay."))

    def progress(self, done: int, total: int) -> None:
        if sys.stdout.isatty():
            self.stdout.write(f"\r{done} / {total}", ending="")
            self.stdout.flush()
