"""Which words find which works."""

import pytest

from resources import search
from tests.resources.search.builders import found, organisation, topic, work

pytestmark = pytest.mark.django_db

SPANISH = [
    "mujer/mujeres",
    "niño/niños",
    "refugiado/refugiados",
    "hospital/hospitales",
    "país/países",
    "ley/leyes",
    "migrante/migrantes",
    "enfermedad/enfermedades",
    "derecho/derechos",
    "trabajador/trabajadores",
    "mes/meses",
    "género/géneros",
    "crisis/crisis",
    "bebé/bebés",
    "raíz/raíces",
    "vez/veces",
    "menor/menores",
    "región/regiones",
    "migratorio/migratorias",
    "albergue/albergues",
    "vacunación/vacunaciones",
    "vacunación/vacunacion",
    "política/políticas",
    "comunidad/comunidades",
    "mortalidad/mortalidades",
    "índice/índices",
    "salud/saludes",
    "análisis/analisis",
    "médico/médicas",
    "joven/jóvenes",
    "lugar/lugares",
    "interés/intereses",
    "virus/virus",
    "luz/luces",
    "red/redes",
    "deportación/deportaciones",
]
ENGLISH = [
    "child/children",
    "policy/policies",
    "woman/women",
    "disease/diseases",
    "study/studies",
    "refugee/refugees",
    "migration/migrations",
    "analysis/analyses",
    "crisis/crises",
    "country/countries",
    "migrant/migrants",
    "vaccination/vaccinations",
    "shelter/shelters",
    "person/people",
    "worker/workers",
    "services/service",
]


@pytest.mark.parametrize("page_language", ["es", "en"])
@pytest.mark.parametrize("pair", SPANISH)
def test_spanish_forms_meet(pair, page_language):
    first, second = pair.split("/")
    one, other = work(first, pages=["nada"]), work("otra cosa", pages=[f"Página con {second} dentro."])
    assert found(first, language=page_language) >= {one.pk, other.pk}
    assert found(second, language=page_language) >= {one.pk, other.pk}


@pytest.mark.parametrize("page_language", ["es", "en"])
@pytest.mark.parametrize("pair", ENGLISH)
def test_english_forms_meet(pair, page_language):
    first, second = pair.split("/")
    one = work("", title_en=first)
    other = work("otra cosa", pages=[f"A page with {second} in it."], file_language="en")
    assert found(first, language=page_language) >= {one.pk, other.pk}
    assert found(second, language=page_language) >= {one.pk, other.pk}


def test_of_five_pairs_that_should_not_meet_at_most_two_do():
    merged = 0
    for pair in ["salud/saludo", "ano/año", "pena/peña", "cana/caña", "partida/partido"]:
        first, second = (work(word).pk for word in pair.split("/"))
        one, other = pair.split("/")
        merged += second in found(one) or first in found(other)
    assert merged == 2


def test_a_keyboard_without_tilde_finds_it():
    children = work("Salud de los niños")
    assert found("nino") == found("ninos") == {children.pk}
    year = work("Un año después")
    assert found("ano") == set()
    assert found("año") == {year.pk}


def test_a_word_known_without_tilde_stays_itself():
    musician, children = work("El Nino Rota, música"), work("Niño")
    assert found("nino") == {musician.pk}
    assert found("niño") == {children.pk}


def test_accents_and_case_never_matter():
    clinic = work("ATENCIÓN PSICOLÓGICA a niñas")
    for typed in ["atencion psicologica", "Atención", "PSICOLÓGICA", "niñas", "atencio\u0301n"]:
        assert found(typed) == {clinic.pk}, typed


def test_compounds_stand_whole():
    covid, goal, kiche, aids = work("COVID–19 y salud"), work("ODS 3.8"), work("Guía en K’iche’"), work("El V.I.H.")
    work("Los 19 del covid"), work("ODS 3, meta 8")
    assert found("COVID-19") == found("covid19") == {covid.pk}
    assert found("3.8") == {goal.pk}
    assert found("kiche") == found("K'iche'") == {kiche.pk}
    assert found("vih") == {aids.pk}


def test_hyphens_join_and_part():
    joined, parted = work("Apoyo psico-social"), work("Atención psicosocial")
    assert found("psicosocial") == found("psico-social") == {joined.pk, parted.pk}
    border = work("De Guatemala a México")
    assert found("México-Guatemala") == {border.pk}


def test_the_world_health_organization_is_no_stop_word():
    organisation_ = work("", title_en="WHO guidelines on vaccines")
    work("", title_en="Those who write guidelines on vaccines")
    assert found("WHO guidelines", language="en") == {organisation_.pk}


def test_a_word_broken_at_the_end_of_a_line_is_found():
    broken = work("Informe", pages=["Sobre la migra-\nción y el des\u00adplazamiento de personas"])
    assert found("migraciones") == found("desplazamientos") == {broken.pk}


def test_every_part_of_a_work_is_searched():
    mental = topic("salud-mental", name_es="Salud mental", name_en="Mental health")
    organisation("ops", name_es="Organización Panamericana", name_en="Pan American Organization", acronym="OPS")
    everything = work(
        "Título",
        title_en="Heading",
        abstract_es="Resumen cumplido",
        abstract_en="Thorough summary",
        original_language="pt",
        original_title="Cabeçalho",
        publisher="Editorial Porrúa",
        organisation_slug="ops",
        authors=["Gabriela Ñáñez", "Ministerio de Salud"],
        topics=[mental],
        tags=["tamizaje"],
        pages=["portada", "hoja interior con paludismo"],
    )
    work("Ruido")
    for typed in [
        *["titulo", "headings", "cabeçalho", "cabecalho", "resumenes", "summaries", "porrua", "OPS", "panamericano"],
        *[
            "american organizations",
            "Ñáñez",
            "gabriela nanez",
            "ministerios",
            "mental health",
            "tamizajes",
            "paludismo",
        ],
    ]:
        assert found(typed) == {everything.pk}, typed


def test_an_english_page_of_a_spanish_file_is_stemmed_as_english():
    abstract = "The policies of the countries and the services that are for women in the studies"
    bilingual = work("Informe", pages=["El informe de la región y de los países", abstract])
    assert found("policy study woman", language="en") == {bilingual.pk}


def test_few_words_must_all_match_then_most_then_any():
    both, one = work("malaria dengue"), work("malaria zika tuberculosis")
    result = search.search(search.Query(text="malaria dengue"))
    assert (result.ids, result.rule) == ([both.pk], "all")
    result = search.search(search.Query(text="malaria zika lepra"))
    assert (result.ids, result.rule) == ([one.pk], "most")
    result = search.search(search.Query(text="dengue lepra ébola"))
    assert (result.ids, result.rule) == ([both.pk], "any")
    assert search.search(search.Query(text="inexistente")).total == 0


def test_a_long_question_finds_what_holds_any_of_its_words():
    answer = work("¿Cómo se transmite el dengue entre personas migrantes?")
    work("Zika")
    result = search.search(search.Query(text="quisiera saber cómo se contagia hoy día el dengue en zonas remotas"))
    assert (result.ids, result.rule) == ([answer.pk], "any")


def test_title_outranks_text_and_rare_words_count_more():
    text = work("Otra cosa", pages=["dengue en la página"])
    title = work("Dengue")
    for _ in range(5):
        work("Salud común")
    assert search.search(search.Query(text="dengue")).ids == [title.pk, text.pk]
    rare, common = work("paludismo"), work("salud salud")
    ids = search.search(search.Query(text="paludismo salud lepra ictericia aaa")).ids
    assert ids.index(rare.pk) < ids.index(common.pk)


def test_stop_words_of_the_other_language_do_not_empty_a_search():
    health = work("", title_en="Health and migration in the region")
    assert found("health and migration in the region", language="es") == {health.pk}


def test_a_restored_or_changed_work_is_found_by_its_new_words_only():
    changing = work("Antes malaria")
    changing.title_es = "Ahora dengue"
    changing.save()
    search.index([changing.pk])
    assert found("malaria") == set()
    assert found("dengue") == {changing.pk}
