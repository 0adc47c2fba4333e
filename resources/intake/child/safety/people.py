"""Possible personal data in the text of a page: what makes a list of people, as against figures and offices."""

import re
from collections.abc import Iterator
from datetime import date

from ..guess.authors import FUNCTION_WORDS, HAS_ORGANISATION, NO_NAME, PARTICLES, PLACES
from ..guess.dates import MONTHS
from ..guess.words import norm
from . import numbers
from .notes import Notes, masked

MAX_LINE = 2_000
MIN_PHONES = 3
MIN_PRIVATE_MAILS = 3
MIN_MAILS = 15
MIN_BIRTHS = 3

MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
PRIVATE_MAIL = re.compile(
    r"@(?:gmail|hotmail|yahoo|outlook|live|icloud|proton(?:mail)?|aol|msn|ymail)\.", re.IGNORECASE
)
PHONE = re.compile(
    r"(?<![\w.,/:;(-])(?<!\d )(?:\+\d{1,3}[ .-]?)?(?:\(\d{1,4}\)[ .-]?)?"
    r"\d{2,4}(?:[ .-]\d{2,4}){1,4}(?![\w/-]|[.,;:]\d| \d)"
    r"|(?<![\w.,/-])\+\d{8,14}(?!\w)"
)
BARE_PHONE = re.compile(r"(?<![\w.,/-])\d{8,10}(?![\w/-]|[.,]\d)")
PHONE_WORD = re.compile(r"tel[eé]fono|celular|m[oó]vil|whats ?app|\bphone|\bmobile|\bcell\b|\btels?\b", re.IGNORECASE)
OFFICE = re.compile(
    r"\b(?:fax|ext(?:ensi[oó]n)?|conmutador|l[ií]nea|hotline|oficinas?|offices?|edificio|building"
    r"|av(?:enida|e|da)?|calle|street|zona|piso|floor|emergencias?|urgencias|albergue|shelter|consulado|consulate|embajada|embassy|hospital|cl[ií]nica"
    r"|isbn|issn|doi|http|www)\b",
    re.IGNORECASE,
)
DAY = re.compile(r"(?<![\d/.-])(?:(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d\d)|((?:19|20)\d\d)-(\d\d)-(\d\d))(?![\d/-])")
BIRTH = re.compile(
    r"\b(?:fecha\s+de\s+nac(?:imiento|\.)?|f\.?\s?nac\b\.?|date\s+of\s+birth|birth\s?date|d\.?o\.?b\b\.?)",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
# Words that begin with a capital at the head of a column, a form or a sentence.
LABELS = {
    "nombre", "nombres", "apellido", "apellidos", "name", "surname", "names", "tel", "telefono", "telefonos",
    "celular", "movil", "phone", "mobile", "fax", "correo", "email", "mail", "e", "fecha", "date", "sexo",
    "sex", "edad", "age", "nacionalidad", "nationality", "cedula", "pasaporte", "passport", "dni", "dui",
    "curp", "rfc", "cui", "dpi", "identidad", "identificacion", "numero", "number", "no", "articulo",
    "articulos", "ley", "decreto", "dof", "diario", "oficial", "ultima", "reforma", "reformas", "publicada",
    "publicado", "parrafo", "fraccion", "capitulo", "titulo", "seccion", "total", "tabla", "table", "cuadro",
    "figure", "figura", "grafico", "source", "fuente", "anexo", "page", "pagina", "lunes", "martes",
    "miercoles", "jueves", "viernes", "sabado", "domingo", "monday", "tuesday", "wednesday", "thursday",
    "friday", "saturday", "sunday", "el", "la", "los", "las", "un", "una", "the", "este", "esta", "se", "de",
    "del", "resolucion", "acuerdo", "general", "nueva", "version", "codigo", "periodico", "extraordinario",
    "contacto", "direccion", "whatsapp", "madre", "padre", "hijo", "hija", "observaciones", "male", "female",
    "hombre", "mujer", "masculino", "femenino",
}  # fmt: skip


def look(text: str, place: str, name: object, notes: Notes) -> None:
    """Note what the text of one page (sheet, slide) seems to tell about single people."""
    for what, match in numbers.find(text):
        notes.add(what, place, name, excerpt=around(text, match.start(1), match.end(1)))
    lines = [line[:MAX_LINE] for line in text.split("\n")]
    phones(lines, bool(PHONE_WORD.search(text)), place, name, notes)
    mails(text, place, name, notes)
    births(lines, bool(BIRTH.search(text)), place, name, notes)


def around(text: str, start: int, end: int) -> str:
    """The rest of the line on both sides of a number, the number itself masked."""
    before = text[max(0, start - 40) : start].rpartition("\n")[2]
    after = text[end : end + 40].partition("\n")[0]
    return before + masked(text[start:end]) + after


def phones(lines: list[str], is_announced: bool, place: str, name: object, notes: Notes) -> None:
    """Several numbers beside persons' names; an office has one or two, and says that it is an office."""
    found: dict[str, str] = {}
    for line in lines:
        numbers_here = list(phone_numbers(line, is_announced))
        if numbers_here and not OFFICE.search(line) and has_person(line):
            for number in numbers_here:
                found.setdefault(re.sub(r"\D", "", number), line.replace(number, masked(number)))
    if len(found) >= MIN_PHONES:
        for line in found.values():
            notes.add("phones", place, name, excerpt=line)


def phone_numbers(line: str, is_announced: bool) -> Iterator[str]:
    for pattern in (PHONE, BARE_PHONE) if is_announced else (PHONE,):
        for match in pattern.finditer(line):
            groups = re.findall(r"\d+", match[0])
            if 8 <= sum(map(len, groups)) <= 15 and not is_figure(match[0], groups):
                yield match[0]


def is_figure(written: str, groups: list[str]) -> bool:
    """Whether it is rather a number with thousands, a span of years or pages, or a date."""
    if written.startswith("+"):
        return False
    has_thousands = len(groups) > 1 and "-" not in written and all(len(group) == 3 for group in groups[1:])
    is_span = len(groups) == 2 and len(groups[0]) == 4 and 0 < int(groups[1]) - int(groups[0]) < 200
    has_year = any(len(group) == 4 and 1900 <= int(group) <= 2100 for group in groups)
    return has_thousands or is_span or (has_year and len(groups) != 2) or bool(DAY.search(written))


def mails(text: str, place: str, name: object, notes: Notes) -> None:
    """Several private mailboxes, or more than any article has authors."""
    found = dict.fromkeys(match[0].lower() for match in MAIL.finditer(text))
    private = [address for address in found if PRIVATE_MAIL.search(address)]
    listed = private if len(private) >= MIN_PRIVATE_MAILS else list(found) if len(found) >= MIN_MAILS else []
    for address in listed:
        user, _at, host = address.partition("@")
        notes.add("emails", place, name, excerpt=f"{masked(user) if len(user) > 4 else user[:1] + '•••'}@{host}")


def births(lines: list[str], is_announced: bool, place: str, name: object, notes: Notes) -> None:
    """A day of birth that is called so, or several lines with a person and a day on a page that speaks of birth."""
    rows = []
    for line in lines:
        days = [match for match in DAY.finditer(line) if is_birthday(match)]
        if not days:
            continue
        if any(BIRTH.search(line[max(0, day.start() - 40) : day.start()]) for day in days):
            notes.add("births", place, name, excerpt=DAY.sub(lambda day: masked(day[0]), line))
        elif is_announced and has_person(line):
            rows.append(line)
    if len(rows) >= MIN_BIRTHS:
        for line in rows:
            notes.add("births", place, name, excerpt=DAY.sub(lambda day: masked(day[0]), line))


def is_birthday(match: re.Match[str]) -> bool:
    parts = [match[4], match[5], match[6]] if match[4] else [match[3], match[2], match[1]]
    year, month, day = map(int, parts)
    return (
        1900 <= year <= date.today().year and min(month, day) >= 1 and min(month, day) <= 12 and max(month, day) <= 31
    )


def has_person(line: str) -> bool:
    """Whether two to five capitalised words in a row look like the name of a person."""
    run: list[str] = []
    for part in re.split(r"[\t,;:|()/\d]+| {2,}", line):
        for match in WORD.finditer(part):
            word = match[0].rstrip(".")
            if word.lower() in PARTICLES and run:
                continue
            if is_name_word(word):
                run.append(word)
            else:
                if 2 <= len(run) <= 5:
                    return True
                run = []
        # "Pérez, Ana": a comma or a cell's end inside a name.
        if 2 <= len(run) <= 5 and not HAS_ORGANISATION.search(part):
            return True
        if len(run) > 5 or HAS_ORGANISATION.search(part):
            run = []
    return False


def is_name_word(word: str) -> bool:
    plain = norm(word)
    return (
        len(word) > 2
        and word[0].isupper()
        and (word[1:].islower() or word.isupper() or "-" in word)
        and plain not in LABELS
        and plain not in PLACES
        and plain not in MONTHS
        and plain not in FUNCTION_WORDS
        and not NO_NAME.match(word)
    )
