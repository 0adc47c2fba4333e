"""
The figures of a version of a plan, as one reader may know them.

Every page, drawing and file of the plan prints from here and counts nothing itself, so they can't disagree. Lines the
reader may not see count nowhere. Amounts of different currencies are never added.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from django.db.models import Count, F, FilteredRelation, Prefetch, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from network.models import Country, Organisation
from portal.core.languages import Worded
from resources.models import MarkerKind, Resource
from resources.models.resource import Audience, Reader, audiences_of
from steering.models import (
    Activity,
    ActivityTerms,
    Contribution,
    Decision,
    ExpectedResult,
    Movement,
    Objective,
    Plan,
    PlanVersion,
    PolicyOutcome,
    ProgressReport,
)
from steering.models.plan import QUARTERS
from steering.plan import origins
from steering.plan.figures_indicators import IndicatorFigures, indicators_of
from steering.plan.figures_parts import Group, Line, Mark, MoneyRow, budget_of
from steering.plan.money import Ledger, Totals, by_activity, readable
from steering.plan.profile import Levels, Profile, spread

State = Activity.State
PAGES = ["plan", "matrix", "timeline", "progress"]


@dataclass(eq=False)
class Figures:
    """All that is printed of one version of a plan for one reader."""

    version: PlanVersion
    reader: Reader
    objectives: list[Objective]
    lines: list[Line]
    indicators: list[IndicatorFigures]
    decision: Decision | None
    """What put it in force, where this reader may see it."""
    has_hidden: bool
    """Has the version lines that this reader may not see, and that count nowhere here?"""
    levels: Levels

    @property
    def plan(self) -> Plan:
        return self.version.plan

    @property
    def named(self) -> str:
        """`version 2, in force since 3 March 2026`: what every total stands beside."""
        number = _("version %(number)d") % {"number": self.version.number}
        if self.version.is_in_the_making:
            return f"{number}, {self.version.get_state_display().lower()}"
        day = date_format(self.version.in_force_since, "DATE_FORMAT")
        if self.version.state == PlanVersion.State.SUPERSEDED:
            return _("%(version)s, in force from %(day)s until a later one") % {"version": number, "day": day}
        return _("%(version)s, in force since %(day)s") % {"version": number, "day": day}

    @property
    def edition(self) -> str:
        """For whom it is printed: a reader sees more or less of the same version."""
        widest = audiences_of(self.reader)[-1]
        names = {
            Audience.PUBLIC: _("Public version"),
            Audience.MEMBERS: _("Version for members of the network"),
            Audience.COMMITTEE: _("Version of the committee"),
        }
        return names[widest]

    @property
    def edition_slug(self) -> str:
        """The same in the name of a file."""
        return slugify(self.edition)

    @property
    def is_for_all(self) -> bool:
        """Would everybody see the same?"""
        return audiences_of(self.reader) == [Audience.PUBLIC]

    @property
    def is_current(self) -> bool:
        return self.version.state == PlanVersion.State.IN_FORCE

    @property
    def last_year(self) -> int:
        return self.plan.first_year + 1

    @property
    def quarters(self) -> list[str]:
        return [self.plan.quarter_name(number) for number in QUARTERS]

    @property
    def everything(self) -> Group:
        return Group("", self.plan.shown_title, self.lines)

    @cached_property
    def by_objective(self) -> list[Group]:
        return [
            Group(one.code, one.shown_short, [line for line in self.lines if line.objective == one], one)
            for one in self.objectives
        ]

    @cached_property
    def by_status(self) -> list[Group]:
        every = [
            Group(state.value, _plain(state.label), [line for line in self.lines if line.state == state])
            for state in State
        ]
        return [group for group in every if group.lines]

    @cached_property
    def by_country(self) -> list[Group]:
        """An activity in three countries is counted in each; one for the whole region apart from them."""
        found: dict[Country | None, list[Line]] = defaultdict(list)
        for line in self.lines:
            for country in line.countries or [None]:
                found[country].append(line)
        named = sorted((one for one in found if one), key=str)
        groups = [Group(one.code, _plain(str(one)), found[one], one) for one in named]
        region = [Group("region", _plain(_("Whole region")), found[None])] if None in found else []
        return groups + region

    @cached_property
    def by_organisation(self) -> list[Group]:
        """Those that lead activities or take part in some; each activity is counted for the one that leads it."""
        led: dict[Organisation, list[Line]] = defaultdict(list)
        joined: Counter[Organisation] = Counter()
        for line in self.lines:
            led[line.lead].append(line)
            joined.update(line.partners)
        everybody = sorted({*led, *joined}, key=lambda one: (one.short_name.casefold(), one.country_id))
        called = Counter(one.short_name for one in everybody)
        return [Group(one.slug, _plain(_told_apart(one, called)), led[one], one, joined[one]) for one in everybody]

    @cached_property
    def budget(self) -> Totals:
        return budget_of(self.lines)

    @cached_property
    def profile(self) -> list[Profile]:
        """Of the plan and of its budget, by marker: every code of the scale in use, then what is not screened."""
        marks = {kind: [] for kind in MarkerKind}
        for line in self.lines:
            for mark in line.marks:
                marks[mark.kind].append((mark.on_scale, line.budget))
        return [spread(kind, marks[kind], self.levels) for kind in MarkerKind]

    @cached_property
    def ledgers(self) -> dict[int | None, Ledger]:
        """What was given, by activity (None: to the plan as a whole), as far as the reader may know how much."""
        return by_activity(chain.from_iterable(self.gifts.values()), self.reader)

    @cached_property
    def money(self) -> list[MoneyRow]:
        """
        By objective, then what was given to the plan as a whole, then all of it.

        What was given to activities that these lines do not name stands by itself, so that all is all.
        """
        left = dict(self.ledgers)
        rows = []
        for one in self.by_objective:
            given = [left.pop(line.terms.activity_id) for line in one.lines if line.terms.activity_id in left]
            rows.append(MoneyRow.of(one.key, one.name, one.lines, given))
        whole = [left.pop(None)] if None in left else []
        rows.append(MoneyRow.of("plan", _plain(_("For the plan as a whole")), [], whole))
        if left:
            name = _plain(_("For activities that are not listed here"))
            rows.append(MoneyRow.of("other", name, [], list(left.values())))
        return [*rows, MoneyRow.of("", _plain(_("All")), self.lines, list(self.ledgers.values()))]

    @property
    def stages(self) -> list[str]:
        return list(Movement.Stage)

    @property
    def has_hidden_amounts(self) -> bool:
        """Has somebody given who lets this reader know of it, but not how much?"""
        return any(ledger.has_hidden for ledger in self.ledgers.values())

    @cached_property
    def gifts(self) -> dict[int | None, list[Contribution]]:
        """Contributions this reader may know of, by activity; whether also how much, each says itself. Two queries."""
        rows = readable(self.plan, self.reader).order_by("organisation__acronym", "pk")
        return _gathered((row.activity_id, row) for row in rows)

    @cached_property
    def outputs(self) -> dict[int, list[Resource]]:
        """Documents of the library that came out of each activity, by its number."""
        return origins.outputs(self.version, self.reader)

    @cached_property
    def outcomes(self) -> dict[int, list[PolicyOutcome]]:
        """Policy outcomes behind which each activity stands, by its number."""
        seen = PolicyOutcome.objects.visible_to(self.reader).filter(activities__plan=self.plan)
        found = seen.annotate(about=F("activities")).order_by("-happened_on", "-pk")
        return _gathered((outcome.about, outcome) for outcome in found)

    def line(self, code: str) -> Line | None:
        return next((line for line in self.lines if line.code == code), None)

    @property
    def addresses(self) -> dict[str, str]:
        """Of the pages of this version, by their names."""
        return {name: reverse(f"steering:{name}", kwargs=self.version.in_addresses) for name in PAGES}

    @property
    def files(self) -> dict[str, str]:
        """Addresses of the whole plan as a file, by what people call the formats."""
        named = {"Excel": "xlsx", "Word": "docx", "PDF": "pdf", "JSON": "json"}
        given = self.version.in_addresses
        return {name: reverse("steering:plan_file", kwargs=given | {"format": end}) for name, end in named.items()}


def of(version: PlanVersion, reader: Reader) -> Figures:
    """
    The figures, in nine queries whatever the size of the plan; the names of marker codes take one more, `gifts` and
    `ledgers` together two, `outputs` and `outcomes` one. `version` may come with its plan selected.
    """
    objectives = list(version.objectives.annotate(of_all=Count("results__terms")).order_by("position"))
    results = ExpectedResult.objects.filter(objective__in=objectives).order_by("objective__position", "position")
    by_number = {one.pk: one for one in objectives}
    for one in objectives:
        one.shown_results = []
    known = {}
    for result in results:
        result.objective = by_number[result.objective_id]
        result.objective.shown_results.append(result)
        known[result.pk] = result
    levels = Levels()
    reports = _reports(version.plan)
    decisions = _decisions(version, reader)
    lines = [_line(terms, version, known, levels, reports["activity"], decisions) for terms in _terms(version, reader)]
    return Figures(
        version=version,
        reader=reader,
        objectives=objectives,
        lines=lines,
        indicators=indicators_of(version, known, reports["indicator"]),
        decision=decisions.get(version.decision_id),
        has_hidden=len(lines) < sum(one.of_all for one in objectives),
        levels=levels,
    )


def _terms(version: PlanVersion, reader: Reader) -> Iterable[ActivityTerms]:
    """With the markers joined on, one of each kind at most."""
    rows = version.terms.visible_to(reader).in_order().select_related("activity", "lead")
    for kind in MarkerKind.values:
        joined = {f"of_{kind}": FilteredRelation("markers", condition=Q(markers__kind=kind))}
        said = {f"{kind}_{name}": F(f"of_{kind}__{name}") for name in ("code", "scale_id", "justification")}
        rows = rows.annotate(**joined).annotate(**said)
    return rows.prefetch_related(
        Prefetch("partners", Organisation.objects.order_by("acronym", "pk")),
        Prefetch("countries", Country.objects.all()),
    )


def _line(
    terms: ActivityTerms,
    version: PlanVersion,
    results: dict[int, ExpectedResult],
    levels: Levels,
    reports: dict[int, list[ProgressReport]],
    decisions: dict[int, Decision],
) -> Line:
    terms.version = version
    result = results[terms.result_id]
    latest = reports.get(terms.activity_id)
    return Line(
        terms=terms,
        objective=result.objective,
        result=result,
        partners=list(terms.partners.all()),
        countries=list(terms.countries.all()),
        marks=[_mark(terms, kind.value, levels) for kind in MarkerKind],
        report=latest[-1] if latest else None,
        origin=decisions.get(terms.origin_id),
    )


def _mark(terms: ActivityTerms, kind: str, levels: Levels) -> Mark:
    code, scale = getattr(terms, f"{kind}_code"), getattr(terms, f"{kind}_scale_id")
    return Mark(kind, code, getattr(terms, f"{kind}_justification") or "", scale, levels)


def _reports(plan: Plan) -> dict[str, dict[int, list[ProgressReport]]]:
    """Those that count, in the order of the quarters."""
    counting = ProgressReport.objects.counting().filter(period__plan=plan)
    found = list(counting.select_related("period").order_by("period__quarter", "pk"))
    for row in found:
        row.period.plan = plan
    return {
        "activity": _gathered((row.activity_id, row) for row in found if row.activity_id),
        "indicator": _gathered((row.indicator_id, row) for row in found if row.indicator_id),
    }


def _decisions(version: PlanVersion, reader: Reader) -> dict[int, Decision]:
    """Those of this version that the reader may see: what put it in force, and where activities come from."""
    named = Q(pk=version.decision_id) | Q(pk__in=version.terms.values("origin"))
    return Decision.objects.visible_to(reader).filter(named).in_bulk()


def _gathered[K, T](pairs: Iterable[tuple[K, T]]) -> dict[K, list[T]]:
    found: dict[K, list[T]] = defaultdict(list)
    for about, thing in pairs:
        found[about].append(thing)
    return dict(found)


def _told_apart(organisation: Organisation, called: Counter[str]) -> str:
    """Its short name; where another has the same one, with the country of its seat: MINSA (PA)."""
    name = organisation.short_name
    return f"{name} ({organisation.country_id})" if called[name] > 1 else name


def _plain(text: str) -> Worded:
    """A word of the page's own language."""
    return Worded(str(text), get_language() or "es")
