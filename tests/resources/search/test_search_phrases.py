"""Quoted phrases against a scan, whatever has been entered in the buckets of pairs and whatever has not."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from resources import search
from resources.models import Resource
from resources.search import analysis, settling
from resources.search.models import WIDTH, Block, Fresh, Neighbours
from tests.resources.search.builders import file_of, found, organisation, work
from tests.resources.search.test_search_writers import at_once

WORDS = ["salud", "migración", "migraciones", "women", "health", "dengue", "de"]
PLACES = [1, 2, WIDTH - 1, WIDTH, 3 * WIDTH + 7]
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
edits = st.lists(
    st.one_of(
        st.just("settle"),
        st.just("rebuild"),
        st.tuples(st.sampled_from(PLACES), texts, texts, st.sampled_from(["published", "published", "withdrawn"])),
    ),
    min_size=1,
    max_size=8,
)


def side_by_side(text: str, first: str, second: str) -> bool:
    """Do the words stand so, stop words between them left out?"""
    stemmed = [stem for stem in analysis.stems(text, analysis.spoken(text.split(), "es")) if stem]
    forms = [analysis.variants(analysis.fold(word)) for word in (first, second)]
    return any(a in forms[0] and b in forms[1] for a, b in pairwise(stemmed))


class TestPhrases(TestCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(edits=edits, words=st.tuples(st.sampled_from(WORDS[:-1]), st.sampled_from(WORDS[:-1])))
    def test_a_phrase_equals_a_scan(self, edits, words):
        for edit in edits:
            if edit == "settle":
                settling.settle()
            elif edit == "rebuild":
                search.rebuild()
            else:
                put(*edit)
        shelf = Resource.objects.filter(status="published").prefetch_related("files__texts")
        said = {w.pk: [w.title_es, *(page.text for file in w.files.all() for page in file.texts.all())] for w in shelf}
        wanted = {pk for pk, texts in said.items() if any(side_by_side(text, *words) for text in texts)}
        assert found(f'"{words[0]} {words[1]}"') == wanted


def put(pk: int, title: str, page: str, status: str) -> None:
    defaults = {"title_es": title, "status": status, "organisation": organisation()}
    resource, _ = Resource.objects.update_or_create(pk=pk, defaults=defaults | {"published_at": "2026-01-01T00:00:00Z"})
    resource.files.all().delete()
    file_of(resource, [page])
    search.index([pk])


def test_settling_moves_everything_and_changes_no_answer(db):
    shelf = {work(f"fiebre amarilla {number}").pk for number in range(5)}
    work("amarilla fiebre")
    assert found('"fiebre amarilla"') == shelf
    assert settling.settle() == 6
    assert not Fresh.objects.exists()
    assert found('"fiebre amarilla"') == shelf


def test_one_update_needs_no_new_entry_where_the_text_stays(db):
    pk = work("fiebre amarilla", year=2020).pk
    settling.settle()
    Resource.objects.filter(pk=pk).update(year=2021)
    search.index([pk])
    assert not Fresh.objects.exists()


def test_works_changed_while_others_are_entered(transactional_db):
    """Two who enter, one who changes the very works, one who reads: nothing is lost and nothing stays of before."""
    shelf = [work(f"fiebre amarilla {number}").pk for number in range(20)]

    def change() -> None:
        for pk in shelf[::2]:
            Resource.objects.filter(pk=pk).update(title_es="amarilla fiebre")
            search.index([pk])

    def read() -> None:
        for _ in range(30):
            assert set(shelf[1::2]) <= found('"fiebre amarilla"') <= set(shelf)

    assert at_once(settling.settle, settling.settle, change, settling.settle, read) == []
    settling.settle()
    assert found('"fiebre amarilla"') == set(shelf[1::2])
    settled = buckets()
    search.rebuild()
    assert buckets() == settled


def test_a_change_between_two_parts_is_not_overwritten(db, monkeypatch):
    """The first part is entered, then the work changes: what it said before must not be entered in the second."""
    pk = work("fiebre amarilla", pages=["dengue malaria zika chagas"]).pk
    monkeypatch.setattr(settling, "AT_ONCE", 1)
    enter, done = settling._enter, []

    def change_after_one(*arguments):
        enter(*arguments)
        if not done:
            done.append(1)
            Resource.objects.filter(pk=pk).update(title_es="amarilla")
            Resource.objects.get(pk=pk).files.all().delete()
            search.index([pk])
            settling.settle()

    monkeypatch.setattr(settling, "_enter", change_after_one)
    settling.settle()
    settling.settle()
    phrases = ["fiebre amarilla", "dengue malaria", "malaria zika", "zika chagas"]
    work(" ".join(phrases))
    assert [pk in found(f'"{phrase}"') for phrase in phrases] == [False] * 4
    settling.settle()
    settled = buckets()
    search.rebuild()
    assert buckets() == settled


def buckets() -> dict[tuple[int, int], bytes]:
    return {(row.bucket, row.block): bytes(row.data) for row in Neighbours.objects.all() if row.data}


def test_an_index_of_another_engine_is_made_anew_by_the_worker(db):
    from resources.tasks import keep_search_up

    pk = work("fiebre amarilla").pk
    Block.objects.update(engine=1)
    Neighbours.objects.all().delete()
    Fresh.objects.all().delete()
    assert found('"fiebre amarilla"') == set()
    assert search.keep_up() == 1
    assert found('"fiebre amarilla"') == {pk}
    keep_search_up.func()
    assert search.keep_up() == 0


def test_many_fresh_works_are_entered_by_the_worker(db, monkeypatch):
    from resources.tasks import index_works

    monkeypatch.setattr(settling, "ENOUGH", 2)
    first = work("fiebre amarilla").pk
    index_works.func([first])
    assert Fresh.objects.count() == 1
    second = work("fiebre amarilla", indexed=False).pk
    index_works.func([second])
    assert not Fresh.objects.exists()
    assert found('"fiebre amarilla"') == {first, second}
