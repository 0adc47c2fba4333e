"""Where the committee and the plan use a document of the library, as far as a reader may see."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resources import mentions
from resources.mentions import Group, Mention
from resources.models import Resource
from resources.models.resource import Reader, audiences_of
from steering.models import (
    ActionItem,
    Activity,
    AgendaItem,
    Decision,
    Evidence,
    IndicatorTerms,
    Minutes,
    PlanVersion,
    PolicyOutcome,
    ProgressReport,
)
from steering.models.activity import ActivityQuerySet
from steering.models.meeting import AgendaItemQuerySet
from steering.plan import wording


@mentions.told_by
def places(resource: Resource, reader: Reader) -> list[Group]:
    """In a fixed number of queries, however often it is used."""
    return [
        Group(_("It came out of"), _origins(resource, reader)),
        Group(_("On the table of the committee"), [*_papers(resource, reader), *_decisions(resource, reader)]),
        Group(_("It shows that something was done"), [*_done(resource, reader), *_reports(resource, reader)]),
        Group(_("Policy outcomes"), _outcomes(resource, reader)),
    ]


def _origins(resource: Resource, reader: Reader) -> list[Mention]:
    produced = Activity.objects.filter(outputs__resource=resource)
    decisions = Decision.objects.visible_to(reader).filter(outputs__resource=resource).select_related("meeting")
    return [*_activities(produced, reader), *(_decision(row) for row in decisions)]


def _activities(rows: ActivityQuerySet, reader: Reader) -> list[Mention]:
    return [
        Mention(_("Activity %(code)s") % {"code": line.activity.code}, line.activity, line.shown_text)
        for line in wording.latest(rows.values("pk"), reader)
    ]


def _decision(row: Decision) -> Mention:
    return Mention(_("Decision %(code)s") % {"code": row.code}, row, row.shown_text)


def _items(reader: Reader) -> AgendaItemQuerySet:
    """Items of agendas this reader knows of: the committee before, others once the minutes are approved."""
    items = AgendaItem.objects.filter(visibility__in=audiences_of(reader))
    if reader.is_authenticated and reader.is_committee_member:
        return items
    return items.filter(meeting__in=Minutes.objects.in_force().visible_to(reader).values("meeting"))


def _papers(resource: Resource, reader: Reader) -> list[Mention]:
    """Each with the minutes it is treated in, where this reader may open them."""
    items = list(_items(reader).filter(papers=resource).select_related("meeting__body").order_by("-meeting__starts_at"))
    records = Minutes.objects.in_force().visible_to(reader).filter(meeting__in={row.meeting_id for row in items})
    minutes = {row.meeting_id: row for row in records.select_related("meeting").defer("content")}
    return [
        Mention(
            _("Meeting %(code)s, item %(number)d") % {"code": row.meeting.code, "number": row.position},
            minutes.get(row.meeting_id, row),
            row.shown_title,
        )
        for row in items
    ]


def _decisions(resource: Resource, reader: Reader) -> list[Mention]:
    """Taken on an item it was a paper of."""
    rows = Decision.objects.visible_to(reader).filter(item__in=_items(reader).filter(papers=resource).values("pk"))
    return [_decision(row) for row in rows.select_related("meeting").order_by("-recorded_at", "pk")]


def _done(resource: Resource, reader: Reader) -> list[Mention]:
    rows = ActionItem.objects.filter(
        evidence=resource, state=ActionItem.State.DONE, item__in=_items(reader).values("pk")
    )
    return [Mention(_("Action item %(code)s") % {"code": row.code}, row, row.shown_text) for row in rows]


def _reports(resource: Resource, reader: Reader) -> list[Mention]:
    """Approved reports on activities and on indicators."""
    approved = ProgressReport.objects.approved().filter(documents=resource)
    activities = Activity.objects.filter(reports__in=approved.values("pk"))
    versions = PlanVersion.objects.visible_to(reader).filter(state=PlanVersion.State.IN_FORCE)
    indicators = IndicatorTerms.objects.filter(indicator__reports__in=approved.values("pk"), version__in=versions)
    rows = indicators.select_related("indicator", "version__plan").distinct().order_by("version", "pk")
    told = [Mention(_("Indicator %(code)s") % {"code": row.indicator.code}, row, row.shown_text) for row in rows]
    return [*_activities(activities, reader), *told]


def _outcomes(resource: Resource, reader: Reader) -> list[Mention]:
    """Those whose text it holds, and those it shows."""
    held = PolicyOutcome.documents.through.objects.filter(resource=resource).values("policyoutcome")
    shown = Evidence.objects.filter(document=resource).values("outcome")
    rows = PolicyOutcome.objects.visible_to(reader).filter(Q(pk__in=held) | Q(pk__in=shown))
    return [Mention(row.get_kind_display(), row, row.shown_name) for row in rows]


mentions.offer(
    mentions.Page(
        label=gettext_lazy("Where it came from"),
        address=lambda resource: reverse("steering:origin", args=[resource.pk]),
        offered=lambda user: True,
    )
)
