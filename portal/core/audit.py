"""Who did what to whom and when: written by actions, in their transaction, and never changed."""

from collections.abc import Iterable

from django.db import models
from django.utils.functional import Promise

from portal.core.models import AuditEntry

LABELS: dict[str, str | Promise] = {}
STATES: dict[str, str | Promise] = {}


def register(verbs: type[models.TextChoices]) -> type[models.TextChoices]:
    """A room's own verbs, with the words they are shown by. Codes are kept in the record: never reuse one."""
    LABELS.update(verbs.choices)
    return verbs


def register_states(states: type[models.TextChoices]) -> type[models.TextChoices]:
    """The words for codes that stand in `before` and `after`."""
    STATES.update(states.choices)
    return states


def label(verb: str) -> str:
    return str(LABELS.get(verb, verb))


def state(code: str) -> str:
    return str(STATES.get(code, code))


def record(
    verb: str,
    about: models.Model,
    *,
    by: models.Model | None,
    whom: models.Model | None = None,
    reason: str = "",
    before: str = "",
    after: str = "",
) -> AuditEntry:
    """
    One line of the record: `by` (nobody: the portal itself) did `verb` to `about`, which concerns the account `whom`.

    Names are copied as they are today. `before` and `after` are states by their codes, never contacts or texts.
    """
    entry = _entry(verb, about, by=by, whom=whom, reason=reason, before=before, after=after)
    entry.save()
    return entry


def record_all(verb: str, about: Iterable[models.Model], *, by: models.Model | None, **words: str) -> None:
    """The same for many rows at once."""
    entries = [_entry(verb, row, by=by, **words) for row in about]
    AuditEntry.objects.bulk_create(entries, batch_size=500)


def _entry(
    verb: str, about: models.Model, *, by: models.Model | None, whom: models.Model | None = None, **words: str
) -> AuditEntry:
    return AuditEntry(
        verb=verb,
        about_type=about._meta.label_lower,
        about_key=str(about.pk),
        about_name=str(about)[:200],
        by=by,
        by_name=str(by)[:200] if by else "",
        whom=whom,
        whom_name=str(whom)[:200] if whom else "",
        **words,
    )
