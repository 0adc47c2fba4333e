"""The title: the most prominent words of the first pages, weighed against the title embedded in the file."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby, pairwise

from ..document import Embedded, Line
from ..text import one_line
from .words import in_small_letters, norm, similarity

MAX_WORDS = 60
MAX_LENGTH = 400
PAGE_WEIGHT = (1.0, 0.75, 0.6)
ENOUGH = 1.1  # a title stands out at least this much from the running text

EMBEDDED_JUNK = re.compile(
    r"""^(?: untitled.* | sin\ t[ií]tulo.* | (?:new\ )?documento?\ ?\d* | documento?\ (?:en\ blanco|sin\ .*)
    | (?:microsoft\ )?power\ ?point.* | presentaci[oó]n(?:\ de\ powerpoint)?\ ?\d* | presentation\ ?\d*
    | microsoft\ .* | t[ií]tulo | title | (?:slide|diapositiva|book|libro|hoja|layout|p[aá]gina|page)\ ?\d*
    | plantilla.* | template.* | scan.* | escan.* | imag[e]?n?\ ?\d* | img.* | none | null | word\ document )$
    | \.(?:docx?|pdf|pptx?|xlsx?|indd|qxd|rtf|od[tp]|ai|cdr|pmd|p65|tex|dvi|html?|txt)$ | ^https?:""",
    re.IGNORECASE | re.VERBOSE,
)
NO_TITLE = re.compile(
    r"""^(?: isbn | issn | e-?issn | doi\b | https?: | www\. | vol(?:umen|ume)?\.?\ \d | p[aá]g(?:ina)?s?\b | page\ \d
    | (?:tabla\ de\ )?contenidos?\b | (?:table\ of\ )?contents?\b | [íi]ndice\b | sum[aá]rio\b | resum(?:en|o)\b
    | abstract\b | introduc | introduç | pr[oó]logo | presentaci[oó]n$ | pre[aá]mbulo | considerando | cap[ií]tulo
    | chapter\b | t[ií]tulo\ (?:primero|i\b) | art[ií]culo\ (?:[0-9úu]|original) | artigo\ original | original\ article
    | cookies\b | breve\ descripci[oó]n | texto\ vigente | (?:nueva\ ley\ )?publicad[oa]\b | [uú]ltima\ reforma
    | fecha\ de | versi[oó]n\ \d | agradecimientos | acknowledg | executive\ summary | foreword
    | 1\.?\s | \d+\.\d | figure?\b | figura\b | table\ \d | gr[aá]fic[oa]\b | overview$ )""",
    re.IGNORECASE | re.VERBOSE,
)
# The cell of a form that stands before its title.
LABEL = re.compile(
    r"^(?:t[ií]tulo|title|(?:nombre|t[ií]tulo)\s+del?(?:\s+la)?\s+(?:actividad|art[ií]culo|componente|curso|documento|estudio"
    r"|informe|proyecto|publicaci[oó]n|trabajo)(?:\s+\w+)?)\s*:?$",
    re.IGNORECASE,
)
# Whoever issues a law stands below its number, in the same type.
ISSUER = re.compile(
    r"^(?:el|la|los|the)\s+(?:h\.?\s+|honorable\s+)?(?:congreso|presidente?a?|ministr[oa]|asamblea|secretari[oa]|pleno"
    r"|consejo|gobernador|c[aá]mara|legislatura|senado|director|minister|congress|president|parliament)\b",
    re.IGNORECASE,
)


@dataclass
class Block:
    """Lines that belong together."""

    text: str
    size: float
    is_bold: bool
    page: int
    place: int
    role: str = ""

    @property
    def words(self) -> int:
        return len(re.findall(r"[^\W\d_]{2,}", self.text))


def find_title(lines: list[Line], embedded: Embedded, pages: list[str]) -> str:
    """The title in the writing of the document, or ""."""
    running = " ".join(" ".join(pages[:3]).split())
    printed = printed_title(lines)
    claimed = embedded_title(embedded, running, printed)
    title = choose(printed, claimed, running)
    return in_small_letters(title.rstrip(" .,;:–—-"), running)[:MAX_LENGTH]


def choose(printed: str, claimed: str, running: str) -> str:
    """The embedded title is the better writing of a title that is printed too; alone it needs support in the text."""
    if not (printed and claimed):
        return printed or claimed
    longer = norm(printed).startswith(norm(claimed)) and norm(printed) != norm(claimed)
    if longer and len(printed) <= 2.5 * len(claimed) and not is_running_on(printed, claimed):
        return printed
    if norm(claimed) in norm(running):
        return claimed
    return printed


def is_running_on(printed: str, claimed: str) -> bool:
    """Whether what follows the embedded title in print is a second sentence rather than its end."""
    rest = printed[len(claimed) :].lstrip()
    return bool(re.match(r"[.(]", rest))


def embedded_title(embedded: Embedded, running: str, printed: str) -> str:
    """The title the file carries, unless a program put it there."""
    title = one_line(embedded.title)
    if embedded.is_catalogued:
        return title
    if not is_plausible(title):
        return ""
    # Web pages append the name of the site.
    shorter = re.split(r"\s+[|–—-]\s+", title)[0]
    known = norm(running)
    for candidate in (title, shorter):
        if is_plausible(candidate) and norm(candidate) in known:
            return candidate
    words = norm(title).split()
    if not known:
        return title if len(words) >= 3 else ""
    supported = sum(word in set(known.split()) for word in words) >= 0.8 * len(words)
    return title if supported and len(words) >= 3 and (not printed or similarity(title, printed) > 0.4) else ""


def is_plausible(title: str) -> bool:
    letters = sum(character.isalpha() for character in title)
    has_words = len(re.findall(r"[^\W\d_]{2,}", title)) >= 2 and " " in title
    return has_words and "_" not in title and letters > 0.5 * len(title) and not EMBEDDED_JUNK.search(title)


def printed_title(lines: list[Line]) -> str:
    """The block of the first pages that stands out most, or ""."""
    blocks = as_blocks(lines)
    body = body_line(lines)
    named = [block.text for block in blocks if block.role == "title" and is_title_like(block)]
    if named := labelled(blocks) + named:
        return named[0]
    if not body:
        return ""
    scored = [(score(block, body), block) for block in blocks if is_title_like(block) and stands_out(block, body)]
    scored = [(points, block) for points, block in scored if points >= ENOUGH and not has_peers(block, blocks)]
    return max(scored, key=lambda pair: pair[0])[1].text if scored else ""


def labelled(blocks: list[Block]) -> list[str]:
    """What a form on the first page calls its title."""
    pairs = pairwise(block for block in blocks if block.page == 0)
    return [value.text for label, value in pairs if LABEL.match(label.text) and is_title_like(value)]


def groups(lines: list[Line]) -> list[list[Line]]:
    """The lines of each block."""
    found: list[list[Line]] = []
    for line in lines:
        if not found or line.starts_block or line.page != found[-1][-1].page or ISSUER.match(line.text):
            found.append([])
        found[-1].append(line)
    return found


def as_blocks(lines: list[Line]) -> list[Block]:
    return [
        Block(
            text=" ".join(line.text for line in group),
            size=max(line.size for line in group),
            is_bold=all(line.bold for line in group),
            page=group[0].page,
            place=place,
            role=group[0].role,
        )
        for _page, same_page in groupby(groups(lines), key=lambda group: group[0].page)
        for place, group in enumerate(same_page)
    ]


def body_line(lines: list[Line]) -> Line | None:
    """A line in the type of the running text: the size and weight with the most letters."""
    letters: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        if line.size:
            letters[round(line.size, 1), line.bold] += len(line.text)
    if not letters:
        return None
    (size, bold), _count = letters.most_common(1)[0]
    return Line("", size, bold)


def is_title_like(block: Block) -> bool:
    text = block.text
    return (
        2 <= block.words <= MAX_WORDS
        and len(text) <= MAX_LENGTH
        and sum(c.isalpha() for c in text) > 0.5 * len(text)
        and not NO_TITLE.match(text)
        and not ISSUER.match(text)
        and not text.endswith(":")
        and not (text.endswith(".") and block.words > 15 and not text.isupper())  # a sentence
        and "@" not in text
        and "...." not in text
    )


def stands_out(block: Block, body: Line) -> bool:
    if block.size >= 1.05 * body.size:
        return True
    is_marked = (block.is_bold and not body.bold) or block.text.isupper()
    return is_marked and block.size >= 0.95 * body.size and block.page == 0


def score(block: Block, body: Line) -> float:
    """How much the block stands out: by size first, then weight, length and place."""
    return (
        block.size / body.size
        * (1.1 if block.is_bold and not body.bold else 1)
        * (1 + 0.02 * min(block.words, 12))
        * (1 - 0.01 * min(block.place, 20))
        * PAGE_WEIGHT[min(block.page, len(PAGE_WEIGHT) - 1)]
    )  # fmt: skip


def has_peers(block: Block, blocks: list[Block]) -> bool:
    """Whether it is one of several short blocks in the same type: the head of a table, a row of captions."""
    same = [other for other in blocks if other.page == block.page and other.size == block.size]
    return block.place > 0 and block.words <= 3 and sum(other.is_bold == block.is_bold for other in same) > 2
