"""Which lines of the matrix a reader wants to see."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from steering.models import ExpectedResult
from steering.plan.figures import Figures
from steering.plan.figures_parts import Line


@dataclass(frozen=True)
class Wanted:
    """By the keys of the figures' groups; empty: all."""

    objective: str = ""
    country: str = ""
    organisation: str = ""
    status: str = ""

    @classmethod
    def asked(cls, said: Mapping[str, str]) -> Self:
        return cls(**{field.name: said.get(field.name, "").strip()[:100] for field in fields(cls)})

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))

    def of(self, figures: Figures) -> list[tuple[ExpectedResult, list[Line]]]:
        """Lines that fit, under their results; results without one are left out. What nobody knows fits nothing."""
        fitting = [line for line in figures.lines if self._fits(line)]
        results = [result for objective in figures.objectives for result in objective.shown_results]
        under = [(result, [line for line in fitting if line.result == result]) for result in results]
        return [(result, lines) for result, lines in under if lines]

    def _fits(self, line: Line) -> bool:
        countries = [country.code for country in line.countries] or ["region"]
        organisations = [line.lead.slug, *(partner.slug for partner in line.partners)]
        return (
            self.objective in ("", line.objective.code)
            and (not self.country or self.country in countries)
            and (not self.organisation or self.organisation in organisations)
            and self.status in ("", line.state)
        )
