"""How the activities of a plan and its budget are spread over the codes of its markers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from resources.models import MarkerKind, MarkerLevel
from steering.plan import drawing
from steering.plan.money import Totals

Code = tuple[int, int]
"""The number of a scale, and a code on it."""


class Levels:
    """What the codes of all scales are called, read once where somebody asks; those for new markers first."""

    @cached_property
    def all(self) -> list[MarkerLevel]:
        return list(MarkerLevel.objects.select_related("scale").order_by("-scale__is_default", "scale", "code"))

    def label(self, scale: int, code: int) -> str:
        return next((one.shown_label.text for one in self.all if (one.scale_id, one.code) == (scale, code)), "")


@dataclass
class ProfileRow:
    """How many activities, with what budget, have one code of a marker; None: nobody has screened them."""

    code: int | None
    label: str
    number: int = 0
    budget: Totals = field(default_factory=Totals)

    @property
    def css(self) -> str:
        return "unscreened" if self.code is None else f"code-{min(self.code, 3)}"


@dataclass(frozen=True)
class Profile:
    """One marker over all activities, by code; the last row are those nobody has screened."""

    kind: str
    name: str
    rows: list[ProfileRow]

    @property
    def segments(self) -> list[drawing.Segment]:
        return drawing.stacked([(row.css, row.number) for row in self.rows])

    @property
    def budgets(self) -> list[tuple[str, list[drawing.Segment]]]:
        """The budget by codes, a bar for each currency."""
        every = sorted({currency for row in self.rows for currency, _amount in row.budget})
        return [(one, drawing.stacked([(row.css, row.budget.of(one)) for row in self.rows])) for one in every]


def spread(kind: MarkerKind, coded: Iterable[tuple[Code | None, Totals]], levels: Levels) -> Profile:
    """
    `coded`: of each activity what it was coded on this marker, and its budget.

    Rows are the codes of the scale for new markers and of every scale that was used: a code of another scale is
    another row.
    """
    coded = list(coded)
    scales = {code[0] for code, _budget in coded if code}
    rows = {
        (level.scale_id, level.code): ProfileRow(level.code, level.shown_label.text)
        for level in levels.all
        if level.scale.kind == kind and (level.scale.is_default or level.scale_id in scales)
    }
    unscreened = ProfileRow(None, _("Not screened"))
    for code, budget in coded:
        row = rows.setdefault(code, ProfileRow(code[1], "")) if code else unscreened
        row.number += 1
        row.budget += budget
    return Profile(kind.value, str(kind.label), [*rows.values(), unscreened])
