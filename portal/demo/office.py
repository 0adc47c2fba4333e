"""A source as a Word file or an Excel workbook."""

import re
import zipfile
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from portal.demo.colours import BRAND, BRAND_DEEP, INK, MAIZE, MUTED
from portal.demo.source import Block, Document, plain


def _pack(parts: dict[str, bytes]) -> bytes:
    """A zip archive of these parts in this order, every one with the same old date."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, content)
    return out.getvalue()


def print_docx(document: Document) -> bytes:
    """A Word file with real heading, list and table styles, its language set, and its properties filled in."""
    word = docx.Document()
    _docx_properties(word, document)
    _docx_styles(word, document.language)
    word.sections[0].left_margin = word.sections[0].right_margin = Mm(25)
    word.sections[0].footer.paragraphs[0].text = document.word("demo")
    word.add_paragraph(document.title, style="Title")
    word.add_paragraph(document.subtitle, style="Subtitle")
    word.add_paragraph(document.byline)
    _docx_runs(word.add_paragraph(style="Quote"), document.notice)
    for block in document.blocks:
        _docx_block(word, block)
    saved = BytesIO()
    word.save(saved)
    with zipfile.ZipFile(saved) as archive:
        return _pack({name: archive.read(name) for name in archive.namelist() if "thumbnail" not in name})


def _docx_properties(word: Any, document: Document) -> None:
    properties = word.core_properties
    properties.title, properties.author = document.title, document.author
    properties.subject, properties.language = plain(document.subtitle)[:255], document.language
    properties.last_modified_by, properties.comments = document.author, ""
    properties.created = properties.modified = document.published
    # the template's preview picture is of an empty page: its relationship goes, the part goes when packed
    relations = word.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype.endswith("/thumbnail")]:
        del relations[key]


def _docx_styles(word: Any, language: str) -> None:
    looks = {
        "Normal": ("Calibri", 11, INK),
        "Title": ("Georgia", 28, BRAND_DEEP),
        "Subtitle": ("Calibri", 13, MUTED),
        "Heading 1": ("Georgia", 16, BRAND),
        "Quote": ("Calibri", 10.5, BRAND),
    }
    for name, (font, size, colour) in looks.items():
        style = word.styles[name]
        style.font.name, style.font.size = font, Pt(size)
        style.font.color.rgb = RGBColor.from_string(colour[1:].upper())
        fonts = style.element.rPr.rFonts
        for theme in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[theme]  # a theme font would win over the one just named
    for edge in word.styles["Title"].element.iter(qn("w:bottom")):
        edge.attrib.clear()  # the rule under the title, in our colour instead of the theme's
        edge.set(qn("w:val"), "single")
        edge.set(qn("w:sz"), "12")
        edge.set(qn("w:color"), MAIZE[1:])
    word.styles["Normal"].paragraph_format.space_after = Pt(7)
    spoken = word.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    spoken.set(qn("w:val"), {"es": "es-GT", "en": "en-US"}[language])


def _docx_block(word: Any, block: Block) -> None:
    match block.kind:
        case "heading":
            word.add_heading(block.text, level=1)
        case "list":
            for line in block.lines:
                _docx_runs(word.add_paragraph(style="List Bullet"), line)
        case "table":
            _docx_table(word, block)
        case _:
            _docx_runs(word.add_paragraph(), block.text)


def _docx_runs(paragraph: Any, text: str) -> None:
    for number, part in enumerate(text.split("**")):
        if part:
            paragraph.add_run(part).bold = bool(number % 2) or None


def _docx_table(word: Any, block: Block) -> None:
    """A ruled table whose head is marked as such, so that it repeats on the next page and can be announced."""
    table = word.add_table(rows=len(block.rows), cols=len(block.rows[0]), style="Table Grid")
    for cells, row in zip(table.rows, block.rows, strict=True):
        for cell, text in zip(cells.cells, row, strict=True):
            _docx_runs(cell.paragraphs[0], text)
    head = table.rows[0]
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell in head.cells:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), BRAND[1:])
        cell._tc.get_or_add_tcPr().append(shade)
        for run in cell.paragraphs[0].runs:
            run.bold, run.font.color.rgb = True, RGBColor(255, 255, 255)
    word.add_paragraph()


# --- Excel: the parts of the format by hand, because one plain workbook needs no library -----------------

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PROLOGUE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PLAIN, HEAD, TITLE, WRAPPED = range(4)  # positions in the workbook's list of cell formats

type Rows = list[list[tuple[str, int]]]


def print_xlsx(document: Document) -> bytes:
    """A workbook: the text on its first sheet, then every table on a sheet of its own, numbers as numbers."""
    tables = [block for block in document.blocks if block.kind == "table"]
    sheets = [(document.word("sheet"), _text_sheet(document))]
    sheets += [(f"{document.word('table')} {number}", _table_sheet(table)) for number, table in enumerate(tables, 1)]
    strings: dict[str, int] = {}
    drawn = [_sheet_xml(rows, strings, is_text=not place) for place, (_, rows) in enumerate(sheets)]
    parts = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml"), ("core-properties", "docProps/core.xml")]),
        "docProps/core.xml": _core_properties(document),
        "xl/workbook.xml": _workbook([name for name, _ in sheets]),
        "xl/_rels/workbook.xml.rels": _workbook_relations(len(sheets)),
        "xl/styles.xml": _styles(),
        "xl/sharedStrings.xml": _shared_strings(strings),
    }
    parts |= {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(drawn, 1)}
    return _pack({name: (PROLOGUE + content).encode() for name, content in parts.items()})


def _text_sheet(document: Document) -> Rows:
    rows: Rows = [[(document.title, TITLE)]]
    rows += [[(plain(text), WRAPPED)] for text in (document.subtitle, document.byline, document.notice)]
    for block in document.blocks:
        if block.kind == "heading":
            rows += [[], [(block.text, TITLE)]]
        elif block.kind != "table":
            bullet = "• " if block.kind == "list" else ""
            rows += [[(bullet + plain(line), WRAPPED)] for line in block.lines]
    return rows


def _table_sheet(table: Block) -> Rows:
    head, *body = table.rows
    return [[(plain(cell), HEAD) for cell in head], *([(plain(cell), PLAIN) for cell in row] for row in body)]


def _sheet_xml(rows: Rows, strings: dict[str, int], *, is_text: bool) -> str:
    """One worksheet; words go into `strings` and are pointed at by their position there."""
    frozen = "" if is_text else '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    columns = f'<col min="1" max="1" width="{100 if is_text else 30}" customWidth="1"/>'
    columns += "" if is_text else '<col min="2" max="20" width="18" customWidth="1"/>'
    drawn = []
    for line, row in enumerate(rows, 1):
        cells = [_cell(f"{chr(65 + place)}{line}", *cell, strings) for place, cell in enumerate(row)]
        drawn.append(f'<row r="{line}">{"".join(cells)}</row>')
    return (
        f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{''.join(drawn)}</sheetData></worksheet>"
    )


def _cell(where: str, text: str, style: int, strings: dict[str, int]) -> str:
    if style == PLAIN and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return f'<c r="{where}"><v>{text}</v></c>'
    return f'<c r="{where}" s="{style}" t="s"><v>{strings.setdefault(text, len(strings))}</v></c>'


def _shared_strings(strings: dict[str, int]) -> str:
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    return f'<sst xmlns="{MAIN}" uniqueCount="{len(strings)}">{items}</sst>'


def _workbook(names: list[str]) -> str:
    sheets = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    return f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{sheets}</sheets></workbook>'


def _workbook_relations(sheets: int) -> str:
    links = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, sheets + 1)]
    return _relations([*links, ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")])


def _relations(links: list[tuple[str, str]]) -> str:
    """A relationships part; the core properties belong to the package, everything else to the office document."""
    drawn = ""
    for number, (kind, target) in enumerate(links, 1):
        base = f"{PACKAGE}/relationships/metadata" if kind == "core-properties" else RELATIONS
        drawn += f'<Relationship Id="rId{number}" Type="{base}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{PACKAGE}/relationships">{drawn}</Relationships>'


def _content_types(sheets: int) -> str:
    kinds = {"xl/workbook.xml": "sheet.main", "xl/styles.xml": "styles", "xl/sharedStrings.xml": "sharedStrings"}
    kinds |= {f"xl/worksheets/sheet{number}.xml": "worksheet" for number in range(1, sheets + 1)}
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{SPREADSHEET}.{kind}+xml"/>' for name, kind in kinds.items()
    )
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="{core}"/>{overrides}</Types>'
    )


def _core_properties(document: Document) -> str:
    moment = f"{document.published:%Y-%m-%dT%H:%M:%SZ}"
    return (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(document.title)}</dc:title><dc:creator>{escape(document.author)}</dc:creator>"
        f"<dc:description>{escape(plain(document.subtitle))}</dc:description>"
        f"<dc:language>{document.language}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified></cp:coreProperties>'
    )


def _styles() -> str:
    """Four cell formats, in the order of PLAIN, HEAD, TITLE and WRAPPED."""
    brand = f"FF{BRAND[1:].upper()}"
    top = '<alignment vertical="top" wrapText="1"/>'
    return (
        f'<styleSheet xmlns="{MAIN}"><fonts count="3">'
        '<font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font>'
        f'<font><b/><sz val="15"/><color rgb="{brand}"/><name val="Georgia"/></font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
        f'</fill><fill><patternFill patternType="solid"><fgColor rgb="{brand}"/></patternFill></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/>'
        f'<xf fontId="1" fillId="2" applyFont="1" applyFill="1" applyAlignment="1">{top}</xf>'
        f'<xf fontId="2" applyFont="1" applyAlignment="1">{top}</xf><xf applyAlignment="1">{top}</xf></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
