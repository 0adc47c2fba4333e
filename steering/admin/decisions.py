"""Decisions and action items."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin

from network.models import User
from portal.core.steps import ReasonForm, Step
from steering import decisions
from steering.admin import letters
from steering.admin.attendance import list_is_open
from steering.admin.bodies import SteeringAdmin
from steering.admin.meetings import MEETINGS
from steering.forms import ConfirmForm, DoneForm
from steering.models import ActionItem, Decision

State = Decision.State


@admin.register(Decision)
class DecisionAdmin(SteeringAdmin, TranslationAdmin):
    task = MEETINGS
    list_display = ["code", "text_es", "state", "ad_referendum", "visibility", "in_both", "review_on"]
    list_filter = ["state", "ad_referendum", "visibility", "meeting__body"]
    list_select_related = ["meeting__body"]
    search_fields = ["code", "text_es", "text_en"]
    search_help_text = gettext_lazy("Number or words of the decision.")
    date_hierarchy = "recorded_at"
    autocomplete_fields = ["item", "supersedes"]
    readonly_fields = ["code", "state", "ad_referendum", "confirmed_in", "history"]
    fieldsets = [
        (None, {"fields": ["code", "state", "ad_referendum", "confirmed_in", "item", "text"]}),
        (
            gettext_lazy("How it was taken"),
            {"fields": ["method", ("votes_for", "votes_against", "abstentions"), "dissent"]},
        ),
        (gettext_lazy("What becomes of it"), {"fields": ["visibility", "review_on", "supersedes"]}),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]
    steps = (
        Step(
            "annul",
            gettext_lazy("Annul"),
            gettext_lazy("It was written by mistake. Its number stays taken and is never used again."),
            decisions.annul,
            offered=lambda row: row.state == State.RECORDED and list_is_open(row.meeting),
            form=ReasonForm,
        ),
        Step(
            "confirm",
            gettext_lazy("Confirm"),
            gettext_lazy("A later meeting with a quorum stands by what was decided without one."),
            decisions.confirm,
            offered=lambda row: row.state == State.RECORDED and row.ad_referendum and row.confirmed_in_id is None,
            form=ConfirmForm,
        ),
        Step(
            "fulfil",
            gettext_lazy("It is fulfilled"),
            gettext_lazy("What was decided has been done. Say what shows it."),
            decisions.fulfil,
            offered=lambda row: row.state == State.IN_FORCE,
            form=ReasonForm,
        ),
        Step(
            "lapse",
            gettext_lazy("It has lapsed"),
            gettext_lazy("It no longer applies, without having been fulfilled or replaced. This can't be undone."),
            decisions.lapse,
            offered=lambda row: row.state == State.IN_FORCE,
            form=ReasonForm,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        return super().get_queryset(request).select_related("meeting__body", "item")

    def get_readonly_fields(self, request: HttpRequest, obj: Decision | None = None) -> list[str]:
        """A decision stays with its item."""
        return [*super().get_readonly_fields(request, obj), *(["item"] if obj else [])]

    def may_change(self, row: Decision) -> bool:
        return row.state == State.RECORDED and list_is_open(row.meeting)

    @admin.display(description=gettext_lazy("in both languages"), boolean=True)
    def in_both(self, decision: Decision) -> bool:
        return not decision.is_one_language

    def keep(self, row: Decision, *, by: User, change: bool) -> None:
        (decisions.correct if change else decisions.record)(row, by=by)


@admin.register(ActionItem)
class ActionItemAdmin(SteeringAdmin, TranslationAdmin):
    task = MEETINGS
    list_display = ["code", "text_es", "organisation", "due", "state", "overdue"]
    list_filter = ["state", ("organisation", admin.RelatedOnlyFieldListFilter), "meeting__body"]
    list_select_related = ["organisation"]
    search_fields = ["code", "text_es", "text_en", "organisation__name_es", "organisation__acronym"]
    search_help_text = gettext_lazy("Number, words or organisation.")
    date_hierarchy = "due"
    autocomplete_fields = ["item", "decision", "organisation", "person"]
    readonly_fields = ["code", "state", "evidence", "evidence_url", "note", "done_on", "asked", "sent_to", "history"]
    fieldsets = [
        (None, {"fields": ["code", "state", "item", "decision", "text"]}),
        (gettext_lazy("Who and by when"), {"fields": ["organisation", "person", "due"]}),
        (gettext_lazy("What shows that it is done"), {"fields": ["evidence", "evidence_url", "note", "done_on"]}),
        (gettext_lazy("Reminders and questions"), {"fields": ["asked", "sent_to"]}),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]
    steps = (
        Step(
            "start",
            gettext_lazy("It is under way"),
            gettext_lazy("The organisation has begun with it."),
            decisions.start,
            offered=lambda row: row.state == ActionItem.State.OPEN,
        ),
        Step(
            "complete",
            gettext_lazy("It is done"),
            gettext_lazy("Say what shows it: a document of the library, an address or a note."),
            decisions.complete,
            offered=lambda row: row.is_open,
            form=DoneForm,
        ),
        Step(
            "drop",
            gettext_lazy("It will not be done"),
            gettext_lazy("It is closed with the reason. This can't be undone."),
            decisions.drop,
            offered=lambda row: row.is_open,
            form=ReasonForm,
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: ActionItem | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["item", "decision"] if obj else [])]

    def may_change(self, row: ActionItem) -> bool:
        return row.is_open

    @admin.display(description=gettext_lazy("questions of the organisation"))
    def asked(self, action: ActionItem) -> SafeString:
        """With the address to answer to."""
        rows = action.questions.select_related("letter")
        lines = ((row.text, row.letter.name, row.letter.email, row.letter.email) for row in rows)
        return format_html_join("", '<p>{} — {}, <a href="mailto:{}">{}</a></p>', lines)

    @admin.display(description=gettext_lazy("outgoing letters"))
    def sent_to(self, action: ActionItem) -> SafeString:
        return letters.listed(action.letters.all())

    @admin.display(description=gettext_lazy("overdue"), boolean=True)
    def overdue(self, action: ActionItem) -> bool:
        return action.is_overdue

    def keep(self, row: ActionItem, *, by: User, change: bool) -> None:
        (decisions.correct_action if change else decisions.assign)(row, by=by)
