"""The pages of the plan: what they show to whom, and in how many queries."""

import pytest
from django.test import Client

from steering.models import PlanVersion
from tests.conftest import signed_in
from tests.steering import plans, whole_plan

pytestmark = pytest.mark.django_db
VIEWS = ["", "matriz/", "cronograma/", "avance/"]
PLAN = "/es/plan/2026/"


@pytest.fixture
def version() -> PlanVersion:
    return whole_plan.told()


def test_before_there_is_a_plan_the_page_says_so(client: Client) -> None:
    plans.draft()
    page = client.get("/es/plan/")
    assert page.status_code == 200
    assert "Todavía no se ha aprobado ningún plan" in page.text
    assert client.get(PLAN).status_code == 404


def test_all(client, version, committee_member) -> None:
    for address in [
        "/es/plan/",
        "/en/plan/2026/matrix/",
        *(PLAN + view for view in VIEWS),
        PLAN + "actividades/1.1.1/",
    ]:
        page = client.get(address)
        assert page.status_code == 200, address
        assert whole_plan.SECRET not in page.text, address
        page = signed_in(committee_member).get(address)
        assert page.status_code == 200
