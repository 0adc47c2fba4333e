import sys
from typing import Any

from django.core.management.base import BaseCommand

from resources import duplicates, search


class Command(BaseCommand):
    help = "Rebuild the search index while searches and changes go on; then sketch works never compared."

    def handle(self, *args: Any, **options: Any) -> None:
        number = search.rebuild(self.tell if sys.stdout.isatty() else None)
        self.stdout.write(self.style.SUCCESS(f"\r{number} works indexed.          "))
        sketched = duplicates.remember_all()
        self.stdout.write(self.style.SUCCESS(f"{sketched} works sketched, to find those that are the same."))

    def tell(self, done: int, total: int) -> None:
        self.stdout.write(f"\r{done} / {total}", ending="")
        self.stdout.flush()
