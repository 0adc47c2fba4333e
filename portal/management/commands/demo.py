import signal
import subprocess
import sys
import time
from argparse import ArgumentParser

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.demo import content


class Command(BaseCommand):
    help = "Set everything up and show the portal with demo content: database, catalogues, web server and worker."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--reset", action="store_true", help="throw the demo away and make it anew")
        parser.add_argument("--no-serve", action="store_true", help="set up, but start no server")

    def handle(self, *, port: int, reset: bool, no_serve: bool, **options: object) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo has known passwords, so it runs only with DEBUG on.")
        began = time.monotonic()
        self._prepare(reset=reset)
        self.stdout.write(f"Ready in {time.monotonic() - began:.1f} s.")
        self._introduce(port)
        if not no_serve:
            self._serve(port)

    def _prepare(self, *, reset: bool) -> None:
        call_command("migrate", verbosity=0)
        if content.is_foreign():
            raise CommandError(
                "This database holds something that is not the demo, so it stays untouched. "
                "Give the demo a database of its own with DATABASE_URL."
            )
        if reset:
            self.stdout.write("Throwing the old demo away …")
            call_command("flush", interactive=False, verbosity=0)
            content.discard_files()
        for step in content.missing_steps():
            self.stdout.write(f"{step.label} …")
            step.run()

    def _introduce(self, port: int) -> None:
        self.stdout.write(self.style.SUCCESS(f"\nSalud y Migración: http://127.0.0.1:{port}/\n"))
        self.stdout.write(f"Sign in with password {content.PASSWORD}")
        for person in content.PEOPLE:
            self.stdout.write(f"  {person.email:<32}{person.what}")
        self.stdout.write("Here the administration asks for no second factor; everywhere else it does.")

    def _serve(self, port: int) -> None:
        self.stdout.write("\nCtrl+C ends it.\n")
        self.stdout.flush()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        worker = subprocess.Popen([sys.executable, settings.BASE_DIR / "manage.py", "worker"])  # noqa: S603
        try:
            call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, skip_checks=True)
        finally:
            worker.terminate()
            worker.wait(timeout=30)
