"""What the plan does for the library, which knows no plan: what rests on a work follows it into another one."""

from resources import merging
from resources.models import Resource
from steering.models import Evidence, Origin, PolicyOutcome, ProgressReport


@merging.follows("steering.Origin.resource")
def origins_follow(old: Resource, new: Resource) -> None:
    """An activity or decision that produced both produced one."""
    said = new.produced_by
    old.produced_by.filter(activity__in=said.exclude(activity=None).values("activity")).delete()
    old.produced_by.filter(decision__in=said.exclude(decision=None).values("decision")).delete()
    Origin.objects.filter(resource=old).update(resource=new)


@merging.follows("steering.Evidence.document")
def evidence_follows(old: Resource, new: Resource) -> None:
    Evidence.objects.filter(document=old).update(document=new)


@merging.follows("steering.PolicyOutcome.documents")
def outcomes_follow(old: Resource, new: Resource) -> None:
    new.policy_outcomes.add(*PolicyOutcome.objects.filter(documents=old))


@merging.follows("steering.ProgressReport.documents")
def reports_follow(old: Resource, new: Resource) -> None:
    new.progress_reports.add(*ProgressReport.objects.filter(documents=old))
