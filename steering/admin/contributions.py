"""Contributions to a plan, step by step, and what each activity still lacks."""

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin

from network.models import User
from portal.core.inlines import NamedCells
from portal.core.steps import ReasonForm, Step
from portal.core.versions import VersionedAdmin
from steering.admin.bodies import ACTION_PLAN, SteeringAdmin
from steering.giving_forms import ContributionForm, MovementForm, MovementFormSet, currency_choices
from steering.models import Contribution, Movement, Plan
from steering.plan import giving, money


class MovementInline(NamedCells, admin.TabularInline):
    """What was pledged, committed, received and spent; corrected here, deleted by nobody."""

    model = Movement
    form = MovementForm
    formset = MovementFormSet
    fields = ["stage", "amount", "days", "on", "note"]
    extra = 1

    def has_add_permission(self, request: HttpRequest, obj: Contribution | None = None) -> bool:
        return (obj is None or obj.is_open) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Contribution | None = None) -> bool:
        return (obj is None or obj.is_open) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Contribution | None = None) -> bool:
        return False


@admin.register(Contribution)
class ContributionAdmin(VersionedAdmin, SteeringAdmin, TranslationAdmin):
    task = ACTION_PLAN
    form = ContributionForm
    list_display = ["organisation", "shown_for", "kind", "how_much", "standing", "audience", "amount_audience"]
    list_filter = [
        "plan",
        "kind",
        ("organisation", admin.RelatedOnlyFieldListFilter),
        ("offered_at", admin.EmptyFieldListFilter),
        ("withdrawn_on", admin.EmptyFieldListFilter),
        "audience",
        "currency",
    ]
    search_fields = ["organisation__name_es", "organisation__acronym", "activity__code", "what_es", "agreement"]
    search_help_text = gettext_lazy("Organisation, code of the activity, what is given or the agreement.")
    autocomplete_fields = ["organisation"]
    readonly_fields = ["standing", "odd", "history"]
    inlines = [MovementInline]
    fieldsets = [
        (None, {"fields": ["standing", "odd", "organisation", "plan", "activity"]}),
        (gettext_lazy("What"), {"fields": ["kind", "what", "currency", "agreement", "restrictions"]}),
        (
            gettext_lazy("Who may know"),
            {
                "fields": ["audience", "amount_audience"],
                "description": gettext_lazy(
                    "As the giver wishes. Restrictions, the agreement and notes are shown to those who may know how "
                    "much; pages, files and totals for others leave the amount out and say so."
                ),
            },
        ),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]
    steps = (
        Step(
            "confirm",
            gettext_lazy("Confirm the offer"),
            gettext_lazy("The organisation is to be thanked. From now on the offer counts as a pledge."),
            giving.confirm,
            offered=lambda row: row.offered_at is not None and row.is_open,
        ),
        Step(
            "withdraw",
            gettext_lazy("Withdraw or decline"),
            gettext_lazy("It counts no more, and stays on record with the reason. This can't be undone."),
            giving.withdraw,
            offered=lambda row: row.is_open,
            form=ReasonForm,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contribution]:
        rows = super().get_queryset(request).select_related("organisation", "plan", "activity")
        return rows.prefetch_related("movements")

    def get_readonly_fields(self, request: HttpRequest, obj: Contribution | None = None) -> list[str]:
        """A contribution stays with its plan."""
        return [*super().get_readonly_fields(request, obj), *(["plan"] if obj else [])]

    def may_change(self, row: Contribution) -> bool:
        return row.is_open

    def keep(self, row: Contribution, *, by: User, change: bool) -> None:
        giving.keep(row, by=by)

    def save_formset(self, request: HttpRequest, form: forms.Form, formset: forms.BaseFormSet, change: bool) -> None:
        formset.save(commit=False)
        for row in formset.new_objects:
            giving.note_step(row, by=request.user)
        for row, _fields in formset.changed_objects:
            giving.correct_step(row, by=request.user)
        if formset.new_objects or formset.changed_objects:
            for sentence in giving.oddities(Contribution.objects.get(pk=form.instance.pk)):
                self.message_user(request, sentence, messages.WARNING)

    # --- What is shown -----------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("for"), ordering="activity__code")
    def shown_for(self, row: Contribution) -> str:
        return row.activity.code if row.activity else _("The plan as a whole")

    @admin.display(description=gettext_lazy("how much"))
    def how_much(self, row: Contribution) -> SafeString | str:
        """By stage, each sum in the contribution's own currency."""
        ledger = money.Ledger()
        for movement in row.movements.all():
            ledger.add(movement, row.currency)
        lines = [
            (Movement.Stage(stage).label, " · ".join(totals.shown)) for stage, totals in ledger.money.items() if totals
        ]
        lines += [
            (Movement.Stage(stage).label, _("%(n)s days") % {"n": days}) for stage, days in ledger.days.items() if days
        ]
        return format_html_join("", "<div>{}: {}</div>", lines)

    @admin.display(description=gettext_lazy("state"))
    def standing(self, row: Contribution) -> str:
        if row.withdrawn_on:
            return _("Withdrawn")
        return _("Offered, not confirmed yet") if row.offered_at else _("Counts")

    @admin.display(description=gettext_lazy("please look at"))
    def odd(self, row: Contribution) -> str:
        return " ".join(giving.oddities(row) if row.pk else []) or _("Nothing stands out.")

    # --- What each activity still lacks ------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        gap = path("gap/<int:pk>/", self.admin_site.admin_view(self.gap), name="steering_contribution_gap")
        return [gap, *super().get_urls()]

    def gap(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        plan = get_object_or_404(Plan, pk=pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What the activities lack: %(plan)s") % {"plan": plan},
            "opts": self.opts,
            "plan": plan,
            "giving": money.giving(plan, request.user),
            "stages": Movement.Stage.labels,
        }
        return TemplateResponse(request, "admin/steering/contribution/gap.html", context)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        plans = {"plans": Plan.objects.order_by("-first_year")[:3]}
        return super().changelist_view(request, {**(extra_context or {}), **plans})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        offered = {"currencies": currency_choices()}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **offered})
