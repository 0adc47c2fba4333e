"""Every page and every file of a plan says the same numbers: they are read from what a reader gets, and compared."""

import json
import re
from collections import Counter
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client
from docx import Document
from docx.document import Document as DocumentType
from lxml import html
from openpyxl import load_workbook
from pypdf import PdfReader

from network.models import User
from resources.models import MarkerKind
from steering.models import Activity, Movement, PlanVersion
from steering.plan import closing
from tests.conftest import body, signed_in
from tests.steering import room, whole_plan

pytestmark = pytest.mark.django_db
STATES = list(Activity.State.values)
STAGES = list(Movement.Stage.values)
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


def stages_in(cells: list[html.HtmlElement]) -> list[dict[str, Decimal]]:
    return [amounts(" ".join(cell.itertext())) for cell in cells]


def spent_on(one: Figures) -> Counter:
    """What JSON says was given to an activity, by stage and currency."""
    found = Counter()
    for step in one["transaction"]:
        stage = STAGES[["13", "11", "1", "4"].index(step["transaction-type"])]
        found[stage, step["value"]["currency"]] += Decimal(step["value"]["amount"])
    return found


def by_stage(stages: list[dict[str, Decimal]]) -> dict[tuple[str, str], Decimal]:
    rows = zip(STAGES, stages, strict=True)
    return {(stage, currency): amount for stage, said in rows for currency, amount in said.items()}


def activity_pages_agree(reader: Client, matrix: html.HtmlElement, data: Figures) -> None:
    """Each activity's own page: how it stands, its budget, what was given, its last report and its markers."""
    addresses = matrix.xpath("//table[@data-table='matrix']//tr[@data-code]/th/a/@href")
    for address, one in zip(addresses, data["iati-activity"], strict=True):
        tree = page(reader, address)
        facts = {dd.getprevious().text: " ".join(dd.itertext()) for dd in tree.xpath("//dl/dd")}
        assert tree.xpath("//span[@class='chip state']")[0].text == Activity.State(one["status"]).label
        assert amounts(facts.get("Presupuesto", "")) == {
            row["value"]["currency"]: Decimal(row["value"]["amount"]) for row in one["budget"]
        }
        steps = Counter()
        for step in tree.xpath("//ul[@class='meta']/li"):
            label = step.text_content().split(":")[0]
            stage = next(stage for stage in Movement.Stage if stage.label == label)
            steps.update({(stage, currency): amount for currency, amount in amounts(step.text_content()).items()})
        assert steps == spent_on(one)
        told = tree.xpath("//article[@data-quarter]/p[@class='abstract']/text()")
        assert told[:1] == [text["text"] for text in (one["last-report"] or {"narrative": []})["narrative"]]
        for mark in one["policy-marker"]:
            label = str(MarkerKind(mark["marker"]).label)
            assert facts[label].startswith("Sin" if mark["significance"] is None else mark["significance"])


def organisation_pages_agree(reader: Client, data: Figures) -> None:
    """The part of each organisation: the activities it leads and takes part in, and how they stand."""
    parties = {
        (party["ref"], role, one["code"], str(Activity.State(one["status"]).label))
        for one in data["iati-activity"]
        for party in one["participating-org"]
        if (role := {"2": "la dirige", "4": "participa"}.get(party["role"]))
    }
    shown = set()
    for slug in data["summary"]["organisation"]:
        for item in page(reader, f"/es/red/{slug}/").xpath("//li[span[@class='chip']][span[@class='meta']]"):
            role, state = item.xpath("span[@class='meta']")[-1].text.strip(), item.xpath("span[@class='chip']")[0].text
            shown.add((slug, role, item.text_content().split()[0], state))
    assert shown == parties


def contributions_page_agrees(reader: Client, data: Figures, given: dict[str, list[dict[str, Decimal]]]) -> None:
    tree = page(reader, "/es/plan/2026/aportes/")
    assert stages_in(tree.xpath("//section[@aria-labelledby='all']//tbody/tr/td")) == given["all"]
    rows = tree.xpath("//section[@aria-labelledby='activities']//tbody/tr")
    of_codes = {tr.xpath("string(th//*[@class='code'])") or "plan": tr.xpath("td") for tr in rows}
    of_data = {one["code"]: one for one in data["iati-activity"]}
    assert set(of_codes) - {"plan"} == set(of_data)
    assert stages_in(of_codes.get("plan", [])[1:5]) == (given["plan"] if "plan" in of_codes else [])
    for code, one in of_data.items():
        assert by_stage(stages_in(of_codes[code][1:5])) == spent_on(one)
        assert stages_in(of_codes[code][:1]) == [
            {row["value"]["currency"]: Decimal(row["value"]["amount"]) for row in one["budget"]}
        ]


def admin_agrees(secretary: User, version: PlanVersion, data: Figures) -> None:
    """The desk of the secretariat, which sees all: the profile of the version, and the lines of a quarter."""
    desk = signed_in(secretary)
    tree = page(desk, room.page_of(version))
    tables = tree.xpath("//table[@data-profile]")
    assert {one.get("data-profile") for one in tables} == set(data["summary"]["marker"])
    for card in tables:
        assert [
            (tr.get("data-code"), int(tr.xpath("td")[0].text), stages_in(tr.xpath("td")[1:])[0])
            for tr in card.xpath(".//tr[@data-code]")
        ] == [
            (
                str(row["code"]) if row["code"] is not None else "",
                row["activities"],
                {currency: Decimal(amount) for currency, amount in row["budget"].items()},
            )
            for row in data["summary"]["marker"][card.get("data-profile")]
        ]
    states = {one["code"]: str(Activity.State(one["status"]).label) for one in data["iati-activity"]}
    said = {}
    for tr in page(desk, f"/admin/steering/period/{version.plan.periods.get(quarter=2).pk}/progress/").xpath(
        "//tr[@id]"
    ):
        said[tr.xpath("th/strong")[0].text] = tr.xpath("td")[0].text_content().strip()
    approved = {code: state for code, state in said.items() if code in states and state in states.values()}
    assert len(approved) == 2
    assert approved.items() <= states.items()
    points = {
        one["code"]: [point["actual"]["value"] for point in one["period"]]
        for result in data["result"]
        for one in result["indicator"]
    }
    assert Decimal(said["1.1.b"].split()[0]) == Decimal(points["1.1.b"][1])
    assert Decimal(said["1.1.a"].split()[0]) == Decimal(points["1.1.a"][1]) - Decimal(points["1.1.a"][0])


def files_agree(book: object, word: DocumentType, printed: str, data: Figures, given: Figures) -> None:
    """Money and markers of the spreadsheet and on paper."""
    labels = [str(stage.label) for stage in Movement.Stage]
    keys = list(given)
    for key, row in zip(keys, sheet(book, "Presupuesto"), strict=True):
        found = {
            (stage, name[-4:-1]): Decimal(str(value))
            for stage, label in zip(STAGES, labels, strict=True)
            for name, value in row.items()
            if name.startswith(f"{label} (") and value is not None
        }
        assert found == by_stage(given[key])
    money, markers = word.tables[3], word.tables[4]
    assert [[amounts(cell.text) for cell in row.cells[2:6]] for row in money.rows[1:]] == list(given.values())
    counts = [row["activities"] for rows in data["summary"]["marker"].values() for row in rows]
    assert [int(row.cells[3].text) for row in markers.rows[1:]] == counts
    assert [row["Actividades"] for row in sheet(book, "Marcadores")] == counts
    for stage in given["all"]:
        for currency, amount in stage.items():
            assert f"{amount:,} {currency}" in printed.replace("\xa0", " ")


def closing_report_agrees(reader: Client, given: list[dict[str, Decimal]]) -> None:
    """Once the plan is closed: page, PDF and Word document of its report, beside the figures of the plan's pages."""
    ends = ["completed", "carried_over", "cancelled"]
    tables = table(page(reader, "/es/plan/2026/"), "objective").values()
    expected = [[row["states"][state] for state in ends] for row in tables]
    assert all(sum(row[number] for row in expected) for number in range(3))
    tree = page(reader, "/es/plan/2026/cierre/")
    rows = tree.xpath("//section[@aria-labelledby='became']//tbody/tr")
    assert [[int(cell.text) for cell in tr.xpath("td")] for tr in rows] == expected
    assert stages_in(tree.xpath("//section[@aria-labelledby='given']//tbody/tr/td")) == given
    word = Document(BytesIO(body(reader.get("/es/plan/2026/cierre/docx/"))))
    assert [[int(cell.text) for cell in row.cells[1:]] for row in word.tables[0].rows[1:]] == expected
    assert [amounts(cell.text) for cell in word.tables[-2 if len(word.tables) > 4 else -1].rows[-1].cells] == given
    printed = PdfReader(BytesIO(body(reader.get("/es/plan/2026/cierre/pdf/"))))
    text = " ".join(" ".join(one.extract_text() for one in printed.pages).split())
    assert "Todos los objetivos " + " ".join(str(number) for number in expected[-1]) in text
    for stage in given:
        for currency, amount in stage.items():
            assert f"{amount:,} {currency}" in text.replace("\xa0", " ")


@pytest.mark.parametrize("who", ["public", "committee"])
def test_every_view_and_every_file_says_the_same(
    client: Client, committee_member: User, secretary: User, who: str
) -> None:
    cache.clear()
    version = whole_plan.told()
    reader = client if who == "public" else signed_in(committee_member)
    base = "/es/plan/2026/"
    first, progress = page(reader, base), page(reader, base + "avance/")
    lines = page(reader, base + "matriz/")
    matrix, timeline = listed(lines, "matrix"), listed(page(reader, base + "cronograma/"), "timeline")
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
    budget = {"USD": Decimal("10000000001300.74"), "GTQ": Decimal(2000)}
    assert every["budget"] == budget | ({} if who == "public" else {"EUR": Decimal(777)})

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
    budgets = Counter()
    for one in data["iati-activity"]:
        budgets.update({row["value"]["currency"]: Decimal(row["value"]["amount"]) for row in one["budget"]})
    assert dict(budgets) == every["budget"]
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
        given[tr.get("data-key") or "all"] = stages_in(tr.xpath("td")[1:])
    assert given == {
        key: [{one: Decimal(amount) for one, amount in stage.items()} for stage in stages.values()]
        for key, stages in data["summary"]["contributed"].items()
    }
    transactions = sum((spent_on(one) for one in data["iati-activity"]), Counter())
    assert (
        transactions["commitment", "USD"]
        == given["all"][1]["USD"]
        == (Decimal("500.10") if who == "public" else Decimal("704203.67"))
    )

    assert (transactions["pledge", "GTQ"], transactions["pledge", "USD"]) == (Decimal(70), Decimal(900))

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
    assert data["plan"]["version"] == 1
    named = first.xpath("//*[@data-version]")[0].text_content()
    assert "ersión 1, en vigor desde el 1 de enero de 2026" in named
    assert data["plan"]["named"] in printed + "".join(paragraph.text.lower() for paragraph in word.paragraphs)
    assert str(book["Plan"]["A2"].value).lower() == data["plan"]["named"]

    # what is told elsewhere
    activity_pages_agree(reader, lines, data)
    organisation_pages_agree(reader, data)
    contributions_page_agrees(reader, data, given)
    files_agree(book, word, printed, data, given)
    if who == "committee":
        admin_agrees(secretary, version, data)
    for number, row in enumerate(Activity.objects.unfinished().filter(plan=version.plan).order_by("pk")):
        closing.settle(row, ["carry", "drop", "complete"][number % 3], "Se dijo así", by=None)
    closing.close(version.plan, by=None, words_es="Se cumplió", reason="Lo pidió el Comité")
    closing_report_agrees(reader, given["all"])
