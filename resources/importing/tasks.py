"""Long imports, done by the worker. Each task may run twice without harm: it goes on where it was killed."""

from contextlib import suppress

from django.tasks import task

from network.models import User
from portal.core import locks
from resources import actions, importing
from resources.models import Gathering


@task
def read_references(gathering_pk: int) -> None:
    """Preview a large reference file."""
    if gathering := Gathering.objects.filter(pk=gathering_pk).first():
        importing.read_staged(gathering)


@task
def look_up(gathering_pk: int) -> None:
    """Look up the DOIs and addresses of a pasted list."""
    if gathering := Gathering.objects.filter(pk=gathering_pk, state=Gathering.State.READING).first():
        with suppress(locks.Held):  # another worker is at it
            importing.look_up(gathering)


@task
def take_references_in(gathering_pk: int, user_pk: int) -> None:
    """Write what a preview said; after a kill it goes on where it stopped."""
    gathering, user = Gathering.objects.filter(pk=gathering_pk).first(), User.objects.filter(pk=user_pk).first()
    if gathering and user:
        with suppress(importing.NotNow):  # cancelled or taken back out while it waited
            importing.confirm(gathering, by=user)


@task
def take_references_out(gathering_pk: int, user_pk: int) -> None:
    """Undo an import."""
    gathering, user = Gathering.objects.filter(pk=gathering_pk).first(), User.objects.filter(pk=user_pk).first()
    if gathering and user:
        with suppress(importing.NotNow):
            importing.undo(gathering, by=user)


@task
def publish_gathered(gathering_pk: int, user_pk: int) -> int:
    """Put the drafts of a gathering on the shelf; returns how many."""
    gathering, user = Gathering.objects.filter(pk=gathering_pk).first(), User.objects.filter(pk=user_pk).first()
    if not (gathering and user and user.is_coordinator):
        return 0
    return actions.publish_all(importing.drafts(gathering), by=user)
