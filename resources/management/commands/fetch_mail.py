from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from resources.mailbox import fetching


class Command(BaseCommand):
    help = "Take documents that members sent by e-mail in as drafts. MAIL_IN_URL says where they are."

    def handle(self, *args: object, **options: object) -> None:
        if not settings.MAIL_IN_URL:
            raise CommandError("MAIL_IN_URL is not set: no mailbox to look into.")
        try:
            done = fetching.fetch(settings.MAIL_IN_URL)
        except fetching.NotReached as problem:
            raise CommandError(f"The mailbox could not be read. {problem}") from problem
        except fetching.Busy:
            raise CommandError("Another process is fetching just now.") from None
        told = ", ".join(f"{number} {outcome.value}" for outcome, number in sorted(done.items()))
        self.stdout.write(told or "nothing new")
