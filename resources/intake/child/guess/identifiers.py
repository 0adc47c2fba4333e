"""DOI and ISBN of the document itself, never of what it cites."""

import re

from ..document import Embedded, Line

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>|,;{}\[\]]{2,150}", re.ASCII)
REFERENCES = re.compile(
    r"^\W*(?:\d+\.?\s*)?(?:references|referencias|bibliograf[ií]a|bibliography|refer[eê]ncias)\b", re.IGNORECASE
)
OWN = re.compile(
    r"c[oó]mo citar|how to cite|cite (?:this|as)|citar como|citaci[oó]n sugerida|suggested citation", re.IGNORECASE
)
EDGE = 6  # lines at the head and the foot of a page
ISBN = re.compile(
    r"\be?-?ISBN(?:-1[03])?(?:\s*\([^)]{1,40}\))?\s*:?\s*((?:97[89][\s-]?)?\d[\d\s-]{7,14}[\dXx])\b", re.IGNORECASE
)


def find_doi(lines: list[Line], pages: list[str], embedded: Embedded) -> str:
    """The embedded DOI, or the one that the first page prints as its own."""
    if embedded.doi and (match := DOI.search(embedded.doi)):
        return tidy(match[0])
    first = [line.text for line in lines if line.page == 0]
    end = next((number for number, text in enumerate(first) if REFERENCES.match(text)), len(first))
    found = {tidy(match[0]) for place in own_places(first[:end]) for match in DOI.finditer(place)}
    return found.pop() if len(found) == 1 else ""


def own_places(lines: list[str]) -> list[str]:
    """The lines where a document prints its own DOI: head, foot, and "how to cite"."""
    edges = lines[: 2 * EDGE] + [line for line in lines[-EDGE:] if is_imprint(line)]
    cited = ["\n".join(lines[number : number + 4]) for number, line in enumerate(lines) if OWN.search(line)]
    return edges + cited


def is_imprint(line: str) -> bool:
    """Whether a line at the foot is the running line of a journal rather than a note with a source."""
    rest = re.sub(r"(?:https?://)?(?:dx\.)?(?:doi\.org/)?\S*10\.\d{4,9}/\S+", "", line)
    return len(re.findall(r"[^\W\d_]{3,}", rest)) <= 6


def tidy(doi: str) -> str:
    doi = doi.rstrip(".,;:'’”")
    return (doi.rstrip(")") if ")" in doi and "(" not in doi else doi).lower()


def find_isbn(pages: list[str], embedded: Embedded) -> str:
    """The first ISBN with a right check digit, of the file itself or printed on the first pages."""
    printed = (match[1] for page in pages[:6] for match in ISBN.finditer(page))
    return next((digits for text in (embedded.isbn, *printed) if is_isbn(digits := bare(text))), "")


def bare(isbn: str) -> str:
    return re.sub(r"[^0-9X]", "", isbn.upper())


def is_isbn(digits: str) -> bool:
    """Whether the check digit is right: modulo 11 for ten digits, modulo 10 for thirteen (ISO 2108)."""
    if re.fullmatch(r"\d{9}[\dX]", digits):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        return sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11 == 0
    if re.fullmatch(r"97[89]\d{10}", digits):
        return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0
    return False
