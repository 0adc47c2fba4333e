"""Policy outcomes: what was told of, read, substantiated by somebody independent, and published."""

from django import forms
from django.contrib import admin
from django.db.models import ManyToManyField, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin

from network.models import Organisation, User
from portal.core.inlines import NamedCells
from portal.core.steps import ReasonForm, Step
from steering.admin.bodies import ACTION_PLAN, SteeringAdmin
from steering.models import Activity, Evidence, PolicyOutcome
from steering.outcome_forms import AskForm, ReviewForm, VerifyForm
from steering.plan import outcomes, wording

State = PolicyOutcome.State


def _verify(outcome: PolicyOutcome, *, evidence: Evidence, by: User, **said: object) -> None:
    outcomes.verify(evidence, by=by, **said)


def _ask(outcome: PolicyOutcome, *, evidence: Evidence, organisation: Organisation, by: User) -> None:
    outcomes.ask_to_verify(evidence, organisation=organisation, by=by)


def _waits_for_a_verifier(outcome: PolicyOutcome) -> bool:
    return outcome.is_open and outcome.evidence.open().exists()


class EvidenceInline(NamedCells, admin.TabularInline):
    """What shows the change, open as long as nobody has substantiated it. Verified it is by a step."""

    model = Evidence
    fields = ["document", "url", "excerpt", "verified"]
    readonly_fields = ["verified"]
    autocomplete_fields = ["document"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        return super().get_queryset(request).select_related("document", "verifier", "asked")

    @admin.display(description=gettext_lazy("verified"))
    def verified(self, evidence: Evidence) -> str:
        if evidence.verifier_id:
            return f"{evidence.verifier_name} ({evidence.verifier.short_name}), {evidence.verified_on}"
        if evidence.asked_id:
            return _("%(name)s was asked") % {"name": evidence.asked.short_name}
        return _("not yet")

    def has_add_permission(self, request: HttpRequest, obj: PolicyOutcome | None = None) -> bool:
        return (obj is None or obj.is_open) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: PolicyOutcome | None = None) -> bool:
        """What somebody has looked at stays as they saw it: another thing that shows it is another row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PolicyOutcome | None = None) -> bool:
        return (obj is None or obj.is_open) and super().has_delete_permission(request, obj)


@admin.register(PolicyOutcome)
class PolicyOutcomeAdmin(SteeringAdmin, TranslationAdmin):
    task = ACTION_PLAN
    list_display = ["named", "country", "kind", "happened_on", "reported_by", "state"]
    list_filter = ["state", "kind", ("country", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["country", "reported_by"]
    search_fields = ["instrument_es", "instrument_en", "change_es", "change_en", "actor_es", "actor_en"]
    search_help_text = gettext_lazy("Words of the change, of its name or of who changed.")
    date_hierarchy = "happened_on"
    autocomplete_fields = ["country", "reported_by", "decisions", "documents"]
    filter_horizontal = ["activities"]
    readonly_fields = ["state", "reporter", "reported_at", "on_the_site", "history"]
    inlines = [EvidenceInline]
    fieldsets = [
        (None, {"fields": ["state", "on_the_site", "reported_by", "reporter", "reported_at"]}),
        (
            gettext_lazy("Who changed what, where and when"),
            {"fields": ["actor", "change", ("kind", "level"), "country", "happened_on"]},
        ),
        (
            gettext_lazy("Law, policy or protocol"),
            {
                "fields": ["instrument", "in_force_since", "covers", "documents"],
                "description": gettext_lazy("For the legal and policy frameworks of the country."),
            },
        ),
        (gettext_lazy("Our part in it"), {"fields": ["contribution", "significance", "activities", "decisions"]}),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]
    steps = (
        Step(
            "review",
            gettext_lazy("It has been read"),
            gettext_lazy("It can go to a verifier. Whoever reported it can't change it on the site any more."),
            outcomes.review,
            offered=lambda row: row.state == State.REPORTED,
            form=ReviewForm,
        ),
        Step(
            "ask",
            gettext_lazy("Ask an organisation to verify it"),
            gettext_lazy("Its people see the outcome on their desk, and say with a button whether this shows it."),
            _ask,
            offered=_waits_for_a_verifier,
            form=AskForm,
        ),
        Step(
            "verify",
            gettext_lazy("Somebody has verified it"),
            gettext_lazy(
                "For somebody of another organisation who told you so, by letter or in a meeting. Their name stands "
                "with it; the public sees the organisation alone."
            ),
            _verify,
            offered=_waits_for_a_verifier,
            form=VerifyForm,
        ),
        Step(
            "substantiate",
            gettext_lazy("It is substantiated"),
            gettext_lazy(
                "Somebody independent of the organisation that reported it stands behind it. From then on neither its "
                "words nor its evidence can be changed."
            ),
            outcomes.substantiate,
            offered=lambda row: row.state == State.REVIEWED,
        ),
        Step(
            "publish",
            gettext_lazy("Publish"),
            gettext_lazy("Everybody reads it in the register, and on the page of its country."),
            outcomes.publish,
            offered=lambda row: row.state == State.SUBSTANTIATED,
        ),
        Step(
            "not_confirmed",
            gettext_lazy("It could not be confirmed"),
            gettext_lazy("It is not published. The organisation that reported it reads the reason on its desk."),
            outcomes.not_confirmed,
            offered=lambda row: row.state in (State.REPORTED, State.REVIEWED, State.SUBSTANTIATED),
            form=ReasonForm,
        ),
        Step(
            "reopen",
            gettext_lazy("Back to review"),
            gettext_lazy("It can be corrected again and has to be substantiated anew. What was public is so no more."),
            outcomes.reopen,
            offered=lambda row: row.state in (State.SUBSTANTIATED, State.PUBLISHED, State.NOT_CONFIRMED),
            form=ReasonForm,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyOutcome]:
        return super().get_queryset(request).select_related("country", "reported_by", "reporter")

    def get_readonly_fields(self, request: HttpRequest, obj: PolicyOutcome | None = None) -> list[str]:
        """Whoever reported it did: that is not changed afterwards."""
        return [*super().get_readonly_fields(request, obj), *(["reported_by"] if obj else [])]

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: object
    ) -> forms.ModelMultipleChoiceField | None:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "activities" and field is not None:
            lines = wording.latest(Activity.objects.values("pk"), request.user)
            texts = {
                row.activity_id: f"{row.activity.plan.period} {row.activity.code} {row.shown_text.text[:60]}"
                for row in lines
            }
            field.label_from_instance = lambda row: texts.get(row.pk, row.code)
        return field

    def may_change(self, row: PolicyOutcome) -> bool:
        return row.is_open

    @admin.display(description=gettext_lazy("what changed"))
    def named(self, outcome: PolicyOutcome) -> str:
        return outcome.shown_name.text[:100]

    @admin.display(description=gettext_lazy("on the site"))
    def on_the_site(self, outcome: PolicyOutcome) -> SafeString | str:
        return format_html('<a href="{0}">{0}</a>', outcome.get_absolute_url()) if outcome.pk else ""

    def keep(self, row: PolicyOutcome, *, by: User, change: bool) -> None:
        (outcomes.correct if change else outcomes.report)(row, by=by)

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: forms.BaseModelFormSet, change: bool
    ) -> None:
        """Evidence comes in and goes out by its own actions."""
        added = formset.save(commit=False)
        for row in formset.deleted_objects:
            outcomes.take_evidence(row, by=request.user)
        outcomes.add_all(added, by=request.user)
