"""A harvest, and what its lines say."""

from resources import harvesting
from resources.models import Gathered, Gathering, Resource, Source

Outcome, Decision, State = Gathered.Outcome, Gathered.Decision, Gathering.State


def harvest(source: Source, **options: object) -> Gathering:
    return harvesting.harvest(source, **{"pause": 0, **options})


def outcomes(gathering: Gathering) -> list[tuple[str, str, str]]:
    return [(line.key.removeprefix("oai:x:"), line.outcome, line.decision) for line in gathering.lines.all()]


def taken(name: str) -> Resource:
    return Resource.objects.get(gathered__key=f"oai:x:{name}", gathered__outcome=Outcome.NEW)
