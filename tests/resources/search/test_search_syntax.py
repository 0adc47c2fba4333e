""" "Quoted phrases", -without, title:word."""

import pytest

from resources import search
from tests.resources.search.builders import found, topic, work

pytestmark = pytest.mark.django_db


def test_a_phrase_stands_together_and_in_order():
    together = work("Informe", pages=["La salud mental de todos"])
    broken = work("Informe", pages=["la salud\nmental y"], abstract_es="nada")
    apart = work("Informe", pages=["mental y salud, salud y dolor mental"])
    assert found('"salud mental"') == found("'' \"SALUD  Mental\"") == {together.pk, broken.pk}
    assert found("salud mental") == {together.pk, broken.pk, apart.pk}


def test_stop_words_within_a_phrase_count_as_nothing():
    trafficking = work("La trata de personas")
    work("Personas y trato", pages=["trata sobre algo que las personas"])
    assert found('"trata de personas"') == found('"trata de las personas"') == {trafficking.pk}


def test_a_phrase_in_any_form_and_anywhere():
    title = work("Políticas públicas")
    page = work("x", pages=["nada"] * 25 + ["una política pública"])
    abstract = work("y", abstract_es="la política pública")
    assert found('"política pública"') == {title.pk, page.pk, abstract.pk}


def test_a_phrase_is_required_beside_other_words():
    both = work("Salud mental de mujeres")
    only = work("Salud mental")
    work("Mujeres con salud de hierro mental")
    assert found('"salud mental" mujeres') == {both.pk}
    assert found('"salud mental" jóvenes ancianos hombres adultos') == {both.pk, only.pk}
    assert found('"mental salud"') == set()


def test_a_phrase_is_forgotten_when_its_words_change_places():
    resource = work("La salud mental")
    resource.title_es = "Mental salud"
    resource.save()
    search.index([resource.pk])
    assert found('"salud mental"') == set()
    assert found('"mental salud"') == {resource.pk}


def test_without():
    malaria, both = work("malaria"), work("malaria y dengue")
    phrase = work("malaria y fiebre amarilla")
    assert found("malaria -dengue") == {malaria.pk, phrase.pk}
    assert found("-dengue") == {malaria.pk, phrase.pk}
    assert found('malaria -"fiebre amarilla"') == {malaria.pk, both.pk}
    assert found('malaria -"amarilla fiebre"') == {malaria.pk, both.pk, phrase.pk}
    assert found("malaria-dengue") == {both.pk}


def test_field_words():
    in_title = work("Dengue en Honduras", authors=["Ana Malaria"])
    in_text = work("Otro", pages=["dengue"], topics=[topic("dengue", name_es="Dengue", name_en="Dengue fever")])
    assert found("titulo:dengue") == found("Título:DENGUE") == found("title:dengue") == {in_title.pk}
    assert found("autor:malaria") == found("author:malaria dengue") == {in_title.pk}
    assert found("tema:dengue") == {in_text.pk}
    assert found('tema:"dengue fever"') == {in_text.pk}
    assert found('title:"dengue honduras"') == {in_title.pk}
    assert found("dengue -titulo:honduras") == {in_text.pk}
    assert found("quizás:dengue") == {in_title.pk, in_text.pk}


def test_neighbours_in_a_title_rank_higher():
    apart = work("Salud y bienestar: lo mental")
    together = work("Bienestar: la salud mental")
    assert search.search(search.Query(text="salud mental")).ids == [together.pk, apart.pk]
    later = work("Mental, bienestar y salud")
    assert search.search(search.Query(text="salud mental")).ids[0] == together.pk
    assert later.pk in found("salud mental")


def test_a_question_asked_as_a_sentence_needs_not_every_word():
    answer = work("La malaria se contagia por mosquitos")
    result = search.search(search.Query(text="¿Qué causa la malaria?"))
    assert (result.ids, result.rule) == ([answer.pk], "any")
