"""The abstract: the text under a heading that announces one."""

import re

from ..document import Embedded
from ..text import one_line

MAX_LENGTH = 1_500
MIN_LENGTH = 80
HEADINGS = {
    "es": r"resumen(?: ejecutivo)?|presentaci[oó]n|sinopsis|breve descripci[oó]n|descripci[oó]n breve",
    "en": r"abstract|(?:executive )?summary|synopsis",
    "pt": r"resumo(?: executivo)?|apresenta[cç][aã]o",
    "fr": r"r[eé]sum[eé]|pr[eé]sentation",
}
# Words that end an abstract; a heading among them stands alone, since "Introduction: …" may be a part of it.
NEXT_HEADING = re.compile(
    r"^\W*(?:\d+\.?\s*)?(?:(?:palabras? claves?|descriptores|key ?words|palavras[- ]chave|mots[- ]cl[eé]s?)\b"
    r"|(?:resum\w+|abstract|summary|introducci[oó]n|introduction|introdu[cç][aã]o|[ií]ndice|contenido|contents"
    r"|tabla de contenidos?|table of contents|agradecimientos|acknowledg\w+|antecedentes|pr[oó]logo|foreword)\W*\d*$)",
    re.IGNORECASE,
)


def find_abstract(pages: list[str], embedded: Embedded, language: str) -> str:
    """At most 1,500 characters, ended at a sentence; in the language of the text where there are several."""
    order = [language, *(code for code in HEADINGS if code != language)]
    for code in (code for code in order if code in HEADINGS):
        for page in pages[:6]:
            if text := below(HEADINGS[code], page):
                return shorten(text)
    return shorten(one_line(embedded.description)) if embedded.is_catalogued else ""


def below(heading: str, page: str) -> str:
    """What stands under (or behind, on the same line) that heading, as far as the next heading or page end."""
    lines = page.split("\n")
    title = re.compile(rf"^\W*(?:\d+\.?\s*)?(?:{heading})\s*(?:[:.–—-]+\s*(?P<rest>.*))?$", re.IGNORECASE)
    for number, line in enumerate(lines):
        match = title.match(line.strip())
        if not match or re.search(r"\.{4}|\d\s*$", line):
            continue
        body = [match["rest"] or ""]
        for following in lines[number + 1 :]:
            if NEXT_HEADING.match(following) or re.search(r"\.{5}", following):
                break
            body.append(following)
        text = one_line(" ".join(without_subheading(body)))
        if len(text) >= MIN_LENGTH:
            return text
    return ""


def without_subheading(body: list[str]) -> list[str]:
    """A few words without a full stop, before a line that begins anew, are a heading of their own."""
    if len(body) > 2 and not body[0] and len(body[1].split()) <= 5 and not re.search(r"[.,;:]\s*$", body[1]):
        begins_anew = re.match(r"\s*(?:\d+\.\s*)?[A-ZÁÉÍÓÚÑ¿¡“\"]", body[2])
        body = body[2:] if begins_anew else body
    return [re.sub(r"^\s*1\.\s+", "", body[0]), *body[1:]]


def shorten(text: str) -> str:
    """Whole sentences where the limit allows one, else whole words."""
    ends = [match.end() for match in re.finditer(r"[.!?…][»”\")]?(?=\s|$)", text[: MAX_LENGTH + 1])]
    if len(text) <= MAX_LENGTH:
        # Cover pages end in a date or an address: what follows the last full stop is not the abstract.
        return text[: ends[-1]] if ends and ends[-1] > 0.5 * len(text) else text
    return text[: ends[-1]] if ends else text[:MAX_LENGTH].rsplit(" ", 1)[0] + "…"
