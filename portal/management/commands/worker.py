from django_ox.management.commands import ox_worker


class Command(ox_worker.Command):
    """`manage.py worker`: the name of the contract for whichever worker serves django.tasks."""

    help = "Run background tasks until stopped; the task in hand is finished first."
