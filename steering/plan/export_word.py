"""A plan as a Word document: A4, lying, every table with a heading row that Word repeats on each page."""

from io import BytesIO

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from steering.plan.export_paper import Paper
from steering.printing.word_template import PETROL, REGION


def word(values: Paper) -> bytes:
    document = Document()
    _set_up(document, values["language"])
    document.core_properties.title = values["heading"]
    document.add_paragraph(values["heading"], style="Title")
    for line in values["about"]:
        document.add_paragraph(line)
    if values["introduction"]["text"]:
        document.add_paragraph(values["introduction"]["text"])
    for table in values["tables"]:
        document.add_paragraph(table["name"], style="Heading 1")
        _table(document, [table["head"], *table["rows"]])
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _set_up(document: DocumentType, language: str) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(1.5)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(9)
    spelling = OxmlElement("w:lang")
    spelling.set(qn("w:val"), REGION[language])
    normal.element.get_or_add_rPr().append(spelling)
    for name in ("Title", "Heading 1"):
        document.styles[name].font.color.rgb = PETROL
    document.core_properties.language = language
    document.core_properties.author = ""


def _table(document: DocumentType, rows: list[list[str]]) -> None:
    """Its rows are made of XML: python-docx looks for each cell anew, which takes long where there are thousands."""
    table = document.add_table(rows=1, cols=len(rows[0]), style="Table Grid")
    first = table.rows[0]
    for cell, text in zip(first.cells, rows[0], strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    repeated = OxmlElement("w:tblHeader")
    first._tr.get_or_add_trPr().append(repeated)
    for row in rows[1:]:
        made = OxmlElement("w:tr")
        made.extend([_cell(text) for text in row])
        table._tbl.append(made)


def _cell(text: str) -> object:
    cell = OxmlElement("w:tc")
    for line in text.split("\n"):
        paragraph, run = OxmlElement("w:p"), OxmlElement("w:r")
        said = OxmlElement("w:t")
        said.text = line
        said.set(qn("xml:space"), "preserve")
        run.append(said)
        paragraph.append(run)
        cell.append(paragraph)
    return cell
