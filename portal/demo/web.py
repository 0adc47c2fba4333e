"""A source as a web page that stands alone."""

from functools import partial
from html import escape

from portal.demo.colours import BRAND, BRAND_DEEP, INK, LINE, MAIZE, WASH
from portal.demo.source import Block, Document, marked, plain

HTML_STYLE = f"""
body {{ margin: 0; font: 1rem/1.6 system-ui, "Segoe UI", Roboto, sans-serif; color: {INK}; background: #faf8f3 }}
header {{ background: {BRAND_DEEP}; color: #fff; border-bottom: .4rem solid {MAIZE} }}
header > *, main {{ max-width: 42rem; margin: 0 auto; padding: .4rem 1.2rem }}
header {{ padding: 3rem 0 2rem }} main {{ padding-block: 1rem 4rem }}
h1, h2 {{ font-family: Charter, Georgia, serif; line-height: 1.15; text-wrap: balance }}
h1 {{ font-size: 2.3rem }} h2 {{ color: {BRAND}; margin-top: 2.2rem }}
.notice {{ background: {WASH}; border-left: .3rem solid {BRAND}; padding: .8rem 1rem }}
table {{ border-collapse: collapse; width: 100%; margin-block: 1rem; font-size: .95rem }}
th {{ background: {BRAND}; color: #fff; text-align: left }}
th, td {{ padding: .45rem .6rem; border-bottom: 1px solid {LINE}; vertical-align: top }}
"""


def print_html(document: Document) -> bytes:
    """A page that stands alone: headings, lists and tables as such, no script, nothing fetched."""
    lines = [
        f'<!doctype html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(document.title)}</title>",
        f'<meta name="author" content="{escape(document.author)}">',
        f'<meta name="date" content="{document.published:%Y}">',
        f'<meta name="description" content="{escape(plain(document.subtitle))}">',
        f"<style>{HTML_STYLE}</style>\n</head>\n<body>\n<header>",
        f"<h1>{escape(document.title)}</h1>\n<p>{escape(document.subtitle)}</p>\n<p>{escape(document.byline)}</p>",
        f'</header>\n<main>\n<p class="notice">{marked(document.notice, "strong")}</p>',
        *(_html_block(block) for block in document.blocks),
        "</main>\n</body>\n</html>\n",
    ]
    return "\n".join(lines).encode()


def _html_block(block: Block) -> str:
    strong = partial(marked, tag="strong")
    match block.kind:
        case "heading":
            return f"<h2>{escape(block.text)}</h2>"
        case "list":
            return "<ul>" + "".join(f"<li>{strong(line)}</li>" for line in block.lines) + "</ul>"
        case "table":
            head, *rows = block.rows
            top = "".join(f'<th scope="col">{strong(cell)}</th>' for cell in head)
            body = "".join("<tr>" + "".join(f"<td>{strong(cell)}</td>" for cell in row) + "</tr>" for row in rows)
            return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
        case _:
            return f"<p>{strong(block.text)}</p>"
