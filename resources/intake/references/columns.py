"""What the columns of a table mean, by their headings in Spanish or English."""

import re
from functools import lru_cache

from . import languages
from .rows import Row
from .texts import fold

HEADINGS = {
    "title": "titulo; title; titulo del documento; document title; article title; nombre del documento; "
    "titulo original; original title; primary title",
    "abstract": "resumen; abstract; summary; sinopsis; descripcion; description",
    "authors": "autor; autora; autores; autoras; autor es; autores as; autoria; author; authors; author s; "
    "author names; first authors; author full names; creator; creators; autor personal",
    "year": "ano; ano de publicacion; year; publication year; year of publication; pub year",
    "date": "fecha; fecha de publicacion; date; publication date; date of publication; published; fecha publicacion",
    "month": "mes; month",
    "day": "dia; day",
    "language": "idioma; idiomas; lengua; language; languages; idioma original; original language; "
    "language of original document",
    "type": "tipo; tipo de documento; tipo de publicacion; tipo de recurso; type; item type; document type; "
    "publication type; type of reference; resource type",
    "countries": "pais; paises; pais es; country; countries; paises cubiertos; cobertura geografica; country ies",
    "subjects": "tema; temas; topic; topics; subject; subjects; materia; materias; descriptor; descriptores; "
    "palabras clave; palabra clave; keyword; keywords; author keywords; etiqueta; etiquetas; tag; tags; manual tags",
    "doi": "doi; digital object identifier",
    "isbn": "isbn",
    "source_url": "url; urls; enlace; link; vinculo; liga; direccion; direccion web; sitio web; web; address; "
    "source url; url de la fuente; fuente url",
    "publisher": "editorial; editor; publisher; organizacion; organisation; organization; institucion; institution; "
    "entidad; organismo; publicado por; published by",
    "licence": "licencia; licence; license; rights; derechos",
    "key": "id; identificador; identifier; clave; key; no; num; numero; codigo",
}
# Of several columns for one thing these decide; the others are looked at where they are empty.
PREFERRED = ("titulo", "title", "editorial", "publisher", "id", "key")
MANY = {"title", "abstract"}
LANGUAGE_AT_END = re.compile(r"(titulo|title|resumen|abstract|descripcion|description)(?: en)? (\S.{0,30})")
HEADER_ROWS = 25
IDENTIFYING = {"title", "doi", "isbn", "source_url"}

Columns = dict[int, str]


@lru_cache(maxsize=2_000)
def meaning(heading: str) -> str:
    """The field of a Record a heading stands for, with `:es` where it names a language; "" for an unknown one."""
    words = fold(heading[:80])
    if words in known():
        return known()[words]
    if (found := LANGUAGE_AT_END.fullmatch(words)) and (code := languages.code_of(found[2])):
        return f"{known()[found[1]]}:{code}"
    return ""


@lru_cache
def known() -> dict[str, str]:
    return {name.strip(): field for field, listed in HEADINGS.items() for name in listed.split(";")}


def recognised(row: Row) -> Columns:
    """Which column of a row of headings means what."""
    found = {column: meaning(text) for column, text in row.cells.items() if len(text) <= 200}
    return {column: field for column, field in sorted(found.items()) if field}


def score(rows: list[Row]) -> int:
    """How much the best of the rows looks like a row of headings."""
    return max((weight(recognised(row)) for row in rows), default=0)


def weight(columns: Columns) -> int:
    """The number of different fields named, if one of them can tell which work a row is about."""
    fields = set(columns.values())
    return len(fields) if any(field.partition(":")[0] in IDENTIFYING for field in fields) else 0


def header(rows: list[Row]) -> Row | None:
    """The row of headings: the first of those that name most fields."""
    best = max(rows, key=lambda row: weight(recognised(row)), default=None)
    return best if best and weight(recognised(best)) else None


def order(row: Row, columns: Columns) -> Columns:
    """The columns, those first that decide where several mean the same."""
    preferred = sorted(columns, key=lambda at: (fold(row.cells[at]) not in PREFERRED, at))
    return {column: columns[column] for column in preferred}
