from typing import Any

from django_ox.management.commands import ox_worker

from resources.tasks import keep_search_up


class Command(ox_worker.Command):
    """`manage.py worker`: the name of the contract for whichever worker serves django.tasks."""

    help = "Run background tasks until stopped; the task in hand is finished first."

    def handle(self, *args: Any, **options: Any) -> None:
        keep_search_up.enqueue()
        super().handle(*args, **options)
