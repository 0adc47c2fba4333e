"""The report of a closed plan: page, PDF and Word, in both languages, to each reader what they may know."""

import io

import pytest
from django.core.cache import cache
from pypdf import PdfReader

from network.models import User
from steering.models import (
    Activity,
    Contribution,
    Plan,
    PlanVersion,
    PolicyOutcome,
)
from steering.plan import closing
from steering.plan.closing_report import report
from tests.conftest import body, signed_in
from tests.steering import giving as world
from tests.steering import plans, room

pytestmark = pytest.mark.django_db
State = Activity.State
YEAR = world.YEAR
PAGE = f"/es/plan/{YEAR}/cierre/"


@pytest.fixture
def version(db) -> PlanVersion:
    return world.in_force(activities=3)


@pytest.fixture
def over(version, oim) -> Plan:
    """One completed, one carried over, one dropped; with money some of which is nobody's business, and an outcome."""
    world.given(version, "4321.00")
    world.given(version, "777.77", amount_audience="committee", restrictions="Solo vacunas")
    first, second, third = world.activities(version)
    for state in ("published", "reported"):
        made = {"actor_es": f"Ministerio {state}", "change_es": "Atiende a migrantes", "contribution_es": "Nuestra"}
        outcome = PolicyOutcome.objects.create(
            kind="policy", happened_on="2011-05-01", reported_by=oim, state=state, **made
        )
        outcome.activities.add(first)
    world.settled(first)
    world.settled(second, "carry", reason="")
    world.settled(third, "drop", reason="La sede cerró")
    return closing.close(version.plan, by=None, words_es="Se cumplió casi todo", words_en="Nearly all done")


def test_the_report_says_what_became_of_everything(over, client):
    page = client.get(PAGE).text
    for words in (
        "Se cumplió casi todo",
        "La sede cerró",
        "4,321.00 USD",
        "Ministerio published",
        "versión 1 del plan",
    ):
        assert words in page
    assert "Ministerio reported" not in page
    assert report(over, client.get(PAGE).context["user"]).totals == (1, 1, 1)
    assert "2012" not in page  # the next plan is only a draft yet
    assert "Nearly all done" in client.get(f"/en/plan/{YEAR}/closing/").text


def test_the_report_says_nothing_of_the_committees_own_activities(client, secretary: User):
    version = world.in_force(activities=1)
    with plans.thawed():
        plans.activity(version, audience="committee", text_es="Asunto reservado")
    world.closed(version, "carry")
    assert "Asunto reservado" not in client.get(PAGE).text
    assert report(version.plan, client.get(PAGE).context["user"]).totals == (0, 1, 0)
    assert "Asunto reservado" in signed_in(secretary).get(PAGE).text


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_the_files_say_the_same_in_both_languages(over, client, ending):
    cache.clear()
    spanish, english = world.text_of(client, "es", ending), world.text_of(client, "en", ending)
    assert all(
        words in spanish for words in ("Se cumplió casi todo", "La sede cerró", "4,321.00 USD", "versión 1 del plan")
    )
    assert all(words in english for words in ("Nearly all done", "La sede cerró", "4,321.00 USD", "Closing report"))


def test_no_form_of_the_report_tells_a_hidden_amount(over, client, committee_member: User):
    cache.clear()
    committee = signed_in(committee_member)
    assert "5,098.77 USD" in world.text_of(committee, "es", "pdf")  # both together; what the committee gets is not kept
    assert "5,098.77 USD" in committee.get(PAGE).text
    for said in (client.get(PAGE).text, *(world.text_of(client, "es", ending) for ending in ("pdf", "docx"))):
        assert not any(secret in said for secret in ("777.77", "5,098.77", "Solo vacunas"))
    assert "no-store" in committee.get(f"{PAGE}pdf/").headers["Cache-Control"]


def test_the_pdf_is_tagged_and_knows_its_language(over, client):
    reader = PdfReader(io.BytesIO(body(client.get(f"/en/plan/{YEAR}/closing/pdf/"))))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_there_is_no_report_before_the_end(version, client):
    assert client.get(PAGE).status_code == 404
    assert client.get(f"{PAGE}pdf/").status_code == 404
    assert client.get("/es/plan/1999/cierre/").status_code == 404


def test_only_these_two_formats(over, client):
    assert client.get(f"{PAGE}odt/").status_code == 404


def test_a_contribution_of_a_closed_plan_is_only_shown(over, secretary: User):
    row = Contribution.objects.first()
    page = signed_in(secretary).get(room.page_of(row))
    assert "_save" not in page.text
