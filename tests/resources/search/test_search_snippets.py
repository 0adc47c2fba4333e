"""The passage shown under a result."""

import pytest

from resources import search
from resources.cards import cards
from resources.models import Resource
from tests.resources.search.builders import snippets, work

pytestmark = pytest.mark.django_db


def snippet(text, resource, **fields):
    return snippets(search.Query(text=text, **fields), [resource.pk]).get(resource.pk)


def test_the_best_passage_with_its_page():
    pages = ["portada con malaria", *["relleno"] * 38, "Aquí la malaria y el dengue juntos."]
    resource = work("Informe", pages=pages)
    got = snippet("malaria dengue", resource)
    assert got.html == "Aquí la <mark>malaria</mark> y el <mark>dengue</mark> juntos."
    assert (got.page, got.where, got.language) == (40, "text", "es")
    assert got.file_id == resource.files.get().pk


def test_markup_in_a_document_is_escaped():
    resource = work("Informe", pages=['<script>alert("malaria")</script> & <b>más</b>'])
    got = snippet("malaria", resource)
    assert got.html == (
        "&lt;script&gt;alert(&quot;<mark>malaria</mark>&quot;)&lt;/script&gt; &amp; &lt;b&gt;más&lt;/b&gt;"
    )
    assert hasattr(got.html, "__html__")


def test_all_forms_are_marked_and_others_are_not():
    resource = work("Informe", pages=["MUJERES y mujer; mujeriego. Vacunación, vacunaciones. COVID–19, covid, niños."])
    got = snippet("mujer vacunacion covid-19 nino", resource)
    assert got.html == (
        "<mark>MUJERES</mark> y <mark>mujer</mark>; mujeriego. <mark>Vacunación</mark>, <mark>vacunaciones</mark>."
        " <mark>COVID-19</mark>, covid, <mark>niños</mark>."
    )


def test_long_text_is_cut_between_words_around_the_match():
    resource = work("Informe", pages=["palabra " * 200 + "malaria " + "después " * 200])
    got = snippet("malaria", resource)
    assert got.html.startswith("… palabra")
    assert got.html.endswith("después …")
    assert "<mark>malaria</mark>" in got.html
    assert len(got.html) < 300


def test_without_a_file_the_description_speaks():
    resource = work("Título con dengue", abstract_es="Resumen con malaria", abstract_en="Abstract with malaria")
    assert snippet("malaria", resource).html == "Resumen con <mark>malaria</mark>"
    got = snippet("malaria", resource, language="en")
    assert (got.html, got.where, got.language, got.page) == (
        "Abstract with <mark>malaria</mark>",
        "abstract",
        "en",
        None,
    )
    assert snippet("dengue", resource).where == "title"
    assert snippet("", resource) is None


def test_the_file_in_the_language_of_the_page_goes_first():
    from tests.resources.search.builders import file_of

    resource = work("Informe", pages=["La malaria aquí"])
    file_of(resource, ["The malaria here"], language="en")
    search.index([resource.pk])
    assert snippet("malaria", resource, language="es").language == "es"
    assert snippet("malaria", resource, language="en").language == "en"


@pytest.mark.parametrize("how_many", [1, 50])
def test_queries_do_not_grow_with_results(how_many, django_assert_num_queries):
    for number in range(how_many):
        work(f"malaria {number}", pages=["malaria y dengue"] * 3, abstract_es="dengue")
    query = search.Query(text="malaria dengue")
    search.search(query)
    with django_assert_num_queries(1):
        result = search.search(query, size=50)
    assert len(result.ids) == how_many
    works = cards(list(Resource.objects.values_list("pk", flat=True)))
    with django_assert_num_queries(1):
        assert len(search.snippets(result, works)) == how_many
