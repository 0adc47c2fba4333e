"""A source as a PDF: a cover in the portal's colours, running heads, page numbers, bookmarks."""

from datetime import datetime
from functools import partial
from io import BytesIO
from itertools import pairwise
from zlib import crc32

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)
from reportlab.platypus.tableofcontents import TableOfContents

from portal.demo.colours import BRAND, BRAND_DEEP, INK, LINE, MAIZE, MUTED, WASH
from portal.demo.source import Block, Document, marked, plain

WIDTH, HEIGHT = LETTER
MARGIN = 26 * mm
HORIZON = HEIGHT * 0.36  # where the cover's dark field ends
SPLIT = 12  # rows; a smaller table stays on one page

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=10.5, leading=15.6, textColor=INK, spaceAfter=7.5)
HEADING = ParagraphStyle(
    "heading",
    BODY,
    fontName="Times-Bold",
    fontSize=18,
    leading=21,
    textColor=BRAND,
    spaceBefore=14,
    spaceAfter=7,
    keepWithNext=1,
)
CONTENTS = ParagraphStyle("contents", HEADING, fontSize=21, leading=26, spaceBefore=0, spaceAfter=14, keepWithNext=0)
ITEM = ParagraphStyle("item", BODY, leftIndent=16, bulletIndent=3, bulletColor=MAIZE, bulletFontSize=12, spaceAfter=5)
LISTED = ParagraphStyle("listed", BODY, leading=23)
CELL = ParagraphStyle("cell", BODY, fontSize=9.4, leading=12.8, spaceAfter=0)
HEAD_CELL = ParagraphStyle("head cell", CELL, fontName="Helvetica-Bold", textColor=white)
BYLINE = ParagraphStyle("byline", BODY, fontName="Helvetica-Bold", textColor=INK, spaceAfter=12)
NOTICE = ParagraphStyle(
    "notice", BODY, fontSize=9.4, leading=13.6, backColor=WASH, borderPadding=9, leftIndent=9, rightIndent=9
)


def print_pdf(document: Document) -> bytes:
    """A PDF on letter paper that says its language, title and author, and opens with its bookmarks."""
    out = BytesIO()
    _Paper(out, document).multiBuild(_story(document))
    return out.getvalue()


class _Paper(BaseDocTemplate):
    """Cover, then pages with a running head; headings become bookmarks and lines of the contents."""

    def __init__(self, out: BytesIO, document: Document) -> None:
        super().__init__(
            out,
            pagesize=LETTER,
            title=document.title,
            author=document.author,
            subject=plain(document.subtitle),
            creator="Salud y Migración",
            lang=document.language,
            invariant=1,
        )
        low = Frame(MARGIN, 14 * mm, WIDTH - 2 * MARGIN, HORIZON - 24 * mm, 0, 0, 0, 0)
        page = Frame(MARGIN, 24 * mm, WIDTH - 2 * MARGIN, HEIGHT - 54 * mm, 0, 0, 0, 0)
        self.addPageTemplates(
            [
                PageTemplate("cover", [low], onPage=partial(_draw_cover, document=document)),
                PageTemplate("page", [page], onPage=partial(_draw_frame, document=document)),
            ]
        )

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
        if getattr(flowable, "style", None) is HEADING:
            key = f"heading-{self.page}-{crc32(flowable.getPlainText().encode())}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.getPlainText(), key)
            self.notify("TOCEntry", (0, marked(flowable.getPlainText(), "b"), self.page, key))


# --- what flows over the pages ---------------------------------------------------------------------------


def _story(document: Document) -> list[Flowable]:
    story: list[Flowable] = [
        Paragraph(marked(document.byline, "b"), BYLINE),
        Spacer(1, 9),
        Paragraph(marked(document.notice, "b"), NOTICE),
        NextPageTemplate("page"),
        PageBreak(),
    ]
    if document.is_long:
        listing = TableOfContents(levelStyles=[LISTED], dotsMinLevel=0)
        story += [Paragraph(document.word("contents"), CONTENTS), listing]
    for block in document.blocks:
        if block.kind == "heading" and document.is_long:
            story.append(PageBreak())
        story += _flow(block)
    return story


def _flow(block: Block) -> list[Flowable]:
    match block.kind:
        case "heading":
            return [Paragraph(marked(block.text, "b"), HEADING)]
        case "list":
            return [Paragraph(marked(line, "b"), ITEM, bulletText="•") for line in block.lines] + [Spacer(1, 3)]
        case "table":
            return [_table(block)]
        case _:
            return [Paragraph(marked(block.text, "b"), BODY)]


def _table(block: Block) -> Table:
    """Columns as wide as their text asks for, within reason; a tall one goes on overleaf under the same head."""
    columns = list(zip(*block.rows, strict=True))
    asked = [min(max(9, *map(len, column)), 60) ** 0.7 for column in columns]
    widths = [(WIDTH - 2 * MARGIN) * share / sum(asked) for share in asked]
    head, *rows = block.rows
    cells = [[Paragraph(marked(cell, "b"), HEAD_CELL) for cell in head]]
    cells += [[Paragraph(marked(cell, "b"), CELL) for cell in row] for row in rows]
    table = Table(cells, widths, repeatRows=1, splitByRow=len(rows) > SPLIT, spaceBefore=4, spaceAfter=13)
    table.setStyle(
        [
            ("BACKGROUND", (0, 0), (-1, 0), HexColor(BRAND)),
            ("ROWBACKGROUNDS", (0, 1), (-1, -1), [white, HexColor(WASH)]),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, HexColor(LINE)),
            ("INNERGRID", (0, 1), (-1, -1), 0.5, HexColor(LINE)),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ]
    )
    return table


# --- what stands on every page ---------------------------------------------------------------------------


def _draw_cover(canvas: Canvas, _paper: BaseDocTemplate, *, document: Document) -> None:
    canvas.setDateFormatter(partial(_pdf_date, document.published))
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setFillColor(HexColor(BRAND_DEEP))
    canvas.rect(0, HORIZON, WIDTH, HEIGHT - HORIZON, stroke=0, fill=1)
    _draw_route(canvas, "".join(block.kind[0] for block in document.blocks))
    canvas.setFillColor(HexColor(MAIZE))
    canvas.rect(0, HORIZON - 2 * mm, WIDTH, 2 * mm, stroke=0, fill=1)
    _draw_mark(canvas, MARGIN, HEIGHT - 30 * mm)
    below = _draw_lines(canvas, document.title, HEIGHT - 58 * mm, "Times-Bold", 31, 35)
    _draw_lines(canvas, plain(document.subtitle), below - 3 * mm, "Helvetica", 12.5, 17.5)


def _pdf_date(moment: datetime, *_now: int) -> str:
    return f"D:{moment:%Y%m%d%H%M%S}Z"


def _draw_lines(canvas: Canvas, text: str, y: float, font: str, size: float, leading: float) -> float:
    """Write white lines from `y` down; the height at which the next text may start."""
    canvas.setFillColor(white)
    canvas.setFont(font, size)
    for line in simpleSplit(text, font, size, WIDTH - 2 * MARGIN - 6 * mm):
        canvas.drawString(MARGIN, y, line)
        y -= leading
    return y


def _draw_mark(canvas: Canvas, x: float, y: float) -> None:
    """The portal's sign and name: a path between two points."""
    canvas.setFillColor(HexColor(BRAND))
    canvas.roundRect(x, y, 11 * mm, 11 * mm, 2.4 * mm, stroke=0, fill=1)
    canvas.setStrokeColor(HexColor("#f2c078"))
    canvas.setLineWidth(2.4)
    canvas.setLineCap(1)
    canvas.bezier(x + 6, y + 10, x + 15, y + 10, x + 14, y + 27, x + 25, y + 22)
    canvas.setFillColor(white)
    canvas.circle(x + 6, y + 10, 2.3, stroke=0, fill=1)
    canvas.circle(x + 25, y + 22, 2.3, stroke=0, fill=1)
    canvas.setFont("Times-Bold", 14)
    canvas.drawString(x + 14.5 * mm, y + 3.8 * mm, "Salud y Migración")


def _draw_route(canvas: Canvas, shape: str) -> None:
    """A route with stops, drawn from the document's build, so that both languages carry the same one."""
    seed = crc32(shape.encode())
    low, high = HORIZON + 12 * mm, HORIZON + 52 * mm
    stops = [(WIDTH * step / 5, low + (high - low) * (seed >> 5 * step & 31) / 31) for step in range(6)]
    route = canvas.beginPath()
    route.moveTo(*stops[0])
    for (x, y), (to_x, to_y) in pairwise(stops):
        half = (to_x - x) / 2
        route.curveTo(x + half, y, to_x - half, to_y, to_x, to_y)
    for colour, width in ((BRAND, 26), (MAIZE, 2.2)):
        canvas.setStrokeColor(HexColor(colour))
        canvas.setLineWidth(width)
        canvas.drawPath(route)
    canvas.setStrokeColor(HexColor(MAIZE))
    canvas.setFillColor(white)
    for x, y in stops[1:-1]:
        canvas.circle(x, y, 5, fill=1)


def _draw_frame(canvas: Canvas, paper: BaseDocTemplate, *, document: Document) -> None:
    """Running head and foot of a page after the cover."""
    canvas.setFont("Helvetica", 8.2)
    canvas.setFillColor(HexColor(MUTED))
    head = simpleSplit(document.title, "Helvetica", 8.2, WIDTH - 2 * MARGIN - 40 * mm)
    canvas.drawString(MARGIN, HEIGHT - 17 * mm, head[0] + (" …" if len(head) > 1 else ""))
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 17 * mm, "Salud y Migración")
    canvas.drawString(MARGIN, 14 * mm, document.word("demo"))
    canvas.setStrokeColor(HexColor(LINE))
    canvas.setLineWidth(0.6)
    canvas.line(MARGIN, HEIGHT - 20 * mm, WIDTH - MARGIN, HEIGHT - 20 * mm)
    canvas.setFont("Helvetica-Bold", 9)
    canvas.setFillColor(HexColor(BRAND))
    canvas.drawRightString(WIDTH - MARGIN, 14 * mm, str(paper.page))
