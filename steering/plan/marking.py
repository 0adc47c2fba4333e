"""Gender and human rights on the activities of a plan: coded while it is made, and what comes of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from network import duties
from network.models import User
from portal.core import audit
from resources import markers
from resources.models import MarkerKind, MarkerLevel
from resources.models.resource import Reader
from steering.models import ActivityMarker, ActivityTerms, PlanVersion
from steering.plan.money import Totals
from steering.plan.preparation import in_preparation
from steering.record import MARKERS_DUTY, Verb

# --- The profile -----------------------------------------------------------------------------------------------------


@dataclass
class ProfileRow:
    """How many activities have this code, and what they are budgeted with. `code` None: nobody has screened them."""

    code: int | None
    label: str
    of: "Profile" = field(repr=False)
    activities: int = 0
    budget: Totals = field(default_factory=Totals)

    @property
    def share(self) -> Decimal:
        """Of all activities, from 0 to 1."""
        return Decimal(self.activities) / self.of.activities if self.of.activities else Decimal(0)

    @property
    def budget_shares(self) -> list[tuple[str, Decimal]]:
        """(currency, from 0 to 1) of what the plan has in each currency: shares, too, are never of two together."""
        whole = self.of.budget
        return [(currency, amount / whole.of(currency)) for currency, amount in self.budget if whole.of(currency)]


@dataclass
class Profile:
    """One marker over all activities of a version, by code; the last row are those nobody has screened."""

    kind: MarkerKind
    rows: list[ProfileRow] = field(default_factory=list)
    activities: int = 0
    budget: Totals = field(default_factory=Totals)

    @property
    def unscreened(self) -> ProfileRow:
        return self.rows[-1]


def profile(version: PlanVersion, reader: Reader | None = None) -> list[Profile]:
    """
    For each kind of marker how activities and budget are spread over its codes, in three queries.

    With a reader, over the activities this reader may see; without, over all. Levels are those of the scale for new
    markers and of every scale the version was coded on: a code of another scale is another row.
    """
    terms = version.terms.visible_to(reader) if reader is not None else version.terms.all()
    budgets = {pk: (currency, budget) for pk, currency, budget in terms.values_list("pk", "currency", "budget")}
    coded = {
        (kind, terms_id): (scale_id, code)
        for kind, terms_id, scale_id, code in ActivityMarker.objects.screened()
        .filter(terms__version=version)
        .values_list("kind", "terms", "scale", "code")
    }
    levels = list(MarkerLevel.objects.select_related("scale").order_by("-scale__is_default", "scale", "code"))
    return [_profile(kind, budgets, coded, levels) for kind in MarkerKind]


def _profile(
    kind: MarkerKind,
    budgets: dict[int, tuple[str, Decimal | None]],
    coded: dict[tuple[str, int], tuple[int, int]],
    levels: Iterable[MarkerLevel],
) -> Profile:
    made = Profile(kind)
    used = {coded[kind, pk] for pk in budgets if (kind, pk) in coded}
    scales = {scale for scale, _code in used}
    rows = {
        (level.scale_id, level.code): ProfileRow(level.code, level.shown_label.text, made)
        for level in levels
        if level.scale.kind == kind and (level.scale.is_default or level.scale_id in scales)
    }
    rows[None] = ProfileRow(None, _("Not screened"), made)
    for pk, (currency, budget) in budgets.items():
        row = rows[coded.get((kind, pk))]
        row.activities += 1
        made.activities += 1
        if budget is not None:
            row.budget.add(currency, budget)
            made.budget.add(currency, budget)
    made.rows = list(rows.values())
    return made


# --- Who is still to be screened -------------------------------------------------------------------------------------


def unscreened(version: PlanVersion) -> list[ActivityTerms]:
    """Activities of the version that lack a code on one marker or both, in the order of the plan; in two queries."""
    coded = set(ActivityMarker.objects.screened().filter(terms__version=version).values_list("terms", "kind"))
    terms = version.terms.in_order().select_related("activity")
    return [row for row in terms if any((row.pk, kind) not in coded for kind in MarkerKind)]


def settle_duty(version: PlanVersion, *, by: User | None) -> None:
    """Where every activity is coded on every marker, nobody has to do it any more."""
    if not unscreened(version):
        duties.close_for(MARKERS_DUTY, [version], by=by)


# --- Coding ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def mark(terms: ActivityTerms, kind: str, code: int | None, justification: str, *, by: User | None) -> ActivityMarker:
    """Code one marker of an activity, in a version in preparation; None is "not screened". Raises `Refused`."""
    version = in_preparation(terms.version)
    marker = ActivityMarker.objects.filter(terms=terms, kind=kind).first() or ActivityMarker(terms=terms, kind=kind)
    if markers.code_on(marker, code, justification, scale=markers.default_scales()[kind], by=by):
        said = f"{kind}: {'–' if code is None else code}"
        audit.record(Verb.ACTIVITY_MARKED, terms, by=by, reason=said)
        settle_duty(version, by=by)
    return marker


@transaction.atomic
def review(marker: ActivityMarker, *, by: User) -> None:
    """Somebody else than who coded it agrees; also when the plan is in force. Raises `Refused`."""
    held = ActivityMarker.objects.select_for_update(of=("self",)).select_related("terms__activity").get(pk=marker.pk)
    markers.sign(held, by=by)
    audit.record(Verb.ACTIVITY_MARKER_REVIEWED, held.terms, by=by, reason=f"{held.kind}: {held.code}")


def review_all(terms: ActivityTerms, *, by: User) -> None:
    """Both markers of an activity at once. Raises `Refused`."""
    with transaction.atomic():
        for marker in terms.markers.screened().filter(reviewed_by=None):
            review(marker, by=by)
