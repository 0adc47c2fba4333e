"""What has come of one activity, as far as a reader may know: reports, gifts, evidence, and how its plan changed it."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from portal.core import currencies
from resources.models import Resource
from resources.models.resource import Audience, Reader, audiences_of
from steering.models import (
    Activity,
    ActivityTerms,
    Contribution,
    Movement,
    PlanVersion,
    PolicyOutcome,
    ProgressReport,
)
from steering.plan.figures import Figures
from steering.plan.figures_parts import Line
from steering.plan.money import Ledger, shown_days


@dataclass(frozen=True)
class Given:
    """A contribution, and its steps where this reader may know how much."""

    contribution: Contribution
    steps: list[tuple[Movement, str]]
    """With the amount written out."""
    is_hidden: bool


@dataclass(frozen=True)
class Change:
    """What a version did to the activity: the names of what it changed, or nothing where it is its first."""

    version: PlanVersion
    changed: list[str]
    is_first: bool


@dataclass(frozen=True)
class Story:
    reports: list[ProgressReport]
    """Approved ones, the newest first; each with `shown_documents`."""
    gifts: list[Given]
    outputs: list[Resource]
    outcomes: list[PolicyOutcome]
    carried_from: ActivityTerms | None
    carried_to: ActivityTerms | None
    changes: list[Change]
    gap: str
    """What of the budget is not committed, for who knows every contribution; "" where nothing lacks."""
    shows_challenges: bool
    """What stands in the way is told to the committee."""


def of(line: Line, figures: Figures) -> Story:
    """In a fixed number of queries."""
    activity, reader = line.activity, figures.reader
    knows_all = Audience.COMMITTEE in audiences_of(reader)
    ledger = figures.ledgers.get(activity.pk) or Ledger()
    return Story(
        reports=_reports(activity, reader),
        gifts=[_gift(row, reader) for row in figures.gifts.get(activity.pk, [])],
        outputs=figures.outputs.get(activity.pk, []),
        outcomes=figures.outcomes.get(activity.pk, []),
        carried_from=_terms_of(Activity.objects.filter(carried_to=activity).first(), reader),
        carried_to=_terms_of(Activity.objects.filter(carried_from=activity).first(), reader),
        changes=_changes(activity, reader),
        gap=_gap(line, ledger) if knows_all else "",
        shows_challenges=knows_all,
    )


def _reports(activity: Activity, reader: Reader) -> list[ProgressReport]:
    shelf = Prefetch("documents", Resource.objects.on_the_shelf_for(reader), to_attr="shown_documents")
    approved = activity.reports.approved().select_related("period__plan", "organisation").prefetch_related(shelf)
    return list(approved.order_by("-period__quarter"))


def _gift(row: Contribution, reader: Reader) -> Given:
    if not row.shows_amount_to(reader):
        return Given(row, [], True)
    return Given(row, [(step, _written(step, row.currency)) for step in row.movements.all()], False)


def _written(step: Movement, currency: str) -> str:
    parts = []
    if step.amount is not None and currency:
        parts.append(currencies.shown(step.amount, currency))
    if step.days is not None:
        parts.append(shown_days(step.days))
    return " · ".join(parts)


def _gap(line: Line, ledger: Ledger) -> str:
    gap = ledger.gap(line.terms.budget, line.terms.currency)
    return currencies.shown(gap, line.terms.currency) if gap else ""


def _terms_of(activity: Activity | None, reader: Reader) -> ActivityTerms | None:
    """What the plan of the other end says now, where this reader may read it."""
    if activity is None:
        return None
    seen = ActivityTerms.objects.visible_to(reader).in_force().filter(activity=activity)
    return seen.select_related("activity", "version__plan").first()


def _changes(activity: Activity, reader: Reader) -> list[Change]:
    """Every version that changed it, the first of them first."""
    rows = ActivityTerms.objects.visible_to(reader).filter(activity=activity).select_related("version__plan", "lead")
    found, before = [], None
    for terms in rows.prefetch_related("partners", "countries").order_by("version__number"):
        changed = _changed(before, terms) if before else []
        if changed or before is None:
            found.append(Change(terms.version, changed, before is None))
        before = terms
    return found


def _changed(before: ActivityTerms, after: ActivityTerms) -> list[str]:
    """The names of what another version says otherwise."""
    compared = {
        _("text"): ["text_es", "text_en"],
        _("lead organisation"): ["lead"],
        _("quarters"): ["first_quarter", "last_quarter"],
        _("deliverable"): ["deliverable_es", "deliverable_en"],
        _("budget"): ["budget", "currency"],
    }
    changed = [name for name, fields in compared.items() if any(_differ(before, after, field) for field in fields)]
    related = {_("with"): "partners", _("countries"): "countries"}
    return changed + [name for name, field in related.items() if _keys(before, field) != _keys(after, field)]


def _differ(before: ActivityTerms, after: ActivityTerms, field: str) -> bool:
    return getattr(before, field) != getattr(after, field)


def _keys(terms: ActivityTerms, field: str) -> set[object]:
    return {row.pk for row in getattr(terms, field).all()}
