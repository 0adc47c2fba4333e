"""What the ground floor does at night."""

from allauth.usersessions.models import UserSession
from django.core.management import call_command
from django.tasks import task


@task
def forget() -> None:
    """Take letters sent a week ago and sessions that ran out away: they hold addresses. The settings say when."""
    call_command("ox_prune", older_than="7d", verbosity=0)
    call_command("clearsessions")
    for session in UserSession.objects.iterator():
        session.purge()
