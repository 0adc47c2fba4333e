"""Every page and every file of a plan says the same numbers: they are read from what a reader gets, and compared."""

import json
import re
from collections import Counter
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from docx import Document
from lxml import html
from openpyxl import load_workbook
from pypdf import PdfReader

from network.models import User
from steering.models import Activity
from tests.conftest import body, signed_in
from tests.steering import whole_plan

pytestmark = pytest.mark.django_db
STATES = list(Activity.State.values)
Figures = dict[str, object]


def amounts(text: str) -> dict[str, Decimal]:
    """`2,000.00 GTQ 1,000.50 USD` by currency."""
    found = re.findall(r"([\d,]+\.\d\d)[\s\xa0]([A-Z]{3})", text)
    return {currency: Decimal(amount.replace(",", "")) for amount, currency in found}


def page(client: Client, address: str) -> html.HtmlElement:
    return html.fromstring(client.get(address).text)


def row_of(tr: html.HtmlElement) -> Figures:
    cells = tr.xpath("td")
    counts = [int(cell.text_content()) for cell in cells[: len(STATES) + 1]]
    budget = amounts(" ".join(cells[-1].itertext())) if "amounts" in cells[-1].get("class", "") else None
    return {"states": dict(zip(STATES, counts, strict=False)), "all": counts[-1], "budget": budget}


def table(tree: html.HtmlElement, name: str) -> dict[str, Figures]:
    return {tr.get("data-key"): row_of(tr) for tr in tree.xpath(f"//table[@data-table='{name}']//tr[@data-key]")}


def listed(tree: html.HtmlElement, name: str) -> dict[str, str]:
    return {
        tr.get("data-code"): tr.get("data-state") for tr in tree.xpath(f"//table[@data-table='{name}']//tr[@data-code]")
    }


def counted(states: dict[str, str]) -> dict[str, int]:
    found = Counter(states.values())
    return {state: found[state] for state in STATES}


def of_json(group: Figures) -> Figures:
    budget = {currency: Decimal(amount) for currency, amount in group["budget"].items()}
    return {"states": group["status"], "all": group["activities"], "budget": budget}


def sheet(book: object, name: str) -> list[dict[str, object]]:
    rows = list(book[name].iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if len(row) > 2 and row[2] is not None)
    return [dict(zip(rows[head], row, strict=False)) for row in rows[head + 1 :]]


def of_sheet(row: dict[str, object]) -> Figures:
    budget = {
        name[-4:-1]: Decimal(str(value))
        for name, value in row.items()
        if name.startswith("Presupuesto (") and value is not None
    }
    labels = [state.label for state in Activity.State]
    states = {state: row[label] for state, label in zip(STATES, labels, strict=True)}
    return {"states": states, "all": row["Todas"], "budget": budget}


def of_texts(head: list[str], row: list[str]) -> Figures:
    said = dict(zip(head, row, strict=True))
    states = {state.value: int(said[state.label]) for state in Activity.State}
    return {"states": states, "all": int(said["Todas"]), "budget": amounts(said["Presupuesto"])}


@pytest.mark.parametrize("who", ["public", "committee"])
def test_every_view_and_every_file_says_the_same(client: Client, committee_member: User, who: str) -> None:
    whole_plan.told()
    reader = client if who == "public" else signed_in(committee_member)
    base = "/es/plan/2026/"
    first, progress = page(reader, base), page(reader, base + "avance/")
    matrix, timeline = (
        listed(page(reader, base + "matriz/"), "matrix"),
        listed(page(reader, base + "cronograma/"), "timeline"),
    )
    data = json.loads(body(reader.get(base + "plan.json")))
    book = load_workbook(BytesIO(body(reader.get(base + "plan.xlsx"))))
    word = Document(BytesIO(body(reader.get(base + "plan.docx"))))
    printed = " ".join(text.extract_text() for text in PdfReader(BytesIO(body(reader.get(base + "plan.pdf")))).pages)

    # how many stand how
    assert len(matrix) == (6 if who == "public" else 7)
    assert matrix == timeline == {one["code"]: one["status"] for one in data["iati-activity"]}
    assert [row["Código"] for row in sheet(book, "Matriz")] == list(matrix)
    by_objective = table(first, "objective")
    every = by_objective[""]
    assert every["states"] == counted(matrix)
    assert every["all"] == len(matrix)

    # by objective, country, organisation
    by_country, by_organisation = table(progress, "country"), table(progress, "organisation")
    assert table(progress, "objective") == by_objective
    assert {key: of_json(one) for key, one in data["summary"]["objective"].items()} | {
        "": of_json(data["summary"]["all"])
    } == by_objective
    assert {key: of_json(one) | {"budget": None} for key, one in data["summary"]["country"].items()} == by_country
    assert {key: of_json(one) for key, one in data["summary"]["organisation"].items()} == {
        key: one for key, one in by_organisation.items() if key
    }
    assert by_organisation[""] == every
    assert [of_sheet(row) for row in sheet(book, "Plan")] == list(by_objective.values())
    countries = [(row["País"], row["Todas"]) for row in sheet(book, "Países")]
    assert [number for _, number in countries] == [one["all"] for one in by_country.values()]
    organisations = [of_sheet(row) for row in sheet(book, "Organizaciones")]
    assert organisations == [one for key, one in by_organisation.items() if key]

    # on paper
    overview = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert [of_texts(overview[0], row) for row in overview[1:]] == list(by_objective.values())
    assert [row.cells[0].text for row in word.tables[1].rows[1:]] == list(matrix)
    for code in matrix:
        assert code in printed
    assert amounts(printed.split("Todas las actividades")[1][:200]).items() >= every["budget"].items()

    # budgets by currency, also by marker, and what was given
    lines = Counter()
    for one in data["iati-activity"]:
        lines.update({one["value"]["currency"]: Decimal(one["value"]["amount"]) for one in one["budget"]})
    assert dict(lines) == every["budget"]
    for card in first.xpath("//*[@data-profile]"):
        rows = {tr.get("data-code"): tr for tr in card.xpath(".//tr[@data-code]")}
        said = {
            str(row["code"] if row["code"] is not None else ""): row
            for row in data["summary"]["marker"][card.get("data-profile")]
        }
        assert {code: int(tr.xpath("td")[0].text_content()) for code, tr in rows.items()} == {
            code: row["activities"] for code, row in said.items()
        }
        assert sum(row["activities"] for row in said.values()) == every["all"]
        assert {code: amounts(" ".join(tr.xpath("td")[1].itertext())) for code, tr in rows.items()} == {
            code: {one: Decimal(amount) for one, amount in row["budget"].items()} for code, row in said.items()
        }
    given = {}
    for tr in progress.xpath("//table[@data-table='money']//tr[@data-key]"):
        stages = [amounts(" ".join(cell.itertext())) for cell in tr.xpath("td")[1:]]
        given[tr.get("data-key") or "all"] = stages
    assert given == {
        key: [{one: Decimal(amount) for one, amount in stage.items()} for stage in stages.values()]
        for key, stages in data["summary"]["contributed"].items()
    }
    transactions = Counter()
    for one in data["iati-activity"]:
        for step in one["transaction"]:
            transactions[step["value"]["currency"], step["transaction-type"]] += Decimal(step["value"]["amount"])
    assert (
        transactions["USD", "11"]
        == given["all"][1]["USD"]
        == (Decimal("500.10") if who == "public" else Decimal("704203.67"))
    )

    # indicators
    of_data = {one["code"]: one for result in data["result"] for one in result["indicator"]}
    of_book = {row["Código"]: row for row in sheet(book, "Indicadores")}
    assert of_data["1.1.a"]["actual"] == "9.75"
    assert of_data["1.1.b"]["actual"] == "45.00"
    for code, one in of_data.items():
        card = progress.xpath(f"//*[@data-indicator='{code}']")[0]
        shown = card.xpath(".//strong[@class='figure']/text()")
        actual = one["actual"] and Decimal(one["actual"])
        assert (Decimal(shown[0].split()[0]) if shown else None) == actual
        reached = of_book[code]["Alcanzado"]
        assert (reached if reached is None else Decimal(str(reached))) == actual

    # and each names its version
    named = first.xpath("//*[@data-version]")[0].text_content()
    assert "ersión 1, en vigor desde el 1 de enero de 2026" in named
    assert data["plan"]["named"] in printed + "".join(paragraph.text.lower() for paragraph in word.paragraphs)
    assert str(book["Plan"]["A2"].value).lower() == data["plan"]["named"]
