"""Which works a draft may be the same as, and why: only what the reader may see, best first."""

import random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import translation

from resources.duplicates import Alike, Draft, Kind, find, remember
from resources.intake.records import Record
from resources.models import Page, Resource
from resources.models.likeness import Likeness
from tests import factories

PUBLIC = AnonymousUser()


@pytest.fixture(scope="session", autouse=True)
def _table(django_db_setup, django_db_blocker) -> None:
    """The table of sketches, while no migration makes it."""
    with django_db_blocker.unblock():
        missing = Likeness._meta.db_table not in connection.introspection.table_names()
        if missing:
            with connection.schema_editor() as editor:
                editor.create_model(Likeness)


def prose(seed: int, length: int = 900) -> str:
    """Words in no order, the same for the same seed."""
    chance = random.Random(seed)
    syllables = ["ma", "to", "ri", "sal", "ud", "mi", "gra", "ción", "per", "lo", "te", "cas", "vi", "den", "pro", "un"]
    return " ".join("".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(length))


def misread(text: str, share: float) -> str:
    chance = random.Random(3)
    return "".join(chance.choice("aeiourst") if chance.random() < share else sign for sign in text)


def held(*args: object, text: str = "", pages: int = 1, language: str = "es", **fields: object) -> Resource:
    """A work the library holds, sketched."""
    work = factories.resource(*args, **fields)
    if text:
        file = factories.file_of(work, language=language)
        file.pages = pages
        file.save()
        half = len(text) // 2
        Page.objects.create(file=file, number=1, text=text[:half])
        Page.objects.create(file=file, number=2, text=text[half:])
    remember(work)
    return work


def found(draft: Draft | Resource, user=PUBLIC) -> list[Alike]:
    return find(Draft.of(draft) if isinstance(draft, Resource) else draft, user)


def record(title: str = "", *, text: str = "", **fields: object) -> Draft:
    language = fields.pop("language", "es")
    given = Record(where="", titles={language: title} if title else {}, language=language, **fields)
    return Draft.from_record(given, pages=[text] if text else [])


# --- The file and the identifiers ------------------------------------------------------------------------------------


def test_the_same_file_is_certain(db) -> None:
    work = held(title_es="Perfil", text=prose(1))
    sha = work.files.get().sha256
    (alike,) = find(Draft.from_record(Record(where="", titles={"es": "Otro"}), sha256=sha), PUBLIC)
    assert (alike.resource, alike.kind, alike.certainty) == (work, Kind.SAME_FILE, 1)


@pytest.mark.parametrize(
    ("fields", "identifiers"),
    [
        ({"doi": "10.2471/blt.07.046979"}, {"doi": "10.2471/BLT.07.046979"}),
        ({"isbn": "9789275320648"}, {"isbn": "978-92-75-32064-8"}),
        ({"isbn": "0306406152"}, {"isbn": "9780306406157"}),
        ({"source_url": "https://example.org/a/b.pdf"}, {"source_url": "http://www.example.org/a/b.pdf/"}),
    ],
)
def test_the_same_identifier_however_written(db, fields: dict, identifiers: dict) -> None:
    work = held(title_es="Salud en la frontera sur", **fields)
    held(title_es="Otra obra")
    (alike,) = found(record("Salud en la frontera sur", identifiers=identifiers))
    assert (alike.resource, alike.kind) == (work, Kind.SAME_IDENTIFIER)
    assert alike.certainty > 0.95


def test_a_front_page_is_nobodys_identifier(db) -> None:
    held(title_es="Salud en la frontera", source_url="https://example.org/")
    assert not found(record("Otra cosa muy distinta", identifiers={"source_url": "https://example.org"}))


def test_chapters_share_the_identifier_of_their_book(db) -> None:
    held(title_es="La salud de quienes migran", type="book", isbn="9789275320648")
    held(title_es="Capítulo sobre vacunas", type="chapter", isbn="9789275320648")
    chapter = record("Capítulo sobre albergues", type="chapter", identifiers={"isbn": "9789275320648"})
    assert not found(chapter)
    twin = record("Capítulo sobre vacunas", type="chapter", identifiers={"isbn": "9789275320648"})
    assert found(twin)[0].resource.title_es == "Capítulo sobre vacunas"


def test_the_same_identifier_under_another_title_is_a_doubt(db) -> None:
    held(title_es="La salud de quienes migran", doi="10.1234/x")
    (alike,) = found(record("Remesas y vivienda", identifiers={"doi": "10.1234/x"}))
    assert alike.certainty < 0.5
    assert "10.1234/x" in alike.reasons[0]


# --- Titles ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Diagnóstico de salud en la frontera", "DIAGNOSTICO DE SALUD EN LA FRONTERA."),
        ("Diagnóstico de salud en la frontera", "Diagnóstlco de salud en la frontera"),
        ("Diagnóstico de salud en la frontera: informe final", "Diagnóstico de salud en la frontera"),
        ("Caminos de la salud - un estudio", "Caminos de la salud"),
    ],
)
def test_the_same_title_and_year(db, one: str, other: str) -> None:
    work = held(title_es=one, year=2019)
    (alike,) = found(record(other, year=2019))
    assert (alike.resource, alike.kind) == (work, Kind.SAME_TITLE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ley General de Víctimas", "Reglamento de la Ley General de Víctimas"),
        ("Ley General de Salud", "Ley General de Población"),
        ("Ley General de Educación", "Ley Federal de Educación"),
        ("Acuerdo General número 04/2020", "Acuerdo General número 09/2020"),
        ("Informe anual 2019", "Informe anual 2020"),
        ("Política nacional de salud, tomo I", "Política nacional de salud, tomo II"),
        ("Salud de las mujeres migrantes", "Salud de los hombres migrantes"),
        ("Ley de Migración", "Ley de Inmigración"),
        ("Plan de salud 2019", "Plan de salud 2018"),
        ("Política nacional de salud, tomo II", "Política nacional de salud, tomo III"),
        ("Salud de personas migrantes", "Salud de personas militares"),
    ],
)
def test_one_word_makes_another_work(db, one: str, other: str) -> None:
    held(title_es=one, year=2020)
    assert not found(record(other, year=2020))


def test_a_second_edition_by_its_title(db) -> None:
    work = held(title_es="Manual de atención psicosocial", year=2015)
    (alike,) = found(record("Manual de atención psicosocial, 2.ª edición", year=2019))
    assert (alike.resource, alike.kind) == (work, Kind.OTHER_EDITION)


def test_a_yearly_report_keeps_its_title(db) -> None:
    held(title_es="Boletín de estadísticas migratorias", year=2020, text=prose(1))
    assert not found(record("Boletín de estadísticas migratorias", year=2021, text=prose(2)))


# --- Texts -----------------------------------------------------------------------------------------------------------


def test_a_rescan_is_the_same_text(db) -> None:
    work = held(title_es="Informe", text=prose(1))
    held(title_es="Otro informe", text=prose(2))
    (alike,) = found(record("Lnforrne escaneado", text=misread(prose(1), 0.05)))
    assert (alike.resource, alike.kind) == (work, Kind.SAME_TEXT)


def test_a_revised_text_of_another_year_is_another_edition(db) -> None:
    work = held(title_es="Manual", text=prose(1), year=2015)
    (alike,) = found(record("Manual revisado de atención", text=prose(1, 800) + " " + prose(9, 200), year=2018))
    assert (alike.resource, alike.kind) == (work, Kind.OTHER_EDITION)


def test_two_texts_of_the_same_subject_are_two(db) -> None:
    common = prose(7, 60)
    held(title_es="Uno", text=common + " " + prose(1))
    assert not found(record("Dos", text=common + " " + prose(2)))


def test_a_short_text_says_nothing(db) -> None:
    held(title_es="Uno", text="Salud para todas las personas migrantes.")
    assert not found(record("Dos", text="Salud para todas las personas migrantes."))


def test_a_work_is_not_its_own_twin_and_is_forgotten_with_its_text(db) -> None:
    work = held(title_es="Informe", text=prose(1))
    assert not found(work)
    work.files.all().delete()
    remember(work)
    assert set(Likeness.objects.filter(resource=work).values_list("of", flat=True)) == {Likeness.Of.TITLE}


# --- Languages -------------------------------------------------------------------------------------------------------

SPANISH = (
    "En 2019 se atendió a 12.345 personas en Tapachula y en Tecún Umán, 4.321 de ellas mujeres, con 876 pruebas y "
    "5.432 consultas en Huehuetenango; 231 casos, 765 vacunas, 9.871 visitas, 3.456 raciones, 678 camas, "
    "1.234 talleres, 345 charlas, 2.468 carnés y 159 traslados a Comitán."
)
ENGLISH = (
    "In 2019 there were 12,345 people seen in Tapachula and in Tecún Umán, 4,321 of them women, with 876 tests and "
    "5,432 visits in Huehuetenango; 231 cases, 765 vaccines, 9,871 calls, 3,456 rations, 678 beds, 1,234 workshops, "
    "345 talks, 2,468 cards and 159 transfers to Comitán."
)


@pytest.fixture
def topics(db) -> None:
    factories.topic("salud-mental", "Salud mental", "Mental health")
    factories.topic("personas-migrantes", "Personas migrantes", "Migrants")


def test_the_english_edition_by_its_figures_and_names(topics) -> None:
    work = held(title_es="Salud mental de personas migrantes en Tapachula", year=2019, text=SPANISH, pages=1)
    held(title_es="Otra cosa", year=2019, text=prose(4), pages=1)
    draft = record("Mental health of migrants in Tapachula", text=ENGLISH, language="en", year=2019)
    (alike,) = found(draft)
    assert (alike.resource, alike.kind) == (work, Kind.OTHER_LANGUAGE)
    assert 0.5 <= alike.certainty <= 0.8


def test_the_english_edition_by_title_year_and_length(topics) -> None:
    work = held(title_es="Salud mental de personas migrantes en Tapachula", year=2019, text=prose(1), pages=1)
    draft = record("Mental health of migrants in Tapachula", text=prose(2), language="en", year=2019)
    assert [alike.resource for alike in found(draft)] == [work]
    other = record("Mental health of doctors in Mexico City", text=prose(2), language="en", year=2019)
    assert not found(other)


def test_the_same_year_and_length_alone_say_nothing(topics) -> None:
    held(title_es="Remesas y vivienda", year=2019, text=prose(1), pages=1)
    assert not found(record("Mental health of migrants", text=prose(2), language="en", year=2019))


def test_a_doi_for_each_language(topics) -> None:
    work = held(title_es="Vacunas en la ruta", year=2024, doi="10.1590/s2237.especial2.es", text=prose(1))
    draft = record("Vaccines on the route", language="en", year=2024, identifiers={"doi": "10.1590/S2237.especial2.en"})
    (alike,) = found(draft)
    assert (alike.resource, alike.kind) == (work, Kind.OTHER_LANGUAGE)


# --- Who sees what ---------------------------------------------------------------------------------------------------


def test_only_what_the_reader_may_see(oim, contributor, stranger, coordinator) -> None:
    text = prose(1)
    draft = held(oim, title_es="Borrador de salud", published=False, text=text, doi="10.1234/x")
    secret = held(oim, title_es="Nota interna de salud", audience="committee", text=text, doi="10.1234/x")
    asked = record("Borrador de salud", text=text, identifiers={"doi": "10.1234/x"})
    assert not found(asked, PUBLIC)
    assert not found(asked, stranger)
    assert {alike.resource for alike in found(asked, contributor)} == {draft, secret}
    assert {alike.resource for alike in found(asked, coordinator)} == {draft, secret}


def test_what_the_reader_may_not_see_takes_no_place(oim) -> None:
    work = held(oim, title_es="Salud en la frontera sur")
    for _ in range(61):
        held(oim, title_es="Salud en la frontera sur", published=False)
    assert [alike.resource for alike in found(record("Salud en la frontera sur"))] == [work]


def test_the_surest_comes_first_and_in_the_readers_language(oim, coordinator) -> None:
    held(oim, title_es="Salud en la frontera sur", year=2019, text=prose(2))
    twin = held(oim, title_es="Salud en la frontera sur", year=2019, text=prose(1))
    asked = record("Salud en la frontera sur", year=2019, text=prose(1))
    with translation.override("en"):
        alikes = found(asked, coordinator)
    assert alikes[0].resource == twin
    assert "The text is nearly the same." in alikes[0].reasons
    assert [alike.certainty for alike in alikes] == sorted((alike.certainty for alike in alikes), reverse=True)


def test_as_many_queries_for_one_work_as_for_thirty(oim, coordinator, django_assert_max_num_queries) -> None:
    for _ in range(30):
        held(oim, title_es="Salud en la frontera sur", year=2019, text=misread(prose(1), 0.02))
    asked = record("Salud en la frontera sur", year=2019, text=prose(1))
    with django_assert_max_num_queries(20):
        assert len(find(asked, coordinator)) == 10


def test_nothing_known_finds_nothing(db) -> None:
    held(title_es="Salud en la frontera")
    assert found(record()) == []
