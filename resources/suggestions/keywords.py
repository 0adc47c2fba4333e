"""The keywords a document gives itself: its line "Palabras clave: …" or "Keywords: …"."""

import re

from resources.search import fold

FIRST_PAGES = 12
"""Keywords stand beside the abstract; a later line of that name is about something else."""
MOST = 12
LONGEST = 60
LINE = 500
"""Characters behind the label that may belong to the list."""

LABEL = re.compile(
    r"(?:^|[\n.)]) {0,9}(?:palabras?[ -]claves?|key[ -]?words?|descriptores|descriptors|palavras[ -]chave)"
    r"(?: \([^)\n]{1,20}\))? ?(?::|\.|-|\n) ?\n?"
)
"""On folded text."""
STOP = re.compile(
    r"\n\s{0,9}\n|\n(?=[^\n]{0,40}(?:abstract|resumen|resumo|introduc|key ?words|palabras|doi|http|received|recibido))"
)
PARTING = {mark: re.compile(rf"\s*{re.escape(mark)}\s*") for mark in (";", "·", "|", ",", ".")}


def spans(text: str) -> list[tuple[int, int]]:
    """Where the keywords stand in a tidy text: [(start, end)] of each list, without its label."""
    folded, out = fold(text), []
    for label in LABEL.finditer(folded):
        start = label.end()
        rest = folded[start : start + LINE]
        stop = STOP.search(rest)
        end = start + (stop.start() if stop else _last_line(rest))
        out.append((start, _first_sentence(text, start, end)))
    return [span for span in out if span[0] < span[1]][:4]


def _last_line(rest: str) -> int:
    """The list ends with its line, or with the next one where the line ends in a comma."""
    end = 0
    for line in rest.splitlines(keepends=True)[:5]:
        end += len(line)
        if line.rstrip()[-1:] not in (",", ";", "-") and end > 40:
            break
    return end


def _first_sentence(text: str, start: int, end: int) -> int:
    """Up to the full stop, unless full stops part the keywords themselves."""
    if not any(mark in text[start:end] for mark in ";,·|"):
        return end
    stop = re.search(r"\.(?=\s|$)", text[start:end])
    return start + stop.start() if stop else end


def parted(text: str) -> list[str]:
    """One list of keywords, taken apart at the sign that parts most."""
    text = " ".join(text.split()).strip(" .;,")
    mark = next((mark for mark in PARTING if mark in text), None)
    words = PARTING[mark].split(text) if mark else [text]
    return [word.strip(" .;,") for word in words if 1 < len(word.strip(" .;,")) <= LONGEST][:MOST]
