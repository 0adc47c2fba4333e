"""Lines of a list in words: what a line is about, what it would change, why it is not taken."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from resources import checking, gathering, sentences
from resources.description import PLAIN, TOGETHER, Values
from resources.forms import ResourceForm
from resources.models import FieldOrigin, Gathered, Resource
from resources.models.resource import TYPE_LABELS

register = template.Library()

LABELS = {
    **{name: Resource._meta.get_field(name).verbose_name for name in PLAIN},
    **ResourceForm.Meta.labels,
    "title": Resource._meta.get_field("title").verbose_name,
    "authors": _("authors"),
    "countries": _("countries"),
    "topics": _("topics"),
    "tags": _("free keywords"),
    "date": _("date"),
    "audience": Resource._meta.get_field("audience").verbose_name,
    "organisation": Resource._meta.get_field("organisation").verbose_name,
    "files": _("files"),
}
TITLES = ("title_es", "title_en", "original_title")
LONG = 300
"""Characters of a value that are shown."""


@register.filter
def title_of(line: Gathered) -> str:
    """What the line calls its work; the title in the library where it says none."""
    said = line.values or {}
    named = (said.get(name) for name in TITLES)
    identified = (said.get(name) for name in ("doi", "isbn", "source_url"))
    own = next(filter(None, named), "")
    return own or (str(line.resource) if line.resource else next(filter(None, identified), ""))


@register.filter
def changes_of(line: Gathered) -> list[tuple[Any, str, str]]:
    """(field, old, new) of everything a line would change."""
    if line.outcome != Gathered.Outcome.CHANGED:
        return []
    before: Values = line.before or {}
    return [(LABELS.get(name, name), shown(name, before.get(name)), shown(name, new)) for name, new in _ordered(line)]


@register.filter
def sayings_of(line: Gathered) -> list[tuple[Any, str, FieldOrigin | None]]:
    """(field, value, origin) of what a new line says beside its title; only a look-up tells of origins."""
    if line.outcome != Gathered.Outcome.NEW:
        return []
    said = [(name, value) for name, value in _ordered(line) if "title" not in name]
    return [(LABELS.get(name, name), shown(name, value), _origin(line, name)) for name, value in said]


@register.filter
def title_origin(line: Gathered) -> FieldOrigin | None:
    """Where a look-up has the title from."""
    return next(filter(None, (_origin(line, name) for name in TITLES if line.values.get(name))), None)


@register.filter
def origin_id(line: Gathered) -> str:
    return f"origin-{line.pk}"


def _origin(line: Gathered, name: str) -> FieldOrigin | None:
    told = line.found.get("origins", {}).get(TOGETHER.get(name, name))
    return FieldOrigin(origin=told[0], certainty=told[1], detail=told[2]) if told else None


def _ordered(line: Gathered) -> list[tuple[str, Any]]:
    return [(name, line.values[name]) for name in LABELS if name in line.values]


def shown(name: str, value: Any) -> str:
    if isinstance(value, list):
        text = "; ".join(map(str, value))
    elif name == "type":
        text = str(TYPE_LABELS.get(value, value or ""))
    else:
        text = str(value or "")
    return text if len(text) <= LONG else text[:LONG].rsplit(" ", 1)[0] + " …"


@register.filter
def why_refused(line: Gathered) -> str:
    return sentences.why_refused(line)


@register.filter
def why_look(work: Resource) -> str:
    """What keeps it from becoming public; uses the prefetched files."""
    return checking.why_look(work)


@register.filter
def lacks(work: Resource) -> list[str]:
    return gathering.lacks(work)


@register.filter
def place(where: str) -> str:
    return sentences.place(where)


@register.filter
def column_label(column: str) -> str:
    """A heading of the table as it stands there, or one of our fields by its name."""
    return str(LABELS.get(column, column))
