"""A plan in force whose last quarter is over, and an organisation that is to report on it."""

from dataclasses import dataclass

from django.test import Client
from django.utils import timezone

from network.models import Affiliation, Organisation, Person, Role, User
from steering.models import ActivityTerms, IndicatorTerms, Period, PlanVersion, ProgressReport
from steering.plan import periods, reporting, requests
from steering.plan.periods import DAY
from steering.plan.reporting import Reporter
from tests import factories
from tests.steering import plans, room
from tests.steering.mailbox import newest

FOCAL = "enlace@example.org"
MANAGER = "gestora@example.org"


@dataclass
class World:
    version: PlanVersion
    owner: Organisation
    manager: User
    period: Period
    """The quarter that has just ended; locked."""

    def activity(self, **fields: object) -> ActivityTerms:
        fields = {"lead": self.owner, "last_quarter": 8, **fields}
        with plans.thawed():
            return plans.activity(self.version, **fields)

    def indicator(self, **fields: object) -> IndicatorTerms:
        with plans.thawed():
            return plans.indicator(self.version, **{"responsible": self.owner, **fields})

    def opened(self, days: int = 30) -> str:
        """The quarter takes reports; gives the link of the focal point's letter."""
        requests.open_and_ask(self.period, closes_on=timezone.localdate() + days * DAY, by=None)
        return newest(FOCAL).link

    def open_quietly(self) -> Period:
        """Without letters."""
        period = periods.open_period(self.period, closes_on=timezone.localdate() + 30 * DAY, by=None)
        self.period = Period.objects.select_related("plan").get(pk=period.pk)
        return self.period

    def line(self, terms: ActivityTerms | IndicatorTerms, period: Period | None = None) -> periods.Line:
        lines = periods.due(period or Period.objects.select_related("plan").get(pk=self.period.pk))
        return next(line for line in lines if line.terms == terms)

    def reported(
        self,
        terms: ActivityTerms | IndicatorTerms,
        user: User | None = None,
        period: Period | None = None,
        **said: object,
    ) -> ProgressReport:
        """Sent in by the manager, unless somebody else is named."""
        given = {"narrative": "Se capacitó"} | ({"status_said": "ongoing"} if isinstance(terms, ActivityTerms) else {})
        return reporting.submit(self.line(terms, period), given | said, reporter=Reporter(user=user or self.manager))


def world() -> World:
    owner = room.organisation("government", slug="ministerio", acronym="MINSA")
    focal = Person.objects.create(name="Enlace", email=FOCAL)
    Affiliation.objects.create(person=focal, organisation=owner, is_focal_point=True, since=room.LONG_AGO)
    manager = factories.user(MANAGER, Role.Kind.MANAGER, owner, language="en")
    today = timezone.localdate()
    version = plans.in_force(plans.draft(today.year - 1))
    period = version.plan.periods.get(quarter=periods.just_ended(version.plan, today))
    return World(version, owner, manager, Period.objects.select_related("plan").get(pk=period.pk))


def again(row: object) -> object:
    return type(row).objects.get(pk=row.pk)


def typed(client: Client, address: str, **lines: dict[str, object]) -> dict[str, object]:
    """What the form holds, and what somebody types into it; by the keys of the lines."""
    page = client.get(address)
    data = {}
    for row in page.context["sheet"].rows:
        if row.form:
            data |= {bound.html_name: bound.value() or "" for bound in row.form if bound.name != "is_right"}
    for key, said in lines.items():
        data |= {f"{key}-{name}": value for name, value in said.items()}
    return data


def send(client: Client, address: str, button: str = "send", **lines: dict[str, object]):
    return client.post(address, typed(client, address, **lines) | {button: ""})


def key(terms: ActivityTerms | IndicatorTerms) -> str:
    return f"a{terms.activity_id}" if isinstance(terms, ActivityTerms) else f"i{terms.indicator_id}"
