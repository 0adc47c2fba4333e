"""Who wrote or issued the document."""

import re
from itertools import takewhile

from ..document import Embedded, Line
from ..text import one_line
from .titles import NO_TITLE, groups
from .words import in_small_letters, norm, similarity

MAX_AUTHORS = 30
LABEL = re.compile(
    r"^\W*(?:autor(?:es|as|a|ía)?(?:/a?s)?|authors?|por|by|written by|prepared by|conducted by|edited by|escrito por"
    r"|elaborad[oa] por|elaboraci[oó]n|preparad[oa] por|realizad[oa] por|coordinad[oa] por|redacci[oó]n)"
    r"\s*(?P<mark>:)?\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
STOP = re.compile(
    r"^\W*(?:resum|abstract|summary|introdu|palabras|key ?words|contenid|contents|[ií]ndice|tabla de)", re.IGNORECASE
)
PARTICLES = {
    "de",
    "del",
    "la",
    "las",
    "los",
    "da",
    "das",
    "do",
    "dos",
    "e",
    "y",
    "van",
    "von",
    "der",
    "den",
    "di",
    "du",
    "le",
    "bin",
    "al",
    "el",
    "i",
}
FUNCTION_WORDS = {
    "en",
    "para",
    "por",
    "con",
    "sobre",
    "the",
    "of",
    "for",
    "on",
    "in",
    "to",
    "and",
    "with",
    "em",
    "com",
    "no",
}
NAME_WORD = re.compile(r"^(?:[^\W\d_]\.){1,3}$|^[^\W\d_](?:[^\W\d_]|[-'’])*\.?$")
NO_NAME = re.compile(
    r"\w+(?:ci[oó]n|si[oó]n|ciones|dad|dades|miento|mientos|ismo|tion|tions|sion|ment|ness|ity|ing|ção|dade)$"
    r"|(?:programa|informe|manual|gu[ií]a|texto|curso|plan|ley|tema|m[oó]dulo|cuaderno|bolet[ií]n|revista|proyecto|estudio"
    r"|report|guide|handbook|paper|brief|policy|survey|health|salud|nacional|national|general|final|anual|annual)$",
    re.IGNORECASE,
)
ORGANISATION = re.compile(
    r"^(?:ministerio|secretar[ií]a|organizaci[oó]n|instituto|comisi[oó]n|congreso|c[aá]mara|consejo|fundaci[oó]n|asociaci[oó]n"
    r"|universidad|gobierno|departamento|direcci[oó]n|agencia|oficina|alto comisionado|naciones unidas|fondo|banco"
    r"|tribunal|procuradur[ií]a|defensor[ií]a|fiscal[ií]a|servicio|sistema|red|unidad|ministry|department|office|institute|organi[sz]ation"
    r"|commission|council|congress|university|government|agency|united nations|foundation|association|bureau"
    r"|cent(?:re|er)|ministério|secretaria|universidade|instituição|organização)\b",
    re.IGNORECASE,
)
HAS_ORGANISATION = re.compile(ORGANISATION.pattern.replace("^", r"\b", 1), re.IGNORECASE)
PLACES = {
    "mexico", "guatemala", "honduras", "salvador", "nicaragua", "costa", "panama", "belice", "belize", "colombia",
    "ciudad", "bogota", "tegucigalpa", "managua", "santiago", "lima", "quito", "madrid", "geneva", "ginebra",
    "washington", "york", "estados", "unidos", "united", "states", "kingdom", "africa", "america", "europe",
    "europa", "asia", "republica", "republic", "dominicana", "haiti", "cuba", "brasil", "brazil", "argentina",
    "chile", "peru", "ecuador", "venezuela", "south", "north", "norte", "sur", "central", "latina", "latin",
    "caribe", "caribbean",
}  # fmt: skip
ACCOUNTS = {
    "user", "usuario", "admin", "administrator", "administrador", "owner", "author", "autor", "unknown",
    "desconocido", "windows", "microsoft", "office", "word", "python-docx", "dell", "acer", "asus", "lenovo", "hp",
    "hpcompaq", "toshiba", "compaq", "root", "guest", "invitado", "equipo", "pc", "laptop", "cliente", "final",
    "default", "none", "null", "openoffice", "libreoffice", "adobe", "apache", "poi",
}  # fmt: skip


def find_authors(lines: list[Line], title: str, embedded: Embedded, pages: list[str]) -> list[str]:
    """People as the document names them; the body that issued it where no one is named; [] when neither is clear."""
    if embedded.is_catalogued and embedded.authors:
        return [name for name in map(one_line, embedded.authors) if name][:MAX_AUTHORS]
    running = re.sub(r"\S{0,80}(?:@|://|www\.)\S{0,200}", " ", "\n".join(pages))
    people = labelled(lines, running) or below_title(lines, title, running)
    is_cared_for = bool(title) and similarity(embedded.title, title) > 0.9
    found = people or embedded_authors(embedded, running, is_cared_for) or issuer_in(title) or issuers(lines, title)
    flat = " ".join(running.split())
    return [in_small_letters(name, flat) for name in dict.fromkeys(found)][:MAX_AUTHORS]


def find_bodies(lines: list[Line], title: str, authors: list[str]) -> list[str]:
    """The bodies among the authors, else the one the first pages name by itself."""
    bodies = [name for name in authors if HAS_ORGANISATION.search(name) or (name.isupper() and name.isalpha())]
    return bodies or issuer_in(title) or issuers(lines, title)


def labelled(lines: list[Line], running: str) -> list[str]:
    """ "Autoras: …", or "Conducted by:" with the names on the lines below."""
    for number, line in enumerate(lines):
        match = LABEL.match(line.text)
        if line.page > 1 or not match or not (match["mark"] or is_alone(lines, number)):
            continue
        block = list(takewhile(lambda following: not following.starts_block, lines[number + 1 : number + 6]))
        text = " ".join([match["rest"], *(following.text for following in block)]) if match["mark"] else match["rest"]
        if names := leading_names(text, running):
            return names
    return []


def is_alone(lines: list[Line], number: int) -> bool:
    """Whether a short line of the first page is a block of its own."""
    line, following = lines[number], lines[number + 1 : number + 2]
    is_block = line.starts_block and all(below.starts_block for below in following)
    return is_block and line.page == 0 and len(line.text.split()) <= 12


def below_title(lines: list[Line], title: str, running: str) -> list[str]:
    """Names on the lines that follow the title, before the text begins."""
    wanted = norm(title)
    ends = [
        number for number, line in enumerate(lines) if wanted and len(norm(line.text)) > 3 and norm(line.text) in wanted
    ]
    if not ends:
        return []
    page = lines[ends[0]].page
    last = max(number for number in ends if lines[number].page == page and number - ends[0] < 8)
    names: list[str] = []
    for line in lines[last + 1 : last + 9]:
        if line.page != page or STOP.match(line.text) or len(line.text.split()) > 30:
            break
        # A line inside a block goes on with what the block is about: another title, a paragraph.
        found = only_names(line.text, running) if names or line.starts_block else []
        if names and not found:
            break
        names += found
    return names


def only_names(text: str, running: str) -> list[str]:
    """The names on a line that holds nothing but names; [] for any other line."""
    parts = split_names(text)
    return parts if all(is_person(part, running) for part in parts) else []


def leading_names(text: str, running: str) -> list[str]:
    """The names of people at the beginning of a text; [] when it begins with anything else."""
    return list(takewhile(lambda part: is_person(part, running), split_names(text)))


def split_names(text: str) -> list[str]:
    text = re.sub(r"\S{1,80}@\S{1,80}|\b\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b|https?:\S+|\([^)]*\)", " ", text)
    text = re.sub(r"[\d*†‡§¶#¹²³⁴-⁹ªº]+", " ", text)
    parts = re.split(r";" if ";" in text else r",|\s+(?:and|y|e|&)\s+|\s[–—|·•]\s|&", text)
    parts = [re.sub(r"^(?:and|y|e)\s+", "", part.strip(" .-–")) for part in parts]
    return list(filter(None, parts))


def is_person(text: str, running: str) -> bool:
    """Two to six capitalised words, none of which the text also writes small, as it does common words."""
    words = text.replace(",", " ").split()
    names = [word for word in words if word.lower() not in PARTICLES]
    return (
        2 <= len(words) <= 6
        and len(names) >= 2
        and words[0] in names
        and not any(word.lower() in FUNCTION_WORDS for word in words)
        and not NO_TITLE.match(text)
        and all(NAME_WORD.match(word) and word[0].isupper() for word in names)
        and sum(len(word.strip(".")) > 1 for word in names) >= 1
        and not any(NO_NAME.match(word) for word in names)
        and not any(norm(word) in PLACES or norm(word) in ACCOUNTS for word in names)
        and not HAS_ORGANISATION.search(text)
        and not any(re.search(rf"\b{re.escape(word.lower())}\b", running) for word in names if len(word) > 2)
    )


def embedded_authors(embedded: Embedded, running: str, is_cared_for: bool) -> list[str]:
    """Whoever the file names, when the pages name them too: else it may be the owner of the computer.

    An acronym needs no second witness where somebody also gave the file its right title (`is_cared_for`).
    """
    known = f" {norm(running)} "
    names = [name for author in embedded.authors for name in re.split(r"\s*[;\n]\s*", one_line(author))]
    kept = []
    for name in filter(None, names):
        words = norm(name).split()
        is_account = not words or any(word in ACCOUNTS for word in words)
        is_acronym = name.isupper() and name.isalpha() and 3 <= len(name) <= 6
        is_named = f" {norm(name)} " in known
        is_body = len(words) > 2 and HAS_ORGANISATION.search(name)
        if not is_account and (is_body or (len(words) > 1 and is_named) or (is_acronym and (is_named or is_cared_for))):
            kept.append(name)
    return kept


def issuer_in(title: str) -> list[str]:
    """ "Acuerdo General 09/2020, del Pleno del Consejo de la Judicatura …, por el cual": what stands between commas."""
    match = re.match(
        r"(?:acuerdo|decreto|resoluci[oó]n|circular)\b[^,]{3,60},\s+del?\s+(?:pleno\s+del?\s+)?(?:la\s+)?([^,]+),",
        title,
        re.IGNORECASE,
    )
    return [match[1]] if match and ORGANISATION.match(match[1]) else []


def issuers(lines: list[Line], title: str) -> list[str]:
    """The first body that stands alone on a line of a short block on the first two pages."""
    for line in (line for group in groups(lines) if len(group) <= 3 and group[0].page < 2 for line in group):
        text = re.sub(r"^(?:el|la|the)\s+(?:h\.\s+)?", "", line.text, flags=re.IGNORECASE)
        text = re.split(r"\s+[-–—|]\s+|,\s+que\b", text, flags=re.IGNORECASE)[0].rstrip(" .,")
        is_short = 3 <= len(text.split()) <= 12 and len(line.text.split()) <= 16
        if is_short and ORGANISATION.match(text) and norm(text) not in norm(title) and text[0].isupper():
            return [text]
    return []
