"""The date of this text: the day of a law's last reform, the month on a cover, the year of an issue."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import pairwise
from typing import NamedTuple

from ..document import Embedded, Line
from .titles import as_blocks
from .words import norm, plain

NAMES = (
    "enero january janeiro janvier", "febrero february fevereiro fevrier", "marzo march marco mars",
    "abril april avril", "mayo may maio mai", "junio june junho juin", "julio july julho juillet",
    "agosto august aout", "septiembre september setembro setiembre septembre", "octubre october outubro octobre",
    "noviembre november novembro novembre", "diciembre december dezembro decembre",
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(NAMES, 1) for name in names.split()}
SHORT = {name[:3]: number for name, number in MONTHS.items() if name[:3] not in ("mar", "mai", "jui", "set", "may")}
EARLIEST, LATEST = 1900, 2100

YEAR = r"((?:19|20)\d\d)\b"
DATE = re.compile(
    rf"\b(?P<d1>\d{{1,2}})(?:º|°|o|er|ero)?\s*(?:de\s+|of\s+)?(?P<m1>[a-z]{{3,10}})\.?,?\s*(?:del?\s+)?(?:ano\s+)?(?P<y1>{YEAR})"
    rf"|\b(?P<m2>[a-z]{{3,10}})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>{YEAR})"
    rf"|\b(?P<d3>\d{{1,2}})[-/.](?P<m3>\d{{1,2}})[-/.](?P<y3>{YEAR})"
    rf"|\b(?P<y4>{YEAR})-(?P<m4>\d\d)-(?P<d4>\d\d)\b"
    rf"|\b(?P<m5>[a-z]{{3,10}})\.?,?\s*(?:del?\s+|[-/]\s*)?(?P<y5>{YEAR})"
)
REFORM = re.compile(r"(?:ultima[s]?\s+reforma|fecha\s+de\s+(?:ultima\s+)?reforma)")
ADOPTED = re.compile(r"\b(?:adoptad|aprobad|proclamad|adopted|proclaimed|approved)")
INSTRUMENT = re.compile(
    r"\b(?:declaracion|convencion|convenio|pacto|protocolo|tratado|carta|declaration|convention|covenant|protocol|treaty)\b"
)
PUBLISHED = re.compile(
    r"(?:diario oficial|periodico oficial|gaceta oficial|release date|date of publication|fecha de publicacion"
    r"|publicad[oa]\s*(?:el|en|:)|published\s*(?:on|:)|publicacion:)"
)
ISSUE = re.compile(r"\b\d{1,4}\s*(?:\(\s*\d+[^)]{0,12}\)|:\s*e?\d+)|\bvol(?:\.|umen|ume)\s*\d+", re.IGNORECASE)
NUMBERED = re.compile(
    rf"\b(?:acuerdo|decreto|resolucion|ley|ordenanza|circular|norma|directiva|dictamen|sentencia|resolution|decree)\b"
    rf"[^.\n]{{0,40}}?\b(?:\d+[-/]{YEAR}|\d+\s+(?:de|of)\s+{YEAR})"
)
PERIODICAL = re.compile(rf"\b(?:boletin|informe|anuario|memoria|reporte|annual|report|yearbook|bulletin)\b.*\b{YEAR}$")
COPYRIGHT = re.compile(rf"(?:©|\(c\)|copyright)\W*(?:copyright)?\W*{YEAR}")


class Date(NamedTuple):
    year: int
    month: int | None = None
    day: int | None = None


def find_date(lines: list[Line], title: str, embedded: Embedded, pages: list[str]) -> Date | None:
    """The first that is found, from the surest sign to the weakest."""
    if embedded.is_catalogued and embedded.year:
        return Date(embedded.year)
    head = plain("\n".join(pages[:2]))
    return (
        last_reform(head)
        or adoption(head, title)
        or publication(lines)
        or on_cover(lines, title)
        or of_issue(lines)
        or in_number(lines, title)
        or in_periodical(title)
        or of_copyright(plain("\n".join(pages[:4])))
        or of_file(embedded, pages)
    )


def dates_in(text: str) -> Iterator[Date]:
    """Every date in a text without accents, in the order of the text."""
    for match in DATE.finditer(text):
        found = {name[0]: value for name, value in match.groupdict().items() if value}
        month = month_of(found["m"])
        day = int(found.get("d", 0)) or None
        if month and (day is None or day <= 31):
            yield Date(int(found["y"]), month, day)


def month_of(word: str) -> int | None:
    if word.isdigit():
        return int(word) if 1 <= int(word) <= 12 else None
    if word in MONTHS:
        return MONTHS[word]
    close = get_close_matches(word, MONTHS, n=1, cutoff=0.85) if len(word) > 5 else []  # "dicembre"
    return MONTHS[close[0]] if close else SHORT.get(word)


def date_after(pattern: re.Pattern[str], text: str, within: int) -> list[Date]:
    """The first date behind each match."""
    windows = (text[match.end() : match.end() + within] for match in pattern.finditer(text))
    return [date for window in windows if (date := next(dates_in(window), None))]


def last_reform(head: str) -> Date | None:
    return max(date_after(REFORM, head, 120), default=None)


def adoption(head: str, title: str) -> Date | None:
    """Treaties and declarations are known by the day they were adopted."""
    if not INSTRUMENT.search(norm(title)):
        return None
    return next(iter(date_after(ADOPTED, head, 200)), None)


def publication(lines: list[Line]) -> Date | None:
    """ "Release date: 14 January 2021", "Diario Oficial de la Federación 28 de noviembre de 2014"."""
    for line, following in pairwise([*(line for line in lines if line.page < 2), Line("", 0)]):
        text = plain(line.text)
        if len(text.split()) > 25 or not PUBLISHED.search(text):
            continue
        if text.endswith(":"):
            text += " " + plain(following.text)
        elif line.page > 0:
            continue
        if found := date_after(PUBLISHED, text, 120):
            return found[0]
    return None


def on_cover(lines: list[Line], title: str) -> Date | None:
    """A block of the first page that holds a date and hardly anything else."""
    years = []
    for block in as_blocks(lines):
        text = plain(block.text)
        if block.page > 0 or len(text.split()) > 8 or norm(block.text) in norm(title):
            continue
        dates = list(dates_in(text))
        if len(dates) == 1 and len(re.findall(r"[a-z]+", DATE.sub("", text))) <= 4:
            return dates[0]
        if not dates and (year := re.fullmatch(rf"(?:[a-z. ]{{3,40}},\s*)?{YEAR}\.?", text)):
            years.append(Date(int(year[1])))
    return years[0] if len(set(years)) == 1 else None


def of_issue(lines: list[Line]) -> Date | None:
    """The running line of a journal: "Cad. Saúde Colet., 2023; 31(3):e31030043"."""
    for line in lines:
        if line.page == 0 and len(line.text.split()) <= 15 and ISSUE.search(line.text):
            years = set(re.findall(rf"(?<![\d.(/-]){YEAR}(?![-/)])", line.text))
            if len(years) == 1:
                return Date(int(years.pop()))
    return None


def in_number(lines: list[Line], title: str) -> Date | None:
    """The year in the number of a law, from its title or from a short line at its head."""
    heads = [title, *(line.text for line in lines if line.page < 2 and len(line.text.split()) <= 14)]
    for text in heads[:15]:
        if match := NUMBERED.search(plain(text)):
            return Date(int(match[1] or match[2]))
    return None


def in_periodical(title: str) -> Date | None:
    match = PERIODICAL.search(plain(title).rstrip(" ."))
    return Date(int(match[1])) if match and len(re.findall(YEAR, title)) == 1 else None


def of_copyright(head: str) -> Date | None:
    years = set(COPYRIGHT.findall(head))
    return Date(int(years.pop())) if len(years) == 1 else None


def of_file(embedded: Embedded, pages: list[str]) -> Date | None:
    """The year in which the file was made counts only when the first pages speak of it and of none later."""
    years = {int(year) for year in re.findall(rf"(?<!\d){YEAR}", " ".join(pages[:4]))}
    return Date(embedded.created) if years and embedded.created == max(years) else None
