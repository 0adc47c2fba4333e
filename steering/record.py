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
