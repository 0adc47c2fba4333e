"""LaTeX in BibTeX values as plain letters."""

import re
from functools import lru_cache

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

MAX_LENGTH = 50_000
# Nothing in it but letters, groups, escaped signs and LaTeX's dashes and quotes: no parser is needed.
PLAIN = re.compile(r"(?:[^\\$]|\\[#$%&_{}])*+")
SIGN = re.compile(r"\\([#$%&_{}])|[{}~]|---?|``|''")
LETTERS = {"{": "", "}": "", "~": " ", "---": "—", "--": "–", "``": "“", "''": "”"}
# A percent sign begins a comment for LaTeX; in a reference somebody forgot the backslash.
BARE_PERCENT = re.compile(r"(?<!\\)%")
# As Pandoc has it: no blank inside of the signs, no digit behind; the others are money.
FORMULA_OR_DOLLAR = re.compile(r"(?<!\\)(\$(?=\S)[^$]{1,300}(?<=[^\s\\])\$(?!\d))|(?<!\\)\$")
ESCAPED = re.compile(r"\\([#$%&_{}~^])")


def decode(text: str) -> str:
    """Accents, signs and commands as letters, groups without their braces. What can't be read so stays as written."""
    text = text[:MAX_LENGTH]
    if PLAIN.fullmatch(text):
        return SIGN.sub(lambda found: found[1] or LETTERS[found[0]], text)
    text = BARE_PERCENT.sub(r"\\%", text)
    text = FORMULA_OR_DOLLAR.sub(lambda found: found[1] or r"\$", text)
    try:
        return decoder().latex_to_text(text)
    except (RecursionError, ValueError, IndexError, AttributeError, TypeError, KeyError):
        return text.replace("{", "").replace("}", "")


def verbatim(text: str) -> str:
    """An address or identifier: only the backslashes that some programs set are taken away."""
    return ESCAPED.sub(r"\1", text)


@lru_cache
def decoder() -> LatexNodes2Text:
    database = get_default_latex_context_db()
    own = [
        MacroTextSpec("url", simplify_repl="%s"),
        MacroTextSpec("href", simplify_repl="%(2)s"),
        MacroTextSpec("textasciicircum", simplify_repl="^"),
    ]
    database.add_context_category("references", prepend=True, macros=own)
    return LatexNodes2Text(latex_context=database, math_mode="text", keep_comments=False, strict_latex_spaces=True)
