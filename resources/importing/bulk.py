"""Many new drafts in a fixed number of queries."""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from taggit.models import Tag, TaggedItem

from network.models import User
from resources import record
from resources.description import UNKNOWN, Origin, Values, authors_of
from resources.models import Author, FieldOrigin, Resource, Topic

New = list[tuple[Resource, Values]]
Origins = dict[str, tuple[str, int, str]]
"""Origin, certainty and detail by field."""


def create(new: New, *, by: User | None, origins: list[Origins]) -> dict[int, list[int]]:
    """
    Write these drafts with all that belongs to them; `origins` are theirs, one by one.

    Gives the keywords each brought along: {work: [tag, …]}.
    """
    works = Resource.objects.bulk_create(work for work, _values in new)
    record.came_in(works, by=by)
    Author.objects.bulk_create(author for work, values in new for author in authors_of(work, values))
    FieldOrigin.objects.bulk_create(
        FieldOrigin(resource=work, field=name, origin=origin, certainty=certainty, detail=detail[:200])
        for (work, _values), told in zip(new, origins, strict=True)
        for name, (origin, certainty, detail) in ({"type": (Origin.REFERENCE, UNKNOWN, "")} | told).items()
    )
    _join_places_and_topics(new)
    return _tag(new)


def _join_places_and_topics(new: New) -> None:
    countries, topics = Resource.countries.through, Resource.topics.through
    countries.objects.bulk_create(
        countries(resource=work, country_id=code) for work, values in new for code in values.get("countries", [])
    )
    wanted = {slug for _work, values in new for slug in values.get("topics", [])}
    numbers = dict(Topic.objects.filter(slug__in=wanted).values_list("slug", "pk"))
    topics.objects.bulk_create(
        topics(resource=work, topic_id=numbers[slug])
        for work, values in new
        for slug in values.get("topics", [])
        if slug in numbers
    )


def _tag(new: New) -> dict[int, list[int]]:
    """Keywords by name, whatever their capitals. Creating finds each new one an address of its own."""
    wanted = {name.casefold() for _work, values in new for name in values.get("tags", [])}
    known = {}
    if wanted:
        names = Tag.objects.order_by("-pk").values_list("name", "pk")
        known = {folded: pk for name, pk in names.iterator() if (folded := name.casefold()) in wanted}
    kind, items, made = ContentType.objects.get_for_model(Resource), [], defaultdict(list)
    for work, values in new:
        for name in values.get("tags", []):
            if name.casefold() not in known:
                known[name.casefold()] = Tag.objects.create(name=name).pk
                made[work.pk].append(known[name.casefold()])
            items.append(TaggedItem(tag_id=known[name.casefold()], content_type=kind, object_id=work.pk))
    TaggedItem.objects.bulk_create(items)
    return made
