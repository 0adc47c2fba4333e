"""Slow work of the committee's rooms, done by the worker. Each task may run twice without harm."""

from django.tasks import task

from steering import keeping
from steering.models import Minutes


@task
def keep_minutes(minutes_pk: int) -> int:
    """Make the files of approved minutes; returns how many were not there yet."""
    record = Minutes.objects.select_related("meeting__body", "approved_in__body").filter(pk=minutes_pk).first()
    return keeping.keep_files(record) if record else 0


@task
def keep_what_lacks() -> int:
    """The same for all approved minutes whose worker was stopped in the middle."""
    return sum(keeping.keep_files(record) for record in keeping.lacking())
