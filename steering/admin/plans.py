"""Plans and their versions: made, brought before the committee, adopted, amended."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin

from network.models import User
from portal.core.steps import ReasonForm, Step, admin_address
from steering.admin import plan_markers
from steering.admin.bodies import ACTION_PLAN, SteeringAdmin
from steering.models import ActivityTerms, Body, Plan, PlanVersion
from steering.plan import adoption, drafting, marking
from steering.plan.forms import AdoptForm, BringForm

State = PlanVersion.State


@admin.register(Plan)
class PlanAdmin(SteeringAdmin, TranslationAdmin):
    task = ACTION_PLAN
    list_display = ["title_es", "period", "body", "state"]
    list_filter = ["state", "body"]
    list_select_related = ["body"]
    search_fields = ["title_es", "title_en"]
    search_help_text = gettext_lazy("Title, in either language.")
    readonly_fields = ["state", "shown_versions", "pages", "history"]
    fieldsets = [
        (
            None,
            {
                "fields": ["state", "body", "first_year", "title", "introduction"],
                "description": gettext_lazy(
                    "A new plan opens with the three strategic objectives; on the next page you add what is expected, "
                    "activities and indicators."
                ),
            },
        ),
        (gettext_lazy("Versions"), {"fields": ["shown_versions"]}),
        (gettext_lazy("Where it goes on"), {"fields": ["pages"]}),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]
    steps = (
        Step(
            "amend",
            gettext_lazy("Amend the plan"),
            gettext_lazy(
                "The next version begins as a whole copy of the one in force, for you to change. The one in force "
                "applies until the committee adopts the next."
            ),
            adoption.amend,
            offered=lambda plan: plan.state == Plan.State.IN_FORCE and not plan.versions.in_the_making().exists(),
            form=ReasonForm,
            leads_on=True,
        ),
        Step(
            "discard_plan",
            gettext_lazy("Delete this plan"),
            gettext_lazy("It was never adopted. Everything written in it is deleted. This can't be undone."),
            adoption.discard_plan,
            offered=lambda plan: plan.state == Plan.State.DRAFT,
            form=ReasonForm,
            leads_on=True,
        ),
    )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, object]:
        body = Body.objects.active().filter(kind=Body.Kind.COMMITTEE).first()
        return {"body": body.pk if body else None} | super().get_changeform_initial_data(request)

    def get_fieldsets(self, request: HttpRequest, obj: Plan | None = None) -> list:
        """A plan that is to be made has neither versions nor a history, but is told what comes next."""
        (name, first), *rest = super().get_fieldsets(request, obj)
        return [(name, {**first, "description": ""}), *rest] if obj else [(name, first)]

    def may_change(self, row: Plan) -> bool:
        return row.state == Plan.State.DRAFT

    @admin.display(description=gettext_lazy("years"), ordering="first_year")
    def period(self, plan: Plan) -> str:
        return plan.period

    @admin.display(description=gettext_lazy("versions"))
    def shown_versions(self, plan: Plan) -> SafeString:
        rows = plan.versions.select_related("decision")
        lines = (
            (admin_address(row), _("Version %(n)d") % {"n": row.number}, row.get_state_display(), row.decision or "")
            for row in rows
        )
        return format_html_join("", '<p><a href="{}">{}</a> · {} {}</p>', lines)

    @admin.display(description=gettext_lazy("pages of this plan"))
    def pages(self, plan: Plan) -> SafeString:
        """Everything else the secretariat does with it."""
        quarters = reverse("admin:steering_period_changelist")
        links = [
            (f"{quarters}?plan__id__exact={plan.pk}", _("Quarters and their reports")),
            (reverse("admin:steering_contribution_gap", args=[plan.pk]), _("Contributions, and what still lacks")),
        ]
        if plan.state == Plan.State.IN_FORCE:
            links.append((reverse("admin:steering_closing_walk", args=[plan.pk]), _("Close it out")))
        if plan.state in (Plan.State.IN_FORCE, Plan.State.CLOSED):
            links.append((plan.get_absolute_url(), _("Its page on the site")))
        return format_html_join("", '<p><a href="{}">{}</a></p>', links)

    def keep(self, row: Plan, *, by: User, change: bool) -> None:
        (drafting.correct if change else drafting.make)(row, by=by)

    def response_post_save_add(self, request: HttpRequest, obj: Plan) -> HttpResponse:
        """On to the page where it is filled."""
        return redirect(admin_address(obj.versions.get()))


@admin.register(PlanVersion)
class PlanVersionAdmin(SteeringAdmin):
    """One version with everything it says, and the way it takes into force."""

    class Media:
        css = {"all": ["css/plan_admin.css"]}

    task = ACTION_PLAN
    list_display = ["__str__", "state", "activities", "decision", "in_force_since"]
    list_filter = ["state", "plan__body", "plan"]
    list_select_related = ["plan", "decision"]
    search_fields = ["plan__title_es", "plan__title_en", "terms__text_es", "terms__activity__code"]
    search_help_text = gettext_lazy("Title of the plan, or words or code of an activity.")
    readonly_fields = [
        *("state", "of_plan", "item", "decision", "in_force_since"),
        *("lacks", "shown_profile", "content", "history"),
    ]
    fieldsets = [
        (None, {"fields": ["state", "of_plan", "reason", "lacks"]}),
        (gettext_lazy("Decision"), {"fields": ["item", "decision", "in_force_since"]}),
        (gettext_lazy("Gender and human rights"), {"fields": ["shown_profile"]}),
        (gettext_lazy("What this version says"), {"fields": ["content"], "classes": ["plan-content"]}),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]
    steps = (
        Step(
            "bring_before_committee",
            gettext_lazy("Bring it before the committee"),
            gettext_lazy(
                "It hangs on the agenda item you choose, and nothing in it changes until the committee has decided "
                "or you take it back."
            ),
            adoption.bring_before_committee,
            offered=lambda row: row.state == State.DRAFT,
            form=BringForm,
        ),
        Step(
            "take_back",
            gettext_lazy("Take it back"),
            gettext_lazy("It comes off the agenda item and can be changed again."),
            adoption.take_back,
            offered=lambda row: row.state == State.BEFORE_COMMITTEE,
        ),
        Step(
            "adopt",
            gettext_lazy("The committee has adopted it"),
            gettext_lazy(
                "By the decision you choose this version is in force from today. What it says is never changed "
                "again: a change is the next version, with a decision of its own. This can't be undone."
            ),
            adoption.adopt,
            offered=lambda row: row.is_in_the_making,
            form=AdoptForm,
        ),
        Step(
            "discard",
            gettext_lazy("Delete this amendment"),
            gettext_lazy("The version in force stays as it is. What was written here is lost. This can't be undone."),
            adoption.discard,
            offered=lambda row: row.state == State.DRAFT and row.number > 1,
            form=ReasonForm,
            leads_on=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlanVersion]:
        found = super().get_queryset(request).select_related("plan__body", "decision")
        return found.annotate(in_it=Count("terms", distinct=True))

    def get_urls(self) -> list[URLPattern]:
        return [*plan_markers.urls(self.admin_site), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The first comes with its plan, the others by amending it."""
        return False

    def may_change(self, row: PlanVersion) -> bool:
        """The only field of its own is why the plan is amended; what it says is written line by line."""
        return row.state == State.DRAFT and row.number > 1

    def get_fieldsets(self, request: HttpRequest, obj: PlanVersion | None = None) -> list:
        """The first version has no reason to give; one that was adopted lacks nothing."""
        left_out = set() if obj is None or obj.number > 1 else {"reason"}
        left_out |= set() if obj is None or obj.is_in_the_making else {"lacks"}
        (name, first), *rest = super().get_fieldsets(request, obj)
        return [(name, {**first, "fields": [one for one in first["fields"] if one not in left_out]}), *rest]

    def get_form(
        self, request: HttpRequest, obj: PlanVersion | None = None, change: bool = False, **options: object
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **options)
        if "reason" in form.base_fields:
            form.base_fields["reason"].required = True
        return form

    def warning(self, step: Step, row: PlanVersion, user: User) -> str:
        """What the action would refuse for, and what adopting an amendment takes out."""
        if step.name == "bring_before_committee":
            return " ".join(adoption.lacking(row))
        if step.name != "adopt":
            return ""
        codes = ", ".join(activity.code for activity in adoption.left_out(row))
        gone = _("Left out of this version, and cancelled with it: %(codes)s.") % {"codes": codes} if codes else ""
        return " ".join([*adoption.lacking(row), *([gone] if gone else [])])

    @admin.display(description=gettext_lazy("activities"), ordering="in_it")
    def activities(self, version: PlanVersion) -> int:
        return version.in_it

    @admin.display(description=gettext_lazy("plan"))
    def of_plan(self, version: PlanVersion) -> SafeString:
        words = _("%(plan)s, version %(number)d") % {"plan": version.plan, "number": version.number}
        return format_html('<a href="{}">{}</a>', admin_address(version.plan), words)

    @admin.display(description=gettext_lazy("what it still lacks"))
    def lacks(self, version: PlanVersion) -> SafeString | str:
        sentences = adoption.lacking(version)
        if not sentences:
            return _("Nothing: it can be brought before the committee.")
        lines = format_html_join("", "<li>{}</li>", ((sentence,) for sentence in sentences))
        return format_html('<ul class="history">{}</ul>', lines)

    @admin.display(description=gettext_lazy("profile"))
    def shown_profile(self, version: PlanVersion) -> SafeString:
        context = {"profiles": marking.profile(version), "version": version}
        return render_to_string("admin/steering/plan_profile.html", context)

    @admin.display(description=gettext_lazy("content"))
    def content(self, version: PlanVersion) -> SafeString:
        """Objectives, results, activities and indicators, each with the way to its page; in eight queries."""
        terms = ActivityTerms.objects.select_related("activity", "lead").prefetch_related("markers")
        rows = version.objectives.prefetch_related(
            "results__objective",
            Prefetch("results__terms", terms.order_by("position", "pk")),
            "results__indicator_terms__indicator",
            "results__indicator_terms__responsible",
        )
        for objective in rows:
            for result in objective.results.all():
                for line in result.terms.all():
                    line.span = _span(version.plan, line)
                    line.to_screen = len([one for one in line.markers.all() if one.code is not None]) < 2
        context = {"version": version, "objectives": rows, "draft": version.state == State.DRAFT}
        return render_to_string("admin/steering/plan_content.html", context)

    def keep(self, row: PlanVersion, *, by: User, change: bool) -> None:
        drafting.correct_reason(row, by=by)


def _span(plan: Plan, line: ActivityTerms) -> str:
    first, last = plan.quarter_name(line.first_quarter), plan.quarter_name(line.last_quarter)
    return first if first == last else f"{first} – {last}"
