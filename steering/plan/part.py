"""The part an organisation takes: its activities in the committee's plan, and its seats in the committee."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from network.models import Organisation
from resources.models.resource import Reader
from steering.composition import Place, composition
from steering.models import ActivityTerms, Body, PlanVersion
from steering.plan.versions import choose


@dataclass(frozen=True)
class Part:
    version: PlanVersion | None
    led: list[ActivityTerms]
    joined: list[ActivityTerms]
    places: list[Place]

    def __bool__(self) -> bool:
        return bool(self.led or self.joined or self.places)


def part_of(organisation: Organisation, reader: Reader) -> Part:
    """As far as this reader may see, in a fixed number of queries."""
    chosen = choose(reader)
    version = chosen.version if chosen else None
    lines = _lines(organisation, version, reader) if version else []
    body = Body.objects.committees().active().first()
    places = composition(body, timezone.localdate()) if body else []
    return Part(
        version=version,
        led=[line for line in lines if line.lead_id == organisation.pk],
        joined=[line for line in lines if line.lead_id != organisation.pk],
        places=[place for place in places if place.organisation == organisation],
    )


def _lines(organisation: Organisation, version: PlanVersion, reader: Reader) -> list[ActivityTerms]:
    mine = Q(lead=organisation) | Q(
        pk__in=ActivityTerms.partners.through.objects.filter(organisation=organisation).values("activityterms")
    )
    found = list(version.terms.visible_to(reader).filter(mine).in_order().select_related("activity"))
    for line in found:
        line.activity.plan, line.version = version.plan, version
    return found
