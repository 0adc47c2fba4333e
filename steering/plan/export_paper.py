"""What of a plan goes on paper: texts written out, with the columns of the matrix that a page holds."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from steering.plan import export_tables
from steering.plan.export_tables import Cell, Table, written
from steering.plan.figures import Figures
from steering.plan.figures_parts import Line

Paper = dict[str, object]


def paper(figures: Figures) -> Paper:
    """All of it as plain values, so that the same values mean the same file."""
    introduction = figures.plan.shown_introduction
    every = [
        matrix(figures) if table.key == "matrix" else _short(table, figures) for table in export_tables.tables(figures)
    ]
    return {
        "language": get_language() or "es",
        "heading": f"{figures.plan.shown_title} {figures.plan.period}",
        "about": export_tables.about(figures),
        "introduction": {"text": introduction.text, "language": introduction.language},
        "tables": [_written(table) for table in every],
    }


def _written(table: Table) -> Paper:
    rows = [[written(cell) for cell in row] for row in table.rows]
    return {"name": table.name, "key": table.key, "head": [str(name) for name in table.head], "rows": rows}


def matrix(figures: Figures) -> Table:
    """As the United Nations Network on Migration prints it: co-leads, members, activity, quarters and status."""
    head = [
        _("Code"), _("Activity"), _("Co-leads"), _("Members"), _("Countries"),
        *(f"{quarter[5:]} {quarter[2:4]}" for quarter in figures.quarters), _("Status"), _("Budget"),
    ]  # fmt: skip
    return Table(_("Matrix"), "matrix", head, [_line(line) for line in figures.lines])


def _line(line: Line) -> list[Cell]:
    return [
        line.code,
        line.text,
        line.lead.short_name,
        ", ".join(partner.short_name for partner in line.partners),
        ", ".join(line.country_names),
        *line.marked_quarters,
        line.state_label,
        line.budget,
    ]


def _short(table: Table, figures: Figures) -> Table:
    """Without the quarters of the indicators: eight columns of numbers that the spreadsheet has."""
    if table.key != "indicators":
        return table
    kept = [number for number, name in enumerate(table.head) if name not in figures.quarters]
    rows = [[row[number] for number in kept] for row in table.rows]
    return Table(table.name, table.key, [table.head[number] for number in kept], rows)
