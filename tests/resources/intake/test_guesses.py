"""What is taken for title, author, date, language, abstract and identifiers, and what is not."""

import pytest

from resources.intake.child.document import Embedded, Line
from resources.intake.child.guess import abstracts, authors, dates, identifiers, language, titles

BODY = [
    Line("El texto corre aquí con letra de diez puntos y sigue un rato largo.", 10, starts_block=n == 0)
    for n in range(9)
]
SPANISH = "La salud de las personas migrantes es un derecho que los países de la región deben garantizar a todas."


def head(*lines: tuple[str, float]) -> list[Line]:
    return [Line(text, size, starts_block=True) for text, size in lines] + BODY


@pytest.mark.parametrize(
    ("lines", "claimed", "title"),
    [
        (head(("Perfil migratorio de la región", 24)), "", "Perfil migratorio de la región"),
        (head(("Perfil migratorio de la región", 24)), "Microsoft Word - perfil.doc", "Perfil migratorio de la región"),
        (head(("Perfil migratorio de la región", 24)), "untitled", "Perfil migratorio de la región"),
        (head(("PERFIL MIGRATORIO", 24)), "Perfil migratorio", "Perfil migratorio"),
        (head(("Salud y migración: junio de 2020", 24)), "Salud y migración - ONE", "Salud y migración: junio de 2020"),
        (head(("Tabla de contenido", 24)), "", ""),
        (head(("www.ejemplo.org", 24)), "", ""),
        (head(), "PowerPoint Presentation", ""),
        (head(), "informe_final_v3", ""),
        (head(), "Un título que no está impreso", ""),
        (head(("Título", 10), ("Salud sin fronteras", 10)), "", "Salud sin fronteras"),
    ],
)  # fmt: skip
def test_title(lines: list[Line], claimed: str, title: str) -> None:
    pages = ["\n".join(line.text for line in lines)]
    assert titles.find_title(lines, Embedded(title=claimed), pages) == title


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ana Ruiz López", ["Ana Ruiz López"]),
        ("Ana Ruiz López, Juan de la Cruz y Eva Sol", ["Ana Ruiz López", "Juan de la Cruz", "Eva Sol"]),
        ("María PACHE-DURÁN1 0000-0002-6670-5818", ["María PACHE-DURÁN"]),
        ("Autores: Ana Ruiz; J. M. Soler", ["Ana Ruiz", "J. M. Soler"]),
        ("Por: Ana Ruiz", ["Ana Ruiz"]),
        ("Por la salud de todas", []),
        ("Informe Final", []),
        ("San José, Costa Rica", []),
        ("Ministerio de Salud de Costa Rica", ["Ministerio de Salud de Costa Rica"]),
        ("TEXTO VIGENTE", []),
        ("El Texto Corre", []),
    ],
)
def test_authors(line: str, names: list[str]) -> None:
    lines = head(("Perfil migratorio de la región", 24), (line, 12))
    pages = ["\n".join(line.text for line in lines)]
    assert authors.find_authors(lines, "Perfil migratorio de la región", Embedded(), pages) == names


@pytest.mark.parametrize(
    ("claimed", "names"),
    [("USUARIO FINAL", []), ("lindner", []), ("Ana Ruiz", []), ("Cámara de Diputados", ["Cámara de Diputados"])],
)
def test_embedded_author_needs_support(claimed: str, names: list[str]) -> None:
    assert authors.find_authors(head(), "", Embedded(authors=[claimed]), [SPANISH]) == names


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Noviembre de 2018", (2018, 11, None)),
        ("12 de octubre de 2016", (2016, 10, 12)),
        ("October 2019", (2019, 10, None)),
        ("Population Estimates JANUARY 2021", (2021, 1, None)),
        ("July 1st, 2020", (2020, 7, 1)),
        ("Última reforma publicada DOF 21-06-2018", (2018, 6, 21)),
        ("DEC. 107 FECHA DE ULTIMA REFORMA: 29 DE DICEMBRE DE 2019", (2019, 12, 29)),
        ("Diario Oficial de la Federación 28 de noviembre de 2014", (2014, 11, 28)),
        ("Cad. Saúde Colet., 2023; 31(3):e31030043", (2023, None, None)),
        ("Decreto número 44-2016", (2016, None, None)),
        ("© 2019 Organización", (2019, None, None)),
        ("Bogotá, 2017", (2017, None, None)),
        ("January 2015–January 2018", None),
        ("Encuesta del 40 de mayo de 2018", None),
        ("La ronda de censos de 2020 en la región", None),
        ("2010–11", None),
    ],
)
def test_date(line: str, date: tuple[int, int | None, int | None] | None) -> None:
    lines = head((line, 12))
    pages = ["\n".join(line.text for line in lines)]
    assert dates.find_date(lines, "", Embedded(created=2024), pages) == date


def test_date_of_a_treaty_is_its_adoption() -> None:
    line = "La Convención fue aprobada por la Asamblea General en su resolución 44/25, el 20 de noviembre de 1989"
    found = dates.find_date(head((line, 12)), "Convención sobre los Derechos del Niño", Embedded(), [line])
    assert found == (1989, 11, 20)


def test_year_of_the_file_counts_only_when_printed() -> None:
    assert dates.find_date(BODY, "", Embedded(created=2020), ["Datos de 2019 y 2020."]) == (2020, None, None)
    assert dates.find_date(BODY, "", Embedded(created=2020), ["Datos de 2019 y 2021."]) is None
    assert dates.find_date(BODY, "", Embedded(created=2020), ["Sin años."]) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SPANISH * 3, "es"),
        ("The health of migrants is a right that the countries of the region guarantee to all. " * 3, "en"),
        ("A saúde das pessoas migrantes é um direito que os países da região não podem negar a ninguém. " * 3, "pt"),
        ("La santé des personnes migrantes est un droit que les pays de la région doivent garantir à tous. " * 3, "fr"),
        ("移民的健康是该地区各国必须保障的一项权利。" * 30, ""),
        ("Die Gesundheit der Menschen ist ein Recht, das die Länder der Region für alle sichern müssen. " * 3, ""),
        ("12 345 678 " * 50, ""),
        ("Hola", ""),
        ("Guatemala Honduras Pérez López Ruiz México Panamá " * 20, ""),
    ],
)  # fmt: skip
def test_language(text: str, code: str) -> None:
    assert language.find_language([text]) == code


def test_abstract() -> None:
    page = f"Título\nResumen\n{SPANISH}\nPalabras clave: salud\nIntroducción\nOtro texto."
    assert abstracts.find_abstract([page], Embedded(), "es") == SPANISH
    both = f"Abstract\n{'The health of migrants is a right. ' * 4}\nKeywords: x\n" + page
    assert abstracts.find_abstract([both], Embedded(), "es") == SPANISH
    assert abstracts.find_abstract([both], Embedded(), "en").startswith("The health")
    assert abstracts.find_abstract([f"Contenido\nResumen ........ 5\n{SPANISH}"], Embedded(), "es") == ""


def test_long_abstract_ends_with_a_sentence() -> None:
    found = abstracts.find_abstract([f"Resumen\n{(SPANISH + ' ') * 40}"], Embedded(), "es")
    assert 1_000 < len(found) <= 1_500
    assert found.endswith("todas.")


def test_doi_is_the_documents_own() -> None:
    own = head(("https://doi.org/10.1590/1414-462X202331030043", 8))
    assert identifiers.find_doi(own, [], Embedded()) == "10.1590/1414-462x202331030043"
    cited = [*BODY, *BODY, Line("Referencias", 10), *[Line(f"Ruiz A. Salud. doi:10.1000/abc{n}", 10) for n in range(3)]]
    assert identifiers.find_doi(cited, [], Embedded()) == ""
    note = [*BODY, *BODY, Line("3 Véase Ruiz, Ana, La salud de todas las personas, https://doi.org/10.1000/xyz", 8)]
    assert identifiers.find_doi(note, [], Embedded()) == ""


def test_isbn_needs_its_check_digit() -> None:
    assert identifiers.find_isbn(["ISBN 978-0-306-40615-7"], Embedded()) == "9780306406157"
    assert identifiers.find_isbn(["ISBN: 0-306-40615-2"], Embedded()) == "0306406152"
    assert identifiers.find_isbn(["ISBN 978-0-306-40615-8"], Embedded()) == ""
    assert identifiers.find_isbn(["Teléfono 978 030 640 6157"], Embedded()) == ""
