"""What a version of a plan says, line by line: objectives, expected results, activities and indicators."""

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin

from network.models import User
from portal.core.inlines import NamedCells
from portal.core.steps import ReasonForm, Step, admin_address
from resources import markers
from steering.admin.bodies import ACTION_PLAN, SteeringAdmin
from steering.models import (
    ActivityTerms,
    ExpectedResult,
    IndicatorTarget,
    IndicatorTerms,
    Objective,
    PlanVersion,
)
from steering.plan import drafting, marking
from steering.plan.forms import ActivityForm, IndicatorForm, ObjectiveForm, ResultForm, TargetForm

HISTORY = (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]})


def version_of(row: Model) -> PlanVersion:
    return row.objective.version if isinstance(row, ExpectedResult) else row.version


def is_draft(row: Model) -> bool:
    return version_of(row).state == PlanVersion.State.DRAFT


class LineAdmin(SteeringAdmin, TranslationAdmin):
    """A line of a version: open while the version is in preparation; from it one goes back to the version's page."""

    task = ACTION_PLAN

    def may_change(self, row: Model) -> bool:
        return is_draft(row)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> list:
        """What is to be made has no history, and no page of its version to lead to."""
        found = super().get_fieldsets(request, obj)
        if obj is not None:
            return found
        kept = [(name, options) for name, options in found if "history" not in options["fields"]]
        (name, first), *rest = kept
        shown = ("of_version", "shown_code")
        return [(name, {**first, "fields": [one for one in first["fields"] if one not in shown]}), *rest]

    @admin.display(description=gettext_lazy("version"))
    def of_version(self, row: Model) -> SafeString:
        version = version_of(row)
        return format_html('<a href="{}">{}</a>', admin_address(version), version)

    def response_post_save_add(self, request: HttpRequest, obj: Model) -> HttpResponse:
        return redirect(admin_address(version_of(obj)))

    response_post_save_change = response_post_save_add


class Unlisted(LineAdmin):
    """Reached from the page of their version: not on the first page of the admin."""

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        return {}


def _removal(act: object, says: str) -> Step:
    return Step(
        "remove", gettext_lazy("Take it out of the plan"), says, act, offered=is_draft, form=ReasonForm, leads_on=True
    )


@admin.register(Objective)
class ObjectiveAdmin(Unlisted):
    form = ObjectiveForm
    list_display = ["__str__", "version"]
    list_filter = ["version__plan", "version__state"]
    list_select_related = ["version__plan"]
    search_fields = ["short_es", "short_en", "text_es", "text_en"]
    readonly_fields = ["of_version", "history"]
    fieldsets = [(None, {"fields": ["of_version", "version", "short", "text"]}), HISTORY]
    steps = (
        _removal(
            drafting.remove_objective,
            gettext_lazy("The objective is no longer part of this version. Nothing may stand under it."),
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Objective | None = None) -> list:
        (name, first), *rest = super().get_fieldsets(request, obj)
        left_out = "version" if obj else "of_version"
        return [(name, {**first, "fields": [one for one in first["fields"] if one != left_out]}), *rest]

    def keep(self, row: Objective, *, by: User, change: bool) -> None:
        drafting.keep_objective(row, by=by)


@admin.register(ExpectedResult)
class ExpectedResultAdmin(Unlisted):
    form = ResultForm
    list_display = ["__str__", "kind", "of_version"]
    list_filter = ["kind", "objective__version__plan"]
    list_select_related = ["objective__version__plan"]
    search_fields = ["text_es", "text_en"]
    readonly_fields = ["of_version", "history"]
    fieldsets = [(None, {"fields": ["of_version", "objective", "text", "kind"]}), HISTORY]
    steps = (
        _removal(
            drafting.remove_result,
            gettext_lazy("The result is no longer part of this version. Nothing may stand under it."),
        ),
    )

    def keep(self, row: ExpectedResult, *, by: User, change: bool) -> None:
        drafting.keep_result(row, by=by)


@admin.register(ActivityTerms)
class ActivityTermsAdmin(LineAdmin):
    form = ActivityForm
    list_display = ["shown_code", "text_es", "lead", "quarters", "audience", "of_version"]
    list_display_links = ["shown_code", "text_es"]
    list_filter = ["version__plan", "version__state", ("lead", admin.RelatedOnlyFieldListFilter), "audience"]
    list_select_related = ["activity", "lead", "version__plan"]
    search_fields = ["activity__code", "text_es", "text_en", "lead__name_es", "lead__acronym"]
    search_help_text = gettext_lazy("Code or words of the activity, or who leads it.")
    autocomplete_fields = ["lead", "partners", "countries", "origin"]
    readonly_fields = ["of_version", "shown_code", "shown_markers", "history"]
    fieldsets = [
        (None, {"fields": ["of_version", "shown_code", "result", "text", "deliverable"]}),
        (gettext_lazy("Who and where"), {"fields": ["lead", "partners", "countries"]}),
        (
            gettext_lazy("When and with what money"),
            {"fields": [("first_quarter", "last_quarter"), ("budget", "currency")]},
        ),
        (gettext_lazy("Origin and readers"), {"fields": ["origin", "audience"]}),
        (gettext_lazy("Gender and human rights"), {"fields": ["shown_markers"]}),
        HISTORY,
    ]
    steps = (
        _removal(
            drafting.remove_activity,
            gettext_lazy(
                "It is no longer part of this version, and its code is not given to another. If it is in the version "
                "in force, it is cancelled once this one is adopted."
            ),
        ),
        Step(
            "review_markers",
            gettext_lazy("The markers are right"),
            gettext_lazy("You have looked at what somebody else coded for gender and human rights, and agree."),
            marking.review_all,
            offered=lambda row: row.markers.screened().filter(reviewed_by=None).exists(),
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: ActivityTerms | None = None) -> list:
        found = super().get_fieldsets(request, obj)
        return found if obj else [one for one in found if "shown_markers" not in one[1]["fields"]]

    @admin.display(description=gettext_lazy("code"), ordering="activity__code")
    def shown_code(self, row: ActivityTerms) -> str:
        return row.activity.code

    @admin.display(description=gettext_lazy("quarters"))
    def quarters(self, row: ActivityTerms) -> str:
        plan = row.version.plan
        return f"{plan.quarter_name(row.first_quarter)} – {plan.quarter_name(row.last_quarter)}"

    @admin.display(description=gettext_lazy("markers"))
    def shown_markers(self, row: ActivityTerms) -> SafeString | str:
        """Code, meaning, justification, and who coded and reviewed it."""
        lines = [
            (one.get_kind_display(), one.level or one.code, one.justification, _who(one))
            for one in markers.screened_of(row)
        ]
        return format_html_join("", "<p>{}: <strong>{}</strong> {} <em>{}</em></p>", lines) or _("Not screened")

    def keep(self, row: ActivityTerms, *, by: User, change: bool) -> None:
        drafting.keep_activity(row, by=by)


def _who(marker: object) -> str:
    """Who coded it, and who looked at it after them."""
    names = {"coder": marker.coded_by or "–", "reviewer": marker.reviewed_by}
    if marker.reviewed_by:
        return _("coded by %(coder)s, reviewed by %(reviewer)s") % names
    return _("coded by %(coder)s") % names


class TargetInline(NamedCells, admin.TabularInline):
    """What is to be reached quarter by quarter."""

    model = IndicatorTarget
    form = TargetForm
    fields = ["quarter", "value"]
    extra = 0
    max_num = 8
    verbose_name_plural = gettext_lazy("targets by quarter (optional)")

    def get_formset(
        self, request: HttpRequest, obj: IndicatorTerms | None = None, **kwargs: object
    ) -> type[forms.BaseInlineFormSet]:
        formset = super().get_formset(request, obj, **kwargs)
        plan = obj.version.plan if obj else None

        class OfPlan(formset):
            def get_form_kwargs(self, index: int | None) -> dict[str, object]:
                return super().get_form_kwargs(index) | {"plan": plan}

        return OfPlan

    def has_add_permission(self, request: HttpRequest, obj: IndicatorTerms | None = None) -> bool:
        return obj is not None and is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: IndicatorTerms | None = None) -> bool:
        return (obj is None or is_draft(obj)) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: IndicatorTerms | None = None) -> bool:
        return obj is not None and is_draft(obj) and super().has_delete_permission(request, obj)


@admin.register(IndicatorTerms)
class IndicatorTermsAdmin(LineAdmin):
    form = IndicatorForm
    list_display = ["shown_code", "text_es", "measure", "baseline", "target", "responsible", "of_version"]
    list_display_links = ["shown_code", "text_es"]
    list_filter = ["version__plan", "version__state", "measure"]
    list_select_related = ["indicator", "responsible", "version__plan"]
    search_fields = ["indicator__code", "text_es", "text_en", "responsible__name_es", "responsible__acronym"]
    search_help_text = gettext_lazy("Code or words of the indicator, or who reports on it.")
    autocomplete_fields = ["responsible"]
    readonly_fields = ["of_version", "shown_code", "history"]
    inlines = [TargetInline]
    fieldsets = [
        (None, {"fields": ["of_version", "shown_code", "result", "text", "responsible"]}),
        (
            gettext_lazy("How it is measured"),
            {
                "fields": ["measure", "unit", ("ascending", "cumulative"), "means", "disaggregation"],
                "description": gettext_lazy("An indicator in words needs no numbers: say the target in words below."),
            },
        ),
        (gettext_lazy("From where"), {"fields": [("baseline", "baseline_year"), "baseline_source"]}),
        (gettext_lazy("To where"), {"fields": ["target", "target_words"]}),
        HISTORY,
    ]
    steps = (
        _removal(
            drafting.remove_indicator,
            gettext_lazy("It is no longer part of this version, and its code is not given to another."),
        ),
    )

    def get_inlines(self, request: HttpRequest, obj: IndicatorTerms | None = None) -> list:
        """Quarters have names once it is known of which plan."""
        return super().get_inlines(request, obj) if obj else []

    @admin.display(description=gettext_lazy("code"), ordering="indicator__code")
    def shown_code(self, row: IndicatorTerms) -> str:
        return row.indicator.code

    def keep(self, row: IndicatorTerms, *, by: User, change: bool) -> None:
        drafting.keep_indicator(row, by=by)

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: forms.BaseModelFormSet, change: bool
    ) -> None:
        for target in formset.save(commit=False):
            drafting.keep_target(target, by=request.user)
        for target in formset.deleted_objects:
            drafting.remove_target(target, by=request.user)
