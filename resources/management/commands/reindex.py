import sys
from typing import Any

from django.core.management.base import BaseCommand

from resources import search


class Command(BaseCommand):
    help = "Rebuild the search index from the database, while searches and changes go on."

    def handle(self, *args: Any, **options: Any) -> None:
        number = search.rebuild(self.tell if sys.stdout.isatty() else None)
        self.stdout.write(self.style.SUCCESS(f"\r{number} works indexed.          "))

    def tell(self, done: int, total: int) -> None:
        self.stdout.write(f"\r{done} / {total}", ending="")
        self.stdout.flush()
