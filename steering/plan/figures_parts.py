"""What the figures of a plan are made of: its activities one by one, groups of them, and their money."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from django.urls import reverse
from django.utils.translation import gettext as _

from network.models import Country, Organisation
from portal.core.languages import Worded
from resources.models import MarkerKind
from steering.models import Activity, ActivityTerms, Decision, ExpectedResult, Movement, Objective, ProgressReport
from steering.models.plan import QUARTERS
from steering.plan import drawing
from steering.plan.money import Ledger, Sum, Totals
from steering.plan.profile import Code, Levels

State = Activity.State


@dataclass(frozen=True)
class Mark:
    """What an activity was coded on one marker; `code` None where nobody has screened it, which is not 0."""

    kind: str
    code: int | None
    justification: str
    scale: int | None
    levels: Levels

    @property
    def name(self) -> str:
        return MarkerKind(self.kind).label

    @property
    def label(self) -> str:
        return _("Not screened") if self.code is None else self.levels.label(self.scale, self.code)

    @property
    def on_scale(self) -> Code | None:
        return None if self.code is None else (self.scale, self.code)


@dataclass(frozen=True, eq=False)
class Line:
    """One activity, as this version plans it and as its last approved report left it."""

    terms: ActivityTerms
    objective: Objective
    result: ExpectedResult
    partners: list[Organisation]
    countries: list[Country]
    """Empty: the whole region."""
    marks: list[Mark]
    report: ProgressReport | None
    """The last approved one."""
    origin: Decision | None
    """The decision it comes from, where this reader may see it."""

    @property
    def activity(self) -> Activity:
        return self.terms.activity

    @property
    def address(self) -> str:
        """In this version of the plan; in the one in force without its number."""
        return reverse("steering:activity", kwargs=self.terms.version.in_addresses | {"code": self.code})

    @property
    def code(self) -> str:
        return self.activity.code

    @property
    def text(self) -> Worded:
        return self.terms.shown_text

    @property
    def deliverable(self) -> Worded:
        return self.terms.shown_deliverable

    @property
    def lead(self) -> Organisation:
        return self.terms.lead

    @property
    def state(self) -> str:
        return self.activity.state

    @property
    def state_label(self) -> str:
        return self.activity.get_state_display()

    @property
    def before(self) -> int:
        """Quarters of the plan before it begins; `during` those it lasts, `after` those left: together eight."""
        return self.terms.first_quarter - 1

    @property
    def during(self) -> int:
        return self.terms.last_quarter - self.terms.first_quarter + 1

    @property
    def after(self) -> int:
        return len(QUARTERS) - self.terms.last_quarter

    @property
    def marked_quarters(self) -> list[str]:
        """A sign for each of the eight it is at work in."""
        return [""] * self.before + ["■"] * self.during + [""] * self.after

    @property
    def bar(self) -> drawing.Segment:
        return drawing.span(self.terms.first_quarter, self.terms.last_quarter)

    @property
    def span(self) -> str:
        """`2026-T1 – 2026-T4`."""
        ends = dict.fromkeys([self.terms.first_quarter, self.terms.last_quarter])
        return " – ".join(self.terms.version.plan.quarter_name(number) for number in ends)

    @property
    def budget(self) -> Totals:
        given = self.terms.budget is not None
        return Totals([(self.terms.currency, self.terms.budget)] if given else [])

    @property
    def narrative(self) -> str:
        return self.report.narrative if self.report else ""

    @property
    def country_names(self) -> list[str]:
        return [str(country) for country in self.countries] or [_("Whole region")]


@dataclass(frozen=True)
class StateCount:
    state: str
    label: str
    number: int


@dataclass(frozen=True, eq=False)
class Group:
    """Activities that have something in common."""

    key: str
    name: Worded
    lines: list[Line]
    thing: Objective | Organisation | Country | None = None
    joined: int = 0
    """Of an organisation: in how many others it takes part without leading them."""

    @property
    def total(self) -> int:
        return len(self.lines)

    @cached_property
    def states(self) -> list[StateCount]:
        """How many stand how, in the order of the states; all states, so that tables have the same columns."""
        found = Counter(line.state for line in self.lines)
        return [StateCount(state.value, str(state.label), found[state]) for state in State]

    @property
    def segments(self) -> list[drawing.Segment]:
        return drawing.stacked([(one.state, one.number) for one in self.states])

    @property
    def said(self) -> list[StateCount]:
        """The states some are in."""
        return [one for one in self.states if one.number]

    @property
    def under_way(self) -> int:
        """Ongoing or completed."""
        return sum(one.number for one in self.states if one.state in (State.ONGOING, State.COMPLETED))

    @property
    def delayed(self) -> int:
        return sum(one.number for one in self.states if one.state == State.DELAYED)

    @cached_property
    def budget(self) -> Totals:
        return budget_of(self.lines)


@dataclass(frozen=True)
class MoneyRow:
    """What a group of activities is planned to cost, and what was given to them, in the order of the stages."""

    key: str
    name: Worded
    budget: Totals
    by_stage: list[Sum]

    @classmethod
    def of(cls, key: str, name: Worded, lines: list[Line], ledgers: list[Ledger]) -> Self:
        sums = [sum((ledger.at(stage) for ledger in ledgers), Sum()) for stage in Movement.Stage]
        return cls(key, name, budget_of(lines), sums)


def budget_of(lines: Iterable[Line]) -> Totals:
    return Totals(amount for line in lines for amount in line.budget)
