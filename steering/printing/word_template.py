"""The Word template of minutes until the secretariat brings its own: to be downloaded and changed in Word."""

from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

PETROL = RGBColor(0x0B, 0x4A, 0x5B)
REGION = {"es": "es-419", "en": "en-US"}
"""Languages as Word's spelling knows them (BCP 47); es-419 is the Spanish of Latin America."""


def shipped_template(language: str) -> bytes:
    """A .docx with every placeholder there is."""
    with override(language):
        document = Document()
        set_up(document, language)
        _head(document)
        _presence(document, _("Those present"), "present")
        _presence(document, _("Excused and absent"), "absent")
        _items(document)
        _foot(document)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def set_up(document: DocumentType, language: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.59), Cm(27.94)  # letter, as the region's printers take it
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    spelling = OxmlElement("w:lang")
    spelling.set(qn("w:val"), REGION[language])
    normal.element.get_or_add_rPr().append(spelling)
    for name in ("Title", "Heading 1", "Heading 2"):
        document.styles[name].font.color.rgb = PETROL
    document.core_properties.language = language
    document.core_properties.author = ""
    document.core_properties.title = _("Minutes")


def _head(document: DocumentType) -> None:
    document.add_paragraph("{{ body }}")
    document.add_paragraph("{{ heading }}", style="Title")
    document.add_paragraph("{{ title }}", style="Subtitle")
    _only_if(document, "revision", "{{ revision }}")
    document.add_paragraph(f"{_('When')}: {{{{ when }}}} ({{{{ timezone }}}})")
    document.add_paragraph(f"{_('Where')}: {{{{ where }}}}")
    _only_if(document, "quorum", f"{_('Quorum')}: {{{{ quorum }}}}")


def _only_if(document: DocumentType, name: str, text: str, style: str | None = None) -> None:
    document.add_paragraph(f"{{%p if {name} %}}")
    document.add_paragraph(text, style=style)
    document.add_paragraph("{%p endif %}")


def _presence(document: DocumentType, heading: str, lines: str) -> None:
    document.add_paragraph(f"{{%p if {lines} %}}")
    document.add_paragraph(heading, style="Heading 1")
    columns = {
        _("Name"): "{{ line.name }}",
        _("Organisation"): "{{ line.organisation }}",
        _("As"): "{{ line.capacity }}",
        _("Attendance"): "{{ line.status }}",
    }
    _table(document, columns, f"line in {lines}")
    document.add_paragraph("{%p endif %}")


def _table(document: DocumentType, columns: dict[str, str], loop: str) -> None:
    """A heading row that Word repeats on each page, and one row for each turn of the loop."""
    table = document.add_table(rows=4, cols=len(columns), style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, columns, strict=True):
        cell.paragraphs[0].add_run(heading).bold = True
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    table.rows[1].cells[0].text = f"{{%tr for {loop} %}}"
    for cell, placeholder in zip(table.rows[2].cells, columns.values(), strict=True):
        cell.text = placeholder
    table.rows[3].cells[0].text = "{%tr endfor %}"


def _items(document: DocumentType) -> None:
    document.add_paragraph("{%p for item in items %}")
    document.add_paragraph("{{ item.position }}. {{ item.title }}", style="Heading 1")
    _only_if(document, "item.kind", "{{ item.kind }}")
    _only_if(document, "item.text", "{{ item.text }}")
    document.add_paragraph("{%p for decision in item.decisions %}")
    document.add_paragraph("{{ decision.heading }}", style="Heading 2")
    _only_if(document, "decision.text", "{{ decision.text }}")
    _only_if(document, "decision.how", "{{ decision.how }}")
    _only_if(document, "decision.dissent", "{{ decision.dissent }}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p if item.actions %}")
    columns = {
        _("Action item"): "{{ action.code }}",
        _("What is to be done"): "{{ action.text }}",
        _("Organisation in charge"): "{{ action.organisation }}",
        _("Due"): "{{ action.due }}",
    }
    _table(document, columns, "action in item.actions")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")


def _foot(document: DocumentType) -> None:
    document.add_paragraph("{{ approval }}")
    document.add_paragraph(f"{_('Fingerprint of this text (SHA-256):')} {{{{ sha256 }}}}")
    words = {"verify_at": "{{ verify_at }}"}
    document.add_paragraph(_("Whether this file is the one on record can be checked at %(verify_at)s") % words)
