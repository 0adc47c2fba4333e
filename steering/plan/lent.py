"""What the plan does for the network, which knows no activities: who takes part in them follows a merger."""

from django.db.models import Q

from network import merging
from network.models import Organisation
from steering.models import ActivityTerms


@merging.rule("steering.ActivityTerms_partners.organisation")
def partners_follow(old: Organisation, new: Organisation) -> None:
    """The other organisation takes part instead, once; not where it leads."""
    rows = ActivityTerms.partners.through.objects
    already = ActivityTerms.objects.filter(Q(partners=new) | Q(lead__in=[old, new])).values_list("pk", flat=True)
    rows.filter(organisation=old, activityterms__in=list(already)).delete()
    rows.filter(organisation=old).update(organisation=new)
