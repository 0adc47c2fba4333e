"""What this room writes into the record of the portal."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from network.duty_kinds import DutyKind, register
from portal.core import audit

MINUTES_DUTY = register(
    DutyKind(
        code="minutes",
        label=_("Write the minutes"),
        address=lambda key: reverse("admin:steering_meeting_change", args=[key]),
        days=10,
        for_coordinators=False,
    )
)

ACCREDIT_DUTY = register(
    DutyKind(
        code="accredit",
        label=_("Look at somebody proposed for a seat"),
        address=lambda key: reverse("admin:steering_designation_change", args=[key]),
        days=3,
        for_coordinators=False,
    )
)

QUESTION_DUTY = register(
    DutyKind(
        code="action-question",
        label=_("Answer a question about an action item"),
        address=lambda key: reverse("admin:steering_actionitem_change", args=[key]),
        days=3,
        for_coordinators=False,
        by_hand=True,
    )
)

MARKERS_DUTY = register(
    DutyKind(
        code="markers",
        label=_("Code gender and human rights in a plan"),
        address=lambda key: reverse("admin:steering_plan_markers", args=[key]),
        days=14,
        for_coordinators=False,
    )
)

REPORT_DUTY = register(
    DutyKind(
        code="progress-report",
        label=_("Approve progress reports"),
        address=lambda key: f"{reverse('admin:steering_progressreport_changelist')}?{_report_filter(key)}",
        days=7,
        for_coordinators=False,
    )
)

CHASE_DUTY = register(
    DutyKind(
        code="chase-report",
        label=_("Ask for progress reports that have not come"),
        address=lambda key: reverse("admin:steering_silent", args=[key.split("-")[0]]),
        days=7,
        for_coordinators=False,
        by_hand=True,
    )
)


def _report_filter(key: str) -> str:
    """Work on reports is about a quarter and an organisation: `12-34`."""
    period, organisation = key.split("-")
    return f"period__id__exact={period}&organisation__id__exact={organisation}&state__exact=submitted"


@audit.register
class Verb(models.TextChoices):
    BODY_KEPT = "body-kept", _("Rules of the body written")
    SEAT_KEPT = "seat-kept", _("Seat written")
    TERM_BEGUN = "term-begun", _("Term in a seat begun")
    TERM_CORRECTED = "term-corrected", _("Term in a seat corrected")
    TERM_ENDED = "term-ended", _("Term in a seat ended")
    DESIGNATED = "designated", _("Somebody named for a seat")
    DESIGNATION_CORRECTED = "designation-corrected", _("Designation corrected")
    ACCREDITED = "accredited", _("Designation accredited")
    DESIGNATION_ENDED = "designation-ended", _("Designation ended")
    OFFICE_GIVEN = "office-given", _("Office given")
    OFFICE_CORRECTED = "office-corrected", _("Office corrected")
    OFFICE_ENDED = "office-ended", _("Office ended")
    MEETING_PLANNED = "meeting-planned", _("Meeting prepared")
    MEETING_KEPT = "meeting-kept", _("Meeting corrected")
    AGENDA_CHANGED = "agenda-changed", _("Agenda changed")
    CONVENED = "meeting-convened", _("Meeting convened")
    MOVED = "meeting-moved", _("Meeting moved")
    CANCELLED = "meeting-cancelled", _("Meeting cancelled")
    CALLED = "meeting-called", _("Invitations sent to those who lacked one")
    PROPOSED = "designation-proposed", _("Somebody proposed for a seat by letter")
    ANSWERED = "invitation-answered", _("Answer to an invitation noted")
    HELD = "meeting-held", _("Meeting held")
    LIST_OPENED = "attendance-opened", _("Attendance list opened")
    ATTENDANCE_NOTED = "attendance-noted", _("Attendance noted")
    ITEM_TREATED = "item-treated", _("Agenda item treated")
    ITEM_REOPENED = "item-reopened", _("Agenda item put back on the agenda")
    ITEM_DEFERRED = "item-deferred", _("Agenda item deferred")
    DECIDED = "decision-recorded", _("Decision recorded")
    DECISION_CORRECTED = "decision-corrected", _("Decision corrected")
    ANNULLED = "decision-annulled", _("Decision annulled")
    CONFIRMED = "decision-confirmed", _("Decision confirmed")
    IN_FORCE = "decision-in-force", _("Decision in force")
    FULFILLED = "decision-fulfilled", _("Decision fulfilled")
    LAPSED = "decision-lapsed", _("Decision lapsed")
    ASSIGNED = "action-assigned", _("Action item assigned")
    ACTION_CORRECTED = "action-corrected", _("Action item corrected")
    ACTION_STARTED = "action-started", _("Action item under way")
    ACTION_DONE = "action-done", _("Action item done")
    ACTION_ASKED = "action-asked", _("Question about an action item asked")
    ACTION_CANCELLED = "action-cancelled", _("Action item cancelled")
    OUTCOME_REPORTED = "outcome-reported", _("Policy outcome reported")
    OUTCOME_CORRECTED = "outcome-corrected", _("Policy outcome corrected")
    OUTCOME_REVIEWED = "outcome-reviewed", _("Policy outcome reviewed")
    OUTCOME_SUBSTANTIATED = "outcome-substantiated", _("Policy outcome substantiated")
    OUTCOME_PUBLISHED = "outcome-published", _("Policy outcome published")
    OUTCOME_NOT_CONFIRMED = "outcome-not-confirmed", _("Policy outcome not confirmed")
    OUTCOME_REOPENED = "outcome-reopened", _("Policy outcome back to review")
    EVIDENCE_ADDED = "evidence-added", _("Evidence added")
    EVIDENCE_ASKED = "evidence-asked", _("Organisation asked to verify evidence")
    EVIDENCE_VERIFIED = "evidence-verified", _("Evidence verified")
    EVIDENCE_TAKEN = "evidence-taken", _("Evidence taken away")
    ORIGIN_NAMED = "origin-named", _("Origin of a document named")
    ORIGIN_TAKEN = "origin-taken", _("Origin of a document taken away")
    MINUTES_DRAFTED = "minutes-drafted", _("Minutes begun")
    MINUTES_REVISED = "minutes-revised", _("New revision of minutes begun")
    MINUTES_WRITTEN = "minutes-written", _("Minutes written")
    MINUTES_CIRCULATED = "minutes-circulated", _("Minutes sent round")
    MINUTES_SENT_AGAIN = "minutes-sent-again", _("Minutes sent to those who lacked them")
    MINUTES_TAKEN_BACK = "minutes-taken-back", _("Minutes taken back")
    MINUTES_APPROVED = "minutes-approved", _("Minutes approved")
    TEMPLATE_BROUGHT = "template-brought", _("Word template of minutes brought")
    OBSERVED = "observed", _("Observation made")
    OBSERVATION_ANSWERED = "observation-answered", _("Observation answered")
    # the plan: made, adopted, amended
    PLAN_MADE = "plan-made", _("Plan begun")
    PLAN_CORRECTED = "plan-corrected", _("Plan corrected")
    PLAN_WRITTEN = "plan-written", _("Written into a plan in preparation")
    PLAN_TAKEN_OUT = "plan-taken-out", _("Taken out of a plan in preparation")
    PLAN_DISCARDED = "plan-discarded", _("Plan in preparation deleted")
    VERSION_CORRECTED = "version-corrected", _("Reason of an amendment corrected")
    VERSION_BROUGHT = "version-brought", _("Plan brought before the committee")
    VERSION_TAKEN_BACK = "version-taken-back", _("Plan taken back from the committee")
    VERSION_ADOPTED = "version-adopted", _("Plan adopted")
    VERSION_AMENDED = "version-amended", _("Amendment of a plan begun")
    VERSION_DISCARDED = "version-discarded", _("Amendment of a plan deleted")
    ACTIVITY_CANCELLED = "activity-cancelled", _("Activity cancelled")
    ACTIVITY_MARKED = "activity-marked", _("Marker of an activity coded")
    ACTIVITY_MARKER_REVIEWED = "activity-marker-reviewed", _("Marker of an activity reviewed")
    # contributions, and the close-out of a plan
    CONTRIBUTION_KEPT = "contribution-kept", _("Contribution written")
    CONTRIBUTION_OFFERED = "contribution-offered", _("Contribution offered")
    CONTRIBUTION_CONFIRMED = "contribution-confirmed", _("Offer of a contribution confirmed")
    CONTRIBUTION_WITHDRAWN = "contribution-withdrawn", _("Contribution withdrawn")
    MOVEMENT_NOTED = "movement-noted", _("Step of a contribution noted")
    MOVEMENT_CORRECTED = "movement-corrected", _("Step of a contribution corrected")
    ACTIVITY_SETTLED = "activity-settled", _("Chosen what becomes of an activity at close-out")
    ACTIVITY_CLOSED = "activity-closed", _("Activity closed with its plan")
    ACTIVITY_CARRIED = "activity-carried", _("Activity carried over into a plan")
    PLAN_CLOSED = "plan-closed", _("Plan closed")
    NEXT_PLAN_DRAFTED = "next-plan-drafted", _("Draft of the next plan begun")
    # what organisations report on the plan
    PERIOD_OPENED = "period-opened", _("Quarter opened for reports")
    PERIOD_CLOSED = "period-closed", _("Quarter closed for reports")
    REPORTS_ASKED = "reports-asked", _("Progress reports asked for")
    REPORTED = "progress-reported", _("Progress report sent in")
    REPORT_RETURNED = "progress-returned", _("Progress report returned")
    REPORT_APPROVED = "progress-approved", _("Progress report approved")
    REPORT_APPROVED_ALONE = "progress-approved-alone", _("Progress report approved by who reported it")
    REPORT_REOPENED = "progress-reopened", _("Progress report reopened")
    ACTIVITY_MOVED = "activity-moved", _("State of an activity changed by a report")
