"""Numbers without a gap that are never used again."""

from django.db import transaction
from django.db.models import F

from steering.models import Body, Counter


def take(body: Body, series: str) -> int:
    """
    The next number of a series, for a row written in the same transaction: both stand or neither does.

    The counter's row is locked until then, so of two who ask at once the second waits.
    """
    assert transaction.get_connection().in_atomic_block  # noqa: S101 - a number without its row would be a gap
    counter, _created = Counter.objects.select_for_update().get_or_create(body=body, series=series)
    Counter.objects.filter(pk=counter.pk).update(value=F("value") + 1)
    counter.refresh_from_db()
    return counter.value
