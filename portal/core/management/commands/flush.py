from django.core.management.commands import flush

from portal.core import triggers


class Command(flush.Command):
    """Django's own, which also empties the tables whose rows are otherwise never deleted."""

    def handle(self, **options: object) -> None:
        with triggers.lifted():
            super().handle(**options)
