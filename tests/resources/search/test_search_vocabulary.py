"""Across languages and over typos."""

import pytest

from resources import search
from resources.models import EntryTerm, Topic
from tests.resources.search.builders import country, found, organisation, snippets, topic, work

pytestmark = pytest.mark.django_db
PUBLIC = ("public",)


@pytest.fixture
def screening() -> Topic:
    mass = topic("tamizaje", name_es="Tamizaje masivo", name_en="Mass screening")
    for language, text in [("es", "tamizaje"), ("es", "cribado"), ("en", "screening")]:
        EntryTerm.objects.create(topic=mass, language=language, text=text)
    return mass


def test_words_are_widened_across_languages(screening):
    spanish, english = work("Tamizaje en la frontera"), work("", title_en="Screening at the border")
    result = search.search(search.Query(text="tamizajes"))
    assert result.ids == [spanish.pk, english.pk]
    assert result.widened == ["screening"]
    assert search.search(search.Query(text="screening", language="en")).ids == [english.pk, spanish.pk]
    narrow = search.search(search.Query(text="tamizajes", widen=False))
    assert (narrow.ids, narrow.widened) == ([spanish.pk], [])


def test_widened_works_rank_below_direct_ones(screening):
    direct = work("Informe anual", pages=["palabra " * 300 + "tamizaje"])
    widened = work("", title_en="Screening, screening, screening")
    assert search.search(search.Query(text="tamizaje")).ids == [direct.pk, widened.pk]


def test_names_of_several_words_widen_beside_others(screening):
    both = work("", title_en="Mass screening of women")
    work("", title_en="Women in mass media")
    result = search.search(search.Query(text="tamizaje masivo women"))
    assert result.ids == [both.pk]
    assert "Mass screening" in result.widened
    assert found("tamizaje dengue") == {both.pk} or found("tamizaje dengue") == set()


def test_quoted_words_are_meant_as_they_stand(screening):
    work("Tamizaje masivo en la frontera", title_en="Mass screening at the border")
    work("", title_en="Mass screening at the border")
    result = search.search(search.Query(text='"tamizaje masivo"'))
    assert (result.total, result.widened) == (1, [])


def test_widened_words_are_marked(screening):
    english = work("", title_en="Report", pages=["A mass screening here"], file_language="en")
    query = search.Query(text="tamizaje masivo")
    assert snippets(query, [english.pk])[english.pk].html == "A <mark>mass</mark> <mark>screening</mark> here"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("vacunasion", "vacunación"), ("migrasion", "migración"), ("tubercolosis", "tuberculosis"), ("helth", "health")],
)
def test_did_you_mean(typed, meant):
    work("Vacunación, migración y tuberculosis", title_en="Health")
    result = search.search(search.Query(text=f"{typed} inexistenteyraro"))
    assert result.correction == f"{meant} inexistenteyraro"


def test_a_word_that_is_known_is_not_corrected():
    for number in range(3):
        work(f"Migración {number}")
    work("Emigración")
    for typed in ["migración", "migraciones", "emigracion", "titulo:migracion", "12345", "zz"]:
        assert search.search(search.Query(text=typed)).correction == "", typed


def test_completion_names_and_titles():
    country("HN", name_es="Honduras", name_en="Honduras")
    mental = topic("salud-mental", name_es="Salud mental", name_en="Mental health")
    EntryTerm.objects.create(topic=mental, language="es", text="bienestar psicológico")
    organisation("ops", name_es="Organización Panamericana de la Salud", name_en="PAHO", acronym="OPS")
    resource = work("La salud de los hondureños", countries=["HN"], topics=[mental], organisation_slug="ops")
    topic("salud-sin-obras", name_es="Salud sin obras")

    def complete(prefix, language="es"):
        return [(s.kind, s.text, s.value) for s in search.complete(prefix, language=language, audiences=PUBLIC)]

    title = ("title", "La salud de los hondureños", str(resource.pk))
    assert ("topic", "Salud mental", "salud-mental") in complete("salud m")
    assert ("topic", "Mental health", "salud-mental") in complete("salud men", "en")
    assert complete("psicol") == [("topic", "Salud mental", "salud-mental")]
    assert complete("ops") == [("organisation", "Organización Panamericana de la Salud", "ops")]
    assert complete("hond") == [("country", "Honduras", "HN"), title]
    assert complete("la salud de los hondu") == [title]
    assert complete("") == complete("x") == complete("zzzz") == complete("\x00") == []
    assert search.complete("hond", language="es", audiences=()) == []


def test_completion_counts_only_what_the_reader_may_see():
    country("HN", name_es="Honduras", name_en="Honduras")
    work("uno", countries=["HN"])
    work("dos", countries=["HN"], audience="members")
    (public,) = search.complete("hond", language="es", audiences=PUBLIC)
    (member,) = search.complete("hond", language="es", audiences=("public", "members"))
    assert (public.count, member.count) == (1, 2)


def test_more_like_this_and_why():
    mental = topic("salud-mental", name_es="Salud mental", name_en="Mental health")
    this = work("Ansiedad de migrantes", topics=[mental], countries=["HN"], pages=["ansiedad y duelo migratorio"])
    same_topic = work("Depresión", topics=[mental])
    same_words = work("Ansiedad y duelo", organisation_slug="otra")
    secret = work("Ansiedad de migrantes", topics=[mental], audience="members")
    work("Dengue", organisation_slug="tercera")
    alike = search.more_like(this.pk, PUBLIC, "es")
    assert {pk for pk, _ in alike} == {same_topic.pk, same_words.pk}
    assert dict(alike) == {same_topic.pk: "Salud mental", same_words.pk: ""}
    assert dict(search.more_like(this.pk, PUBLIC, "en"))[same_topic.pk] == "Mental health"
    assert secret.pk in dict(search.more_like(this.pk, ("public", "members"), "es"))
    assert search.more_like(10**9, PUBLIC, "es") == []
