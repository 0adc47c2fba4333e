"""Two people at one plan at the same moment: one does it, the other is told, and no code is given twice."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from portal.core.refused import Refused
from steering.models import Activity, ActivityTerms, ExpectedResult, PlanVersion
from steering.plan import adoption, drafting
from tests.steering import plans, room

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*steps: Callable[[], object]) -> list[str]:
    """What each of them came to: "done", or "refused"."""
    gate, found = threading.Barrier(len(steps)), []

    def take(step: Callable[[], object]) -> None:
        try:
            gate.wait()
            step()
            found.append("done")
        except Refused:
            found.append("refused")
        except Exception as error:
            found.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def complete() -> PlanVersion:
    version = plans.draft()
    plans.screened(plans.activity(version))
    return version


def test_a_version_is_adopted_once():
    version = complete()
    decisions = [plans.decision() for _each in range(2)]
    found = at_once(*[lambda row=row: adoption.adopt(version, decision=row, by=None) for row in decisions])
    assert found == ["done", "refused"]
    assert PlanVersion.objects.get().decision in decisions


def test_a_plan_is_amended_once():
    version = plans.in_force(complete())
    found = at_once(*[lambda: adoption.amend(version.plan, reason="Una", by=None)] * 2)
    assert found == ["done", "refused"]
    assert PlanVersion.objects.count() == 2


def test_what_is_written_while_it_is_adopted_is_in_it_or_refused():
    version, lead = complete(), room.organisation()
    decision = plans.decision()
    under = ExpectedResult.objects.get()
    new = ActivityTerms(result=under, text_es="Nueva", lead=lead, first_quarter=1, last_quarter=1)
    found = at_once(
        lambda: adoption.adopt(version, decision=decision, by=None), lambda: drafting.keep_activity(new, by=None)
    )
    assert found == ["done", "refused"]  # either it came too late, or it is there and not screened
    state = PlanVersion.objects.get().state
    assert (state, version.terms.count()) in [("in_force", 1), ("draft", 2)]


def test_no_code_is_given_twice():
    version, lead = plans.draft(), room.organisation()
    under = ExpectedResult.objects.get()
    rows = [ActivityTerms(result=under, text_es=f"{n}", lead=lead, first_quarter=1, last_quarter=1) for n in range(4)]
    assert at_once(*[lambda row=row: drafting.keep_activity(row, by=None) for row in rows]) == ["done"] * 4
    assert sorted(Activity.objects.values_list("code", flat=True)) == ["1.1.1", "1.1.2", "1.1.3", "1.1.4"]
    assert sorted(version.terms.values_list("position", flat=True)) == [1, 2, 3, 4]
