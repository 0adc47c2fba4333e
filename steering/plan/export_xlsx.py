"""A plan as a spreadsheet: numbers are numbers, each currency has its own column, and no text becomes a formula."""

from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from portal.core.tables import harmless
from steering.plan.export_tables import Cell, Table, about, tables
from steering.plan.figures import Figures
from steering.plan.money import Totals

LEAST, MOST = 8, 60
"""Widths of columns, in letters."""


def xlsx(figures: Figures) -> bytes:
    book = Workbook(write_only=True)
    book.properties.title = f"{figures.plan.shown_title} {figures.plan.period}"
    for table in tables(figures):
        _sheet(book.create_sheet(table.name), spread(table), [book.properties.title, *about(figures)])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def spread(table: Table) -> Table:
    """The same table with a column of its own for each currency of a column of amounts."""
    columns: list[list[object]] = []
    head: list[str] = []
    for name, column in zip(table.head, _columns(table), strict=True):
        if any(isinstance(cell, Totals) for cell in column):
            used = sorted({currency for cell in column for currency, _amount in cell})
            head += [f"{name} ({currency})" for currency in used]
            columns += [[dict(cell).get(currency) for cell in column] for currency in used]
        else:
            head.append(name)
            columns.append(column)
    return Table(table.name, table.key, head, [list(row) for row in zip(*columns, strict=True)])


def _columns(table: Table) -> list[list[Cell]]:
    return [[row[number] for row in table.rows] for number in range(len(table.head))]


def _sheet(sheet: WriteOnlyWorksheet, table: Table, above: list[str]) -> None:
    sheet.freeze_panes = f"B{len(above) + 3}"
    for number, name in enumerate(table.head, 1):
        longest = max((len(str(row[number - 1] or "")) for row in table.rows), default=0)
        sheet.column_dimensions[get_column_letter(number)].width = min(max(longest, len(name), LEAST), MOST)
    for line in above:
        sheet.append([_text(line)])
    sheet.append([])
    sheet.append([_bold(sheet, name) for name in table.head])
    for row in table.rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: WriteOnlyWorksheet, value: object) -> WriteOnlyCell:
    if isinstance(value, Decimal):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "#,##0.00"
        return cell
    cell = WriteOnlyCell(sheet, value if value is None or isinstance(value, int) else _text(str(value)))
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _bold(sheet: WriteOnlyWorksheet, name: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, _text(name))
    cell.font = Font(bold=True)
    return cell


def _text(text: str) -> str:
    return harmless(ILLEGAL_CHARACTERS_RE.sub("", text))
