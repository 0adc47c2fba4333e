"""The closing report of a plan as tagged PDF and as Word document, in one language."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import OxmlElement

from portal.core import languages
from portal.core.languages import Worded
from steering.models import Movement
from steering.plan.closing_report import Carried, Report
from steering.printing import pdf
from steering.printing.word_template import set_up


def print_pdf(report: Report, language: str) -> bytes:
    with override(language):
        values = {"language": language, "report": report, "plan": report.plan, "heading": heading(report)}
        values["body"] = report.plan.body.name
        return pdf.print_pdf(values, "closing", sheet="minutes")


def print_word(report: Report, language: str) -> bytes:
    """With headings, and tables whose first row Word repeats and reads out."""
    with override(language):
        document = Document()
        set_up(document, language)
        document.core_properties.title = heading(report)
        document.add_paragraph(report.plan.body.name)
        document.add_paragraph(heading(report), style="Title")
        document.add_paragraph(closed_line(report))
        for paragraph in plain(report.plan.shown_closing_words).splitlines():
            document.add_paragraph(paragraph)
        _objectives(document, report)
        _carried(document, report)
        _contributions(document, report)
        _outcomes(document, report)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def heading(report: Report) -> str:
    return _("Closing report of the plan %(period)s") % {"period": report.plan.period}


def closed_line(report: Report) -> str:
    words = {"day": date_format(report.plan.closed_on, "DATE_FORMAT"), "n": report.version.number}
    return _("Closed on %(day)s. All figures are those of version %(n)d of the plan.") % words


def plain(text: Worded) -> str:
    """With the language named behind a text that exists in the other language alone."""
    return f"{text.text} [{languages.name_of(text.language)}]" if text and not text.asked else text.text


def _objectives(document: DocumentType, report: Report) -> None:
    document.add_paragraph(_("What became of the activities"), style="Heading 1")
    heads = [_("Objective"), _("Completed"), _("Carried over into the next plan"), _("Dropped")]
    rows = [
        [f"{one.objective.code}. {plain(one.objective.shown_short)}", *map(str, _figures(one))]
        for one in report.chapters
    ]
    _table(document, heads, [*rows, [_("All objectives"), *map(str, report.totals)]])
    dropped = [
        [terms.activity.code, plain(terms.shown_text), terms.activity.state_reason]
        for chapter in report.chapters
        for terms in chapter.dropped
    ]
    if dropped:
        document.add_paragraph(_("Dropped, and why"), style="Heading 1")
        _table(document, [_("Code"), _("Activity"), _("Reason")], dropped)


def _figures(chapter: object) -> tuple[int, int, int]:
    return len(chapter.completed), len(chapter.carried), len(chapter.dropped)


def _carried(document: DocumentType, report: Report) -> None:
    if not report.carried:
        return
    document.add_paragraph(_("Carried over into the next plan"), style="Heading 1")
    rows = [[one.terms.activity.code, plain(one.terms.shown_text), _where(one)] for one in report.carried]
    _table(document, [_("Code"), _("Activity"), _("Goes on as")], rows)


def _where(one: Carried) -> str:
    goes_on = f"{one.goes_on_as.plan.period}, {one.goes_on_as.code}" if one.goes_on_as else ""
    often = _("carried over %(n)d times") % {"n": one.times} if one.is_often_carried else ""
    return " · ".join(part for part in (goes_on, often) if part)


def _contributions(document: DocumentType, report: Report) -> None:
    document.add_paragraph(_("Contributions"), style="Heading 1")
    document.add_paragraph(_("Nothing is converted. Totals count only what the reader of this report may know."))
    sums = [" · ".join(amounts) or "–" for _stage, amounts in report.giving.total.by_stage]
    _table(document, [str(label) for label in Movement.Stage.labels], [sums])


def _outcomes(document: DocumentType, report: Report) -> None:
    if not report.outcomes:
        return
    document.add_paragraph(_("Policy outcomes of its activities"), style="Heading 1")
    rows = [
        [date_format(one.happened_on, "DATE_FORMAT"), str(one.country or _("The whole region")), _said(one)]
        for one in report.outcomes
    ]
    _table(document, [_("When"), _("Where"), _("What changed")], rows)


def _said(outcome: object) -> str:
    return ": ".join(part for part in (plain(outcome.shown_actor), plain(outcome.shown_change)) if part)


def _table(document: DocumentType, heads: list[str], rows: list[list[str]]) -> None:
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, words in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words


@dataclass(frozen=True)
class Format:
    label: str
    media: str
    make: Callable[[Report, str], bytes]


FORMATS = {
    "pdf": Format("PDF", "application/pdf", print_pdf),
    "docx": Format("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", print_word),
}
"""By the ending of the file."""
