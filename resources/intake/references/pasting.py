"""What a person pastes: a bibliography in plain text, a list of DOIs or of addresses.

Read is what surely stands there. An author, a year or a title that could be something else stays empty.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from resources.authors import kind_of
from resources.intake.records import Fault, Record
from resources.models import Author

from . import texts
from .building import DOI_INSIDE, Draft, doi_of_address, trimmed

MAX_TEXT = 5_000_000  # characters
MAX_ENTRY = 5_000

TOO_LONG = _("This text is too long; only its beginning was read.")
NOTHING = _("No DOI, no address and no title can be read here with certainty.")

NUMBERED = re.compile(r"\s{0,20}(?:\[\d{1,4}\]|\(\d{1,3}\)|\d{1,3}[.)](?=\s)|[-*•–·](?=\s))\s{0,20}")
URL = re.compile(r"(?:https?://|www\.)[^\s<>\"]{3,500}", re.IGNORECASE)
IDENTIFIED = re.compile(r"(?:https?://|www\.|\b10\.\d{4,9}/)[^\s<>\"]{3,500}$", re.IGNORECASE)
LABEL = re.compile(
    r"\b(?:doi|url|disponible en|available (?:at|from)|recuperado de|retrieved from)\s?:?\s?$", re.IGNORECASE
)
PARTICLE = r"(?:(?:de|del|la|las|los|da|do|dos|van|von|der|den|di|y) ){0,3}"
NAME = PARTICLE + r"[^\W\d_a-z][^\W\d_]+(?:[-'’ ][^\W\d_]{2,}){0,3}"
# García-López, M. A., & Smith, J. (2019). Title. -- APA
APA = re.compile(r"(?P<authors>[^()]{3,1500}?)\s?\((?P<year>(?:19|20)\d\d)(?:, [^()]{1,30})?\)\.\s(?P<rest>.{3,})")
APA_PERSON = re.compile(rf"({NAME}), ((?:[^\W\d_a-z]\.[ -]?){{1,4}})(?:,? ?(?:&|y|and) ?|, ?|$)")
# García-López MA, Smith J. Title. Journal. 2019;12(3):45. -- Vancouver
VANCOUVER_PERSON = re.compile(rf"({NAME}) ([^\W\d_a-z]{{1,3}})")
VANCOUVER_YEAR = re.compile(r"[.;] ?((?:19|20)\d\d)(?: [A-Z][a-z]{2}(?: \d{1,2})?)?;\d")
# A sentence ends with a point, but not behind an abbreviation: then where the title ends is a guess.
SENTENCE = re.compile(r"(?P<title>[^.?!]{8,400})(?P<end>[.?!])(?=\s|$)")
ABBREVIATED = re.compile(
    r"(?:^|[\s.(])(?:[^\W\d_]{1,2}|vol|núm|num|ed|vs|etc|art|esp|sra?|dra?|dept|univ)$", re.IGNORECASE
)


def read(text: str) -> Iterator[Record | Fault]:
    """A record for each entry that names or describes a work, a fault for each that does not."""
    for number, entry in entries(text[:MAX_TEXT]):
        for where, part in parts(f"line {number}", entry[:MAX_ENTRY]):
            found = read_entry(where, part).finish()
            yield from [Fault(where, NOTHING)] if isinstance(found[0], Fault) else found
    if len(text) > MAX_TEXT:
        yield Fault(f"line {text.count(chr(10), 0, MAX_TEXT) + 1}", TOO_LONG)


def entries(text: str) -> Iterator[tuple[int, str]]:
    """(line, entry): blocks between blank lines, parted where lines begin an entry of their own."""
    lines = list(enumerate(text.splitlines(), 1))
    has_blocks = any(not line.strip() for _number, line in lines[1:-1])
    block: list[tuple[int, str]] = []
    for number, line in [*lines, (0, "")]:
        if line.strip():
            block.append((number, line.strip()))
        elif block:
            yield from parted(block, has_blocks=has_blocks)
            block = []


def parted(block: list[tuple[int, str]], *, has_blocks: bool) -> Iterator[tuple[int, str]]:
    """Numbers or bullets part a block that begins with one; else styles and identifiers; else every line."""
    is_numbered = bool(NUMBERED.match(block[0][1]))
    is_list = not has_blocks and not any(is_styled(line) for _number, line in block)
    start, held = block[0][0], [block[0][1]]
    for number, line in block[1:]:
        begins = bool(NUMBERED.match(line)) if is_numbered else begins_entry(line, held, is_list=is_list)
        if begins:
            yield start, " ".join(held)
            start, held = number, []
        held.append(line)
    yield start, " ".join(held)


def begins_entry(line: str, held: list[str], *, is_list: bool) -> bool:
    """An identifier ends its entry; alone on a line it belongs to what stands above, if that has none."""
    if is_bare(line):
        return any(DOI_INSIDE.search(above) or URL.search(above) for above in held)
    return is_list or is_styled(line) or bool(IDENTIFIED.search(held[-1][-600:]))


def is_styled(line: str) -> bool:
    """Does the line open with authors as a style sets them?"""
    line = unnumbered(line)
    return bool(APA.match(line[:2_000]) or vancouver(line)[0])


def unnumbered(text: str) -> str:
    number = NUMBERED.match(text)
    return text[number.end() :] if number else text


def is_bare(text: str) -> bool:
    """Nothing but DOIs and addresses."""
    text = re.sub(r"\bdoi:\s?", "", text[:MAX_ENTRY], flags=re.IGNORECASE)
    return bool(text.strip()) and not DOI_INSIDE.sub("", URL.sub("", text)).strip(" \t,;.")


def parts(where: str, entry: str) -> Iterator[tuple[str, str]]:
    """Several identifiers on one line are several works."""
    pieces = re.split(r"[\s,;]+(?=https?://|www\.|10\.\d{4}|doi:)", entry) if is_bare(entry) else [entry]
    yield from ((where, piece) for piece in pieces if piece.strip(" ,;."))


def read_entry(where: str, entry: str) -> Draft:
    found = Draft(where)
    text = unnumbered(entry)
    addresses = [trimmed(url) for url in URL.findall(text)]
    rest = URL.sub(" ", text)
    dois = {doi_of_address(url) for url in addresses if doi_of_address(url)}
    dois |= {trimmed(doi.lower()) for doi in DOI_INSIDE.findall(rest)}
    found.dois = list(dois) if len(dois) == 1 else []  # several: who says which is the work's own?
    others = [url for url in addresses if not doi_of_address(url)]
    found.urls = [url if "://" in url else f"http://{url}" for url in others[:1]]
    describe(found, LABEL.sub("", texts.one_line(DOI_INSIDE.sub(" ", rest)).rstrip(" .")) + ".")
    return found


def describe(found: Draft, text: str) -> None:
    """Authors, year and title, if the entry is set in APA or Vancouver style and leaves no doubt."""
    if said := APA.match(text):
        found.authors = apa_authors(said["authors"].strip())
        found.dates = [said["year"]]
        found.title = sure_title(said["rest"]) if found.authors else ""
        return
    found.authors, rest = vancouver(text)
    if found.authors:
        found.title = sure_title(rest)
        found.dates = list(set(VANCOUVER_YEAR.findall(rest)))[:1]


def apa_authors(text: str) -> list[str]:
    """People, if the whole is made of people; one body, if its name says that it is one."""
    at, found = 0, []
    while at < len(text) and (person := APA_PERSON.match(text, at)):
        found.append(f"{person[1]}, {person[2].strip()}")
        at = person.end()
    if at == len(text):
        return found
    name = text.rstrip(". ")
    return [name] if "," not in name and kind_of(name) == Author.Kind.BODY else []


def vancouver(text: str) -> tuple[list[str], str]:
    """(authors, what stands behind them), if the first sentence is a list of names with their initials."""
    head, _point, rest = text[:3_000].partition(". ")
    people = [VANCOUVER_PERSON.fullmatch(name) for name in head.removesuffix(", et al").split(", ")]
    return ([f"{person[1]}, {person[2]}" for person in people], rest) if all(people) else ([], text)


def sure_title(text: str) -> str:
    """The first sentence, unless it may have ended at an abbreviation."""
    found = SENTENCE.match(text)
    if not found or ABBREVIATED.search(found["title"]):
        return ""
    title = re.sub(r"\s?\[[^\]]{1,40}\]$", "", found["title"])
    return title + (found["end"] if found["end"] in "?!" else "")
