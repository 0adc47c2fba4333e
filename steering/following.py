"""What becomes of this room's rows when an organisation becomes part of another and moving is not enough."""

from django.db.models import Min, Q

from network import merging
from network.models import Organisation
from steering.models import ActivityTerms, Letter


@merging.rule("steering.Letter.organisation")
def letters(old: Organisation, new: Organisation) -> None:
    """Somebody who was written to for both in one round keeps both letters: the old one gets a round of its own."""
    for letter in Letter.objects.filter(organisation=old):
        same = Letter.objects.filter(period=letter.period_id, organisation=new, email=letter.email, report=None)
        if letter.report_id is None and same.filter(round=letter.round).exists():
            letter.round = min(0, same.aggregate(first=Min("round"))["first"]) - 1
        letter.organisation = new
        letter.save(update_fields=["organisation", "round"])


@merging.rule("steering.ActivityTerms_partners.organisation")
def partners(old: Organisation, new: Organisation) -> None:
    """The other organisation takes part in its activities instead, once; not where it leads."""
    rows = ActivityTerms.partners.through.objects
    already = ActivityTerms.objects.filter(Q(partners=new) | Q(lead__in=[old, new])).values_list("pk", flat=True)
    rows.filter(organisation=old, activityterms__in=list(already)).delete()
    rows.filter(organisation=old).update(organisation=new)
