"""A plan in force for tests of money and of the end of a plan: of years in which no other test has one."""

import io

from django.test import Client
from docx import Document
from pypdf import PdfReader

from network.models import User
from steering.models import Activity, ActivityTerms, Contribution, Movement, Plan, PlanVersion
from steering.plan import closing
from tests.conftest import body
from tests.steering import plans

YEAR = 2010


def in_force(first_year: int = YEAR, activities: int = 1, **fields: object) -> PlanVersion:
    """A plan in force with so many activities."""
    version = plans.draft(first_year)
    for _each in range(activities):
        plans.activity(version, **fields)
    return plans.in_force(version)


def terms_of(version: PlanVersion) -> list[ActivityTerms]:
    return list(ActivityTerms.objects.filter(version=version).in_order().select_related("activity", "lead"))


def settled(activity: Activity, what: str = "complete", **fields: object) -> None:
    closing.settle(activity, what, fields.pop("reason", "Se hizo en 2011"), by=None, **fields)


def closed(version: PlanVersion, what: str = "complete", by: User | None = None) -> Plan:
    for terms in terms_of(version):
        if terms.activity.is_unfinished:
            settled(terms.activity, what)
    return closing.close(version.plan, by=by, words_es="Se cumplió", words_en="It was done")


def given(version: PlanVersion, amount: str = "777.77", **fields: object) -> Contribution:
    """Money for the first activity, pledged and committed, that everybody may know of unless `fields` say otherwise."""
    known = {"audience": "public", "amount_audience": "public", "activity": terms_of(version)[0].activity}
    row = plans.contribution(version.plan, **known | fields)
    for stage in (Movement.Stage.PLEDGE, Movement.Stage.COMMITMENT):
        plans.movement(row, stage, amount)
    return row


def everything() -> dict[str, object]:
    """What the addresses of these pages name."""
    open_plan, over = in_force(), in_force(YEAR - 4)
    given(open_plan)
    closed(over)
    return {"money_year": YEAR, "closed_year": YEAR - 4, "money_plan": open_plan.plan_id}


def activities(version: PlanVersion) -> list[Activity]:
    return [terms.activity for terms in terms_of(version)]


def text_of(client: Client, language: str, ending: str, year: int = YEAR) -> str:
    """All words of a closing report as a file."""
    path = {"es": "cierre", "en": "closing"}[language]
    answer = client.get(f"/{language}/plan/{year}/{path}/{ending}/")
    assert answer.status_code == 200
    file = io.BytesIO(body(answer))
    if ending == "pdf":
        return " ".join(" ".join(page.extract_text() for page in PdfReader(file).pages).split())
    document = Document(file)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
