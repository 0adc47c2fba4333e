"""Minutes and the observations on them."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationStackedInline

from network.models import User
from portal.core.steps import ReasonForm, Step
from steering import minutes, rounds
from steering.admin import letters
from steering.admin.bodies import SteeringAdmin
from steering.admin.meetings import MEETINGS
from steering.forms import AnswerForm, ApproveForm
from steering.models import Minutes, Observation, Section

State = Minutes.State


class SectionInline(TranslationStackedInline):
    """The text about each item, in both languages, while the minutes are being written."""

    model = Section
    fields = ["noted", "text"]
    readonly_fields = ["noted"]
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        found = super().get_queryset(request).select_related("item")
        return found.prefetch_related("item__decisions", "item__action_items")

    @admin.display(description=gettext_lazy("noted in the meeting"))
    def noted(self, section: Section) -> str:
        """What the record will say by itself, beside the text."""
        rows = [*section.item.decisions.all(), *section.item.action_items.all()]
        return " · ".join([section.item.get_state_display(), *(f"{row.code}: {row.text}" for row in rows)])

    def has_add_permission(self, request: HttpRequest, obj: Minutes | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Minutes | None = None) -> bool:
        return (obj is None or obj.state == State.DRAFT) and super().has_change_permission(request, obj)


@admin.register(Minutes)
class MinutesAdmin(SteeringAdmin):
    task = MEETINGS
    list_display = ["meeting", "revision", "state", "visibility", "objections_until", "approved_at"]
    list_filter = ["state", "visibility", "meeting__body"]
    list_select_related = ["meeting__body"]
    search_fields = ["meeting__title_es", "meeting__title_en"]
    search_help_text = gettext_lazy("Title of the meeting.")
    readonly_fields = [
        "meeting", "revision", "reason", "state", "circulated_at", "objections_until", "sent_to", "approved_at",
        "approved_how", "approved_in", "sha256", "on_the_site", "history",
    ]  # fmt: skip
    inlines = [SectionInline]
    fieldsets = [
        (None, {"fields": ["meeting", "revision", "reason", "state", "visibility", "on_the_site"]}),
        (gettext_lazy("Observations"), {"fields": ["circulated_at", "objections_until", "sent_to"]}),
        (gettext_lazy("Approval"), {"fields": ["approved_at", "approved_how", "approved_in", "sha256"]}),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]
    steps = (
        Step(
            "circulate",
            gettext_lazy("Send round"),
            gettext_lazy(
                "The text, the attendance list and the decisions are frozen, and the days for observations begin. "
                "Everybody who was called gets a letter with a link to read and object."
            ),
            minutes.circulate,
            offered=lambda row: row.state == State.DRAFT,
        ),
        Step(
            "send_again",
            gettext_lazy("Send to those who lack them"),
            gettext_lazy("Whoever could not be written to gets the letter now. Nobody gets it twice."),
            rounds.send_to_those_who_lack_one,
            offered=lambda row: row.state == State.CIRCULATED and bool(rounds.reach_of_those_who_lack_one(row).written),
        ),
        Step(
            "take_back",
            gettext_lazy("Take back"),
            gettext_lazy("They can be written again. Sent round anew, the days for observations begin anew."),
            minutes.take_back,
            offered=lambda row: row.state == State.CIRCULATED,
            form=ReasonForm,
        ),
        Step(
            "approve_in",
            gettext_lazy("Approved in a meeting"),
            gettext_lazy(
                "Nobody can change them any more, and the decisions are in force. A correction is a new revision."
            ),
            minutes.approve_in,
            offered=lambda row: row.state == State.CIRCULATED,
            form=ApproveForm,
        ),
        Step(
            "approve_unopposed",
            gettext_lazy("Approved without objection"),
            gettext_lazy(
                "Nobody can change them any more, and the decisions are in force. A correction is a new revision."
            ),
            minutes.approve_unopposed,
            offered=lambda row: row.state == State.CIRCULATED and row.objections_closed(),
            form=ReasonForm,
        ),
        Step(
            "revise",
            gettext_lazy("Correct by a new revision"),
            gettext_lazy("The approved text stays as it is; the new revision goes round and is approved in its turn."),
            minutes.revise,
            offered=lambda row: (
                row.state == State.APPROVED and not row.meeting.minutes.filter(revision__gt=row.revision)
            ),
            form=ReasonForm,
            leads_on=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Minutes]:
        return super().get_queryset(request).select_related("meeting__body", "approved_in__body")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def reaches(self, step: Step, row: Minutes) -> str:
        return letters.reaches(step, row)

    @admin.display(description=gettext_lazy("outgoing letters"))
    def sent_to(self, row: Minutes) -> SafeString:
        return letters.listed(row.letters.all())

    def may_change(self, row: Minutes) -> bool:
        return row.state == State.DRAFT

    @admin.display(description=gettext_lazy("on the site"))
    def on_the_site(self, row: Minutes) -> SafeString | str:
        if row.state == State.DRAFT:
            return ""
        return format_html('<a href="{}">{}</a>', row.get_absolute_url(), _("Read them as they were sent round"))

    def keep(self, row: Minutes, *, by: User, change: bool) -> None:
        row.save(update_fields=["visibility"])
        minutes.written(row, by=by)

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: forms.BaseModelFormSet, change: bool
    ) -> None:
        super().save_formset(request, form, formset, change)
        if formset.has_changed():
            minutes.written(form.instance, by=request.user)


@admin.register(Observation)
class ObservationAdmin(SteeringAdmin):
    task = MEETINGS
    list_display = ["minutes", "organisation", "state", "made_at"]
    list_filter = ["state", ("organisation", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["minutes__meeting__body", "organisation"]
    search_fields = ["text", "organisation__name_es", "organisation__acronym"]
    search_help_text = gettext_lazy("Words or organisation.")
    autocomplete_fields = ["minutes", "organisation", "item"]
    readonly_fields = ["state", "response", "made_at", "history"]
    fieldsets = [
        (None, {"fields": ["minutes", "organisation", "item", "text"]}),
        (gettext_lazy("Answer"), {"fields": ["state", "response", "made_at"]}),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]
    steps = (
        Step(
            "answer",
            gettext_lazy("Answer"),
            gettext_lazy("Say what becomes of it. If it changes the text, take the minutes back afterwards."),
            minutes.answer,
            offered=lambda row: row.state == Observation.State.OPEN,
            form=AnswerForm,
        ),
    )

    def may_change(self, row: Observation) -> bool:
        """What somebody objected to stays as it was written."""
        return False

    def keep(self, row: Observation, *, by: User, change: bool) -> None:
        minutes.observe(row, by=by)
