"""The sets of the library as harvesters are told of them, named in both languages."""

from collections.abc import Iterator

from network.models import Country, Organisation
from resources.models import Topic
from resources.models.offered import paths_of_topics

ROOTS = {
    "organisation": "Por organización · By organisation",
    "country": "Por país · By country",
    "topic": "Por tema · By topic",
}


def every() -> Iterator[tuple[str, str]]:
    """(setSpec, setName) of all, whether anything is in them or not."""
    yield from ROOTS.items()
    for slug, *names in Organisation.objects.order_by("slug").values_list("slug", "name_es", "name_en"):
        yield f"organisation:{slug}", _both(*names) or slug
    for code, *names in Country.objects.order_by("code").values_list("code", "name_es", "name_en"):
        yield f"country:{code}", _both(*names) or code
    paths = paths_of_topics()
    named = {pk: _both(*names) for pk, *names in Topic.objects.values_list("pk", "name_es", "name_en")}
    for spec, pk in sorted((spec, pk) for pk, spec in paths.items()):
        yield spec, named[pk] or spec


def _both(*names: str | None) -> str:
    return " · ".join(dict.fromkeys(name for name in names if name))
