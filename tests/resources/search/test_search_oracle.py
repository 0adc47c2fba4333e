"""Random edits, then random searches: ids, totals and counts equal those of a scan over every work."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from resources import search
from resources.models import Resource
from resources.search import analysis
from resources.search.models import WIDTH
from tests.resources.search.builders import counted, file_of, organisation, topic
from tests.resources.search.builders import country as country_of

WORDS = ["salud", "migración", "migraciones", "niños", "nino", "women", "policy", "dengue", "covid-19", "el"]
COUNTRIES = ["HN", "GT", "MX"]
TOPICS = ["padre", "hijo", "otro"]
AUDIENCES = ["public", "members"]
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
works = st.fixed_dictionaries(
    {
        "place": st.sampled_from([1, 2, 3, WIDTH - 1, WIDTH, WIDTH + 1, 5 * WIDTH + 7]),
        "title_es": texts,
        "abstract_en": st.one_of(st.just(""), texts),
        "page": st.one_of(st.just(""), texts),
        "countries": st.sets(st.sampled_from(COUNTRIES)),
        "topics": st.sets(st.sampled_from(TOPICS)),
        "year": st.sampled_from([None, 2020, 2021]),
        "audience": st.sampled_from(AUDIENCES),
        "status": st.sampled_from(["published", "published", "published", "withdrawn"]),
    }
)
queries = st.builds(
    search.Query,
    text=st.one_of(st.just(""), texts),
    filters=st.fixed_dictionaries(
        {},
        optional={
            "country": st.lists(st.sampled_from([*COUNTRIES, "ZZ"]), min_size=1, max_size=2),
            "topic": st.lists(st.sampled_from(TOPICS), min_size=1, max_size=2),
        },
    ),
    year_from=st.sampled_from([None, None, 2021]),
    sort=st.sampled_from(["relevance", "newest", "title"]),
    audiences=st.sampled_from([("public",), ("public", "members"), ()]),
)


def stems_of(resource: Resource) -> set[str]:
    texts = [(resource.title_es, "es"), (resource.abstract_en or "", "en")]
    texts += [(page.text, "es") for file in resource.files.all() for page in file.texts.all()]
    return {stem for text, language in texts for stem in analysis.count(text, language)[0]}


def facets_of(resource: Resource) -> dict[str, set[str]]:
    topics = {t.slug for t in resource.topics.all()} | {t.parent.slug for t in resource.topics.all() if t.parent}
    countries = {country.pk for country in resource.countries.all()}
    return {"country": countries, "topic": topics, "year": {str(resource.year)} if resource.year else set()}


def scan(query: search.Query) -> tuple[set[int], dict[str, dict[str, int]]]:
    """What the promise of `search` gives, work by work."""
    shelf = {w.pk: w for w in Resource.objects.filter(status="published", audience__in=query.audiences)}
    said = {pk: stems_of(w) for pk, w in shelf.items()}
    holders = []
    for word in dict.fromkeys(query.text.split()):
        if word in analysis.DROPPED["es"]:
            continue
        forms = {"covid19"} if word == "covid-19" else set(analysis.variants(analysis.fold(word)))
        plain = {pk for pk in shelf if said[pk] & forms}
        other = {pk for pk in shelf if word == "nino" and said[pk] & set(analysis.variants("niño"))}
        holders.append(plain | other if len(other) > len(plain) else plain)
    match = answering(holders, set(shelf))
    facets = {pk: facets_of(shelf[pk]) for pk in match}
    wanted = {name: set(values) for name, values in query.filters.items()}
    if query.year_from:
        wanted["year"] = {"2021"}

    def passes(pk: int, besides: str = "") -> bool:
        return all(facets[pk][name] & values for name, values in wanted.items() if name != besides)

    counts: dict[str, dict[str, int]] = {name: dict.fromkeys(query.filters.get(name, []), 0) for name in facets_names}
    for name in counts:
        for pk in match:
            for value in facets[pk][name] if passes(pk, besides=name) else ():
                counts[name][value] = counts[name].get(value, 0) + 1
    return {pk for pk in match if passes(pk)}, counts


facets_names = ["country", "topic", "year"]


def answering(holders: list[set[int]], shelf: set[int]) -> set[int]:
    if not holders:
        return shelf
    every = set.intersection(*holders)
    if every and len(holders) <= 3:
        return every
    if len(holders) == 3:
        most = {pk for pk in shelf if sum(pk in held for held in holders) >= 2}
        return most or set.union(*holders)
    return set.union(*holders)


class TestOracle(TestCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        edits=st.lists(st.lists(works, min_size=1, max_size=4), min_size=1, max_size=4),
        asked=st.lists(queries, max_size=8),
    )
    def test_search_equals_a_scan(self, edits, asked):
        parent = topic("padre")
        topics = {"padre": parent, "hijo": topic("hijo", parent=parent), "otro": topic("otro")}
        for edit in edits:
            for fields in edit:
                put(dict(fields), topics)
            search.index([fields["place"] for fields in edit])
        for query in asked:
            check(query)
        search.rebuild()
        for query in asked:
            check(query)


def put(fields: dict, topics: dict) -> None:
    pk, page = fields.pop("place"), fields.pop("page")
    countries, named = fields.pop("countries"), fields.pop("topics")
    defaults = fields | {"organisation": organisation(), "published_at": "2026-01-01T00:00:00Z"}
    resource, _ = Resource.objects.update_or_create(pk=pk, defaults=defaults)
    resource.countries.set([country_of(code) for code in countries])
    resource.topics.set([topics[name] for name in named])
    resource.files.all().delete()
    if page:
        file_of(resource, [page])


def check(query: search.Query) -> None:
    result = search.search(query, size=1_000)
    ids, counts = scan(query)
    assert (set(result.ids), result.total, len(result.ids)) == (ids, len(ids), len(ids)), query
    assert {name: counted(result, name) for name in facets_names} == counts, query


pytestmark = pytest.mark.django_db
