"""Topics, countries, type and keywords from a text, each with the sentence that says so."""

import time

import pytest

from network import vocabulary as network_vocabulary
from network.models import Country
from resources import vocabulary
from resources.models import Topic
from resources.suggestions import Gazetteer, Place, Suggestions, Vocabulary, suggest


@pytest.fixture
def lists(db) -> None:
    vocabulary.load()
    network_vocabulary.load()


def read(text: str = "", language: str = "es", *, title: str = "", abstract: str = "", page: int = 1) -> Suggestions:
    titles, abstracts = ({language: part} if part else {} for part in (title, abstract))
    return suggest(titles, abstracts, [(page, text)] if text else [], language)


def topics(found: Suggestions) -> list[str]:
    slugs = dict(Topic.objects.values_list("pk", "slug"))
    return [slugs[topic.topic] for topic in found.topics]


def countries(found: Suggestions) -> list[str]:
    return [country.code for country in found.countries]


def test_a_topic_comes_with_its_sentence_page_and_words(lists) -> None:
    text = "Introducción del caso.\nSe ofreció un cribado de tuberculosis\na quienes llegaban. " + "La TB se cura. " * 8
    found = read(text, page=7)
    assert topics(found)[0] == "tuberculosis"
    topic = found.topics[0]
    first, *others = topic.evidence
    assert (topic.count, first.page, first.place, len(others)) == (9, 7, Place.REST, 1)
    assert first.sentence.endswith("un cribado de tuberculosis a quienes llegaban.")
    assert [first.sentence[a:b] for a, b in first.marks] == ["tuberculosis"]


@pytest.mark.parametrize(
    ("text", "language", "topic"),
    [
        ("Las personas deportadas llegan en avión a San Pedro Sula.", "es", "deportacion"),
        ("Salud sexual y reproductiva en la frontera sur.", "es", "salud-sexual-y-reproductiva"),
        ("The screenings took place at the border crossing every week.", "en", "tamizaje"),
        ("Pruebas de vih y sífilis en los albergues.", "es", "vih-sida"),
        ("Casos de V.I.H. en la frontera.", "es", "vih-sida"),
        ("Acceso a los servicios de salud de quienes migran.", "es", "acceso-a-servicios-de-salud"),
        ("La trata y sus redes.", "es", "trata-de-personas"),
        ("Violaciones de DD. HH. en la ruta.", "es", "derechos-humanos"),
        ("The STIs found among those tested were few.", "en", "infecciones-de-transmision-sexual"),
        ("Países de origen de quienes migran por la región.", "es", "origen"),
    ],
)
def test_names_are_found_however_inflected(lists, text: str, language: str, topic: str) -> None:
    assert topic in topics(read(abstract=text, language=language))


@pytest.mark.parametrize(
    ("text", "language", "topic"),
    [
        ("The programme and its partners met; ITS was not said.", "en", "infecciones-de-transmision-sexual"),
        ("La clínica atendió its en inglés.", "es", "infecciones-de-transmision-sexual"),
        ("HEALTH AND ITS DETERMINANTS IN THE BORDER AREA", "es", "infecciones-de-transmision-sexual"),
        ("Hearing aids were given to the elderly.", "en", "vih-sida"),
        ("Se trata de un informe breve.", "es", "trata-de-personas"),
        ("El tratado y los tratamientos.", "es", "trata-de-personas"),
        ("Esto generó un retraso.", "es", "genero"),
        ("Drug trafficking in the region.", "en", "trata-de-personas"),
        ("El origen del problema es otro.", "es", "origen"),
        ("Hubo problemas de salud. Mental health was not covered: salud. Mental.", "es", "salud-mental"),
        ("Enfermedades no transmisibles.", "es", "enfermedades-infecciosas"),
    ],
)
def test_words_that_only_look_like_a_name_are_none(lists, text: str, language: str, topic: str) -> None:
    assert topic not in topics(read(abstract=text, language=language))


def test_the_longest_name_is_taken_alone(lists) -> None:
    found = topics(read(abstract="Trabajadores migrantes y niños no acompañados."))
    assert "trabajadores-migrantes" in found
    assert "ninez-no-acompanada" in found
    assert "personas-migrantes" not in found


def test_the_title_outweighs_the_text(lists) -> None:
    found = read("Malaria en la costa. " * 20, title="Vacunación en la frontera", page=9)
    assert topics(found)[:2] == ["vacunacion", "malaria"]
    assert found.topics[0].evidence[0].place == Place.TITLE
    assert found.topics[0].evidence[0].page is None


def test_each_page_is_read_in_its_own_language(lists) -> None:
    spanish = "El estudio se hizo en la frontera con las personas que llegan a los albergues. " * 8
    english = "Abstract. This is the study of screening and of mental health among people on the move. " * 3
    found = suggest({}, {}, [(1, f"{spanish}\n{english}")], "es")
    assert {"tamizaje", "salud-mental", "albergues"} <= set(topics(found))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La población hondureña en tránsito. Los hondureños vienen del centro. Un hondureño.", ["HN"]),
        ("Encuesta en Guinea Ecuatorial, hecha en Guinea Ecuatorial.", ["GQ"]),
        ("Encuesta en Guinea, hecha en Guinea.", ["GN"]),
        ("Estudio en Nuevo México y en el Golfo de México. Nuevo México es un estado.", []),
        ("Clinics in New Mexico. New Mexico is a state.", []),
        ("Un estudio en Georgia y en Alabama. En Georgia hay hospitales.", []),
        ("Estudio en Georgia, con sede en Tiflis. Georgia tiene hospitales.", ["GE"]),
        ("Constitución Política de los Estados Unidos Mexicanos. Los Estados Unidos Mexicanos.", ["MX"]),
        ("Israel Hernández y Jordan Smith escriben. Mauricio Funes responde. Mauricio Funes.", []),
        ("La Reunión de alto nivel. Reunión del Comité.", []),
        ("come chile y turkey con chile", []),
        ("Llegan de los EE. UU. y vuelven a EE. UU. otra vez.", ["US"]),
        ("Reactivos (Sigma, St. Louis, USA). Otros (Merck, Boston, USA).", []),
        ("en el Salvador del mundo; en el Salvador", []),
    ],
)
def test_countries_are_told_from_places_and_people_of_that_name(lists, text: str, expected: list[str]) -> None:
    assert countries(read(text)) == expected


def test_a_passing_mention_of_a_country_is_none(lists) -> None:
    text = "Honduras recibe a su gente. " * 8 + "Un experto vino de Suiza y volvió a Suiza."
    assert countries(read(text, title="Retorno a Honduras")) == ["HN"]


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("Ley General de Víctimas", "es", "law"),
        ("Reglamento de la Ley General de Víctimas", "es", "law"),
        ("Código de Migración", "es", "law"),
        ("Guía para la aplicación de la Ley de Migración", "es", "guideline"),
        ("Protocolo de atención a víctimas de trata", "es", "protocol"),
        ("Convención sobre los Derechos del Niño", "es", "treaty"),
        ("Informe sobre el derecho a la salud", "es", "report"),
        ("Boletín epidemiológico", "es", "bulletin"),
        ("A thesis on the health of migrants", "en", "thesis"),
        ("Actitudes y deleyte", "es", None),
    ],
)
def test_the_title_tells_the_type(lists, title: str, language: str, expected: str | None) -> None:
    found = read(title=title, language=language).type
    assert (found.type if found else None) == expected


def test_an_article_is_known_by_its_first_page(lists) -> None:
    text = "Salud de quienes migran\nReceived 3 May 2020\nAbstract\nWe did it.\nKeywords: migrants; health"
    assert read(text, "en").type.type == "article"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Resumen\nAlgo.\nPalabras clave: migración; salud mental; Honduras.\nIntroducción", 3),
        ("Algo.\nKeywords: migrants, border health,\nscreening\n\nIntroduction", 3),
        ("Descriptores (DeCS): Refugiados · Tamizaje masivo", 2),
        ("Palabras clave: migración, salud mental, albergues, frontera sur\nLa gente llega, come y duerme.", 4),
        ("Las palabras clave de este asunto son otras.", 0),
    ],
)
def test_the_documents_own_keywords(lists, text: str, expected: int) -> None:
    found = read(text)
    assert len(found.keywords) == expected
    for keyword in found.keywords:
        start, end = keyword.evidence.marks[0]
        assert keyword.evidence.sentence[start:end] == keyword.text


def test_a_keyword_that_is_a_topic_says_so(lists) -> None:
    keyword = next(word for word in read("Palabras clave: cribado; pan").keywords if word.text == "cribado")
    assert keyword.topics == (Topic.objects.get(slug="tamizaje").pk,)


def test_nothing_comes_of_nothing(db) -> None:
    assert suggest({}, {}, [(1, ""), (2, "\0\n\n")], "") == Suggestions([], [], None, [])


def test_a_hostile_page_takes_no_longer_than_a_book(lists) -> None:
    began = time.perf_counter()
    for text in ("a" * 500_000, "salud " * 100_000, "\n" * 500_000, "EE. UU. " * 60_000, "palabras clave: " * 30_000):
        suggest({"es": text}, {"es": text}, [(n, text) for n in range(1, 20)], "es")
    assert time.perf_counter() - began < 40


def test_a_book_is_read_in_seconds_without_queries(lists, django_assert_num_queries) -> None:
    known, places = Vocabulary.current(), Gazetteer.current()
    sentence = "Las personas migrantes de Honduras reciben atención en salud mental y tamizaje de tuberculosis. "
    pages = [
        (n, (sentence + "Otra cosa se dijo aquel día en la reunión del pueblo cercano. ") * 20) for n in range(500)
    ]
    began = time.perf_counter()
    with django_assert_num_queries(0):
        found = suggest({}, {}, pages, "es", vocabulary=known, gazetteer=places)
    assert time.perf_counter() - began < 20
    assert countries(found) == ["HN"]
    assert Country.objects.filter(code="HN").exists()
