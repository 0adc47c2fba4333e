"""Filters, counts, order and pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from resources import search
from resources.models import Resource, Topic
from tests.resources.search.builders import counted, file_of, found, topic, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf() -> list[Resource]:
    health = topic("salud")
    mental = topic("salud-mental", parent=health)
    law = topic("derecho")
    return [
        work("malaria uno", countries=["HN", "GT"], topics=[mental], year=2020, type="report", tags=["niñez"]),
        work("malaria dos", countries=["HN"], topics=[health], year=2021, type="law", organisation_slug="ops"),
        work("malaria tres", countries=["MX"], topics=[law, mental], year=2021, type="report", pages=["página"]),
        work("dengue cuatro", countries=["MX"], topics=[law], year=2023, type="law", original_language="en"),
    ]


def test_counts_are_disjunctive(shelf):
    result = search.search(search.Query(text="malaria", filters={"country": ["HN"]}))
    assert result.total == 2
    assert counted(result, "country") == {"HN": 2, "GT": 1, "MX": 1}
    assert counted(result, "year") == {"2020": 1, "2021": 1}
    assert counted(result, "type") == {"report": 1, "law": 1}
    assert counted(result, "organisation") == {"oim": 1, "ops": 1}
    assert counted(result, "tag") == {"ninez": 1} or counted(result, "tag") == {"niñez": 1}
    assert [value.selected for value in result.facets["country"]] == [True, False, False]


def test_values_of_one_filter_are_or_and_filters_are_and(shelf):
    first, second, third, fourth = (resource.pk for resource in shelf)
    assert found("", filters={"country": ["GT", "MX"]}) == {first, third, fourth}
    assert found("", filters={"country": ["HN", "MX"], "type": ["law"]}) == {second, fourth}


def test_a_work_counts_under_its_topics_and_the_broader_ones(shelf):
    result = search.search(search.Query())
    assert counted(result, "topic") == {"salud": 3, "salud-mental": 2, "derecho": 2}
    assert [value.value for value in result.facets["topic"]] == ["salud", "derecho", "salud-mental"]


def test_language_is_that_of_the_files_else_the_original(shelf):
    file_of(shelf[2], ["a page"], language="en")
    search.index([shelf[2].pk])
    assert counted(search.search(search.Query(text="malaria tres")), "language") == {"es": 1, "en": 1}
    assert counted(search.search(search.Query()), "language") == {"es": 3, "en": 2}


def test_years(shelf):
    first, second, third, fourth = (resource.pk for resource in shelf)
    assert found("", year_from=2021) == {second, third, fourth}
    assert found("", year_to=2021) == {first, second, third}
    assert found("", year_from=2021, year_to=2022) == {second, third}
    assert found("", year_from=2022, year_to=2020) == set()


def test_an_unknown_value_finds_nothing_and_stays_shown(shelf):
    result = search.search(search.Query(filters={"country": ["ZZ"], "type": ["law"]}))
    assert (result.total, result.ids) == (0, [])
    assert search.FacetValue("ZZ", 0, True) in result.facets["country"]
    assert search.FacetValue("law", 0, True) in result.facets["type"]
    assert search.search(search.Query(filters={"nonsense": ["x"]})).total == 4


def test_no_words_means_everything_newest_first(shelf):
    now = timezone.now()
    for age, resource in enumerate(shelf):
        Resource.objects.filter(pk=resource.pk).update(published_at=now - timedelta(days=age), year=2000 + age)
    search.index([resource.pk for resource in shelf])
    assert search.search(search.Query()).ids == [resource.pk for resource in shelf]
    by_date = search.search(search.Query(text="malaria", sort="newest")).ids  # the date they bear, not of their arrival
    assert by_date == [resource.pk for resource in reversed(shelf[:3])]


def test_titles_sort_in_the_language_of_the_page():
    a, b, c = work("Ácaros", title_en="Zoo"), work("Bebés", title_en="Babies"), work("Casa", title_en="")
    assert search.search(search.Query(sort="title")).ids == [a.pk, b.pk, c.pk]
    assert search.search(search.Query(sort="title", language="en")).ids == [b.pk, c.pk, a.pk]


def test_pages_meet_and_a_page_out_of_range_is_the_nearest():
    every = [work(f"malaria {letter}").pk for letter in "abcdefg"]
    for sort in ["relevance", "newest", "title"]:
        pages = [search.search(search.Query(text="malaria", sort=sort, page=n), size=3) for n in (1, 2, 3)]
        assert [page.page for page in pages] == [1, 2, 3]
        assert sorted(pk for page in pages for pk in page.ids) == every
    for wanted, got in [(0, 1), (-5, 1), (10**30, 3), (3, 3)]:
        result = search.search(search.Query(text="malaria", page=wanted), size=3)
        assert (result.page, result.pages, result.total) == (got, 3, 7)


def test_four_hundred_values_at_once(shelf):
    wanted = [f"x{number}" for number in range(400)] + ["HN"]
    result = search.search(search.Query(filters={"country": wanted}))
    assert result.total == 2
    assert len(result.facets["country"]) == 403


def test_a_topic_that_is_its_own_ancestor_ends(shelf):
    one, other = Topic.objects.get(slug="salud"), Topic.objects.get(slug="salud-mental")
    one.parent = other
    one.save()
    search.index([resource.pk for resource in shelf])
    assert counted(search.search(search.Query()), "topic")["salud-mental"] == 3
