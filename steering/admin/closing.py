"""The close-out assistant: every unfinished activity of a plan, a look at what will happen, and the end."""

from collections.abc import Callable
from functools import wraps

from django.contrib import admin, messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.refused import Refused
from steering.admin.bodies import ACTION_PLAN, SteeringAdmin
from steering.closing_forms import CloseForm, SettleForm
from steering.models import Plan, Settlement
from steering.plan import closing

AT_ONCE = 20
"""Activities on one page of the assistant."""

View = Callable[..., HttpResponse]


def _for_an_open_plan(view: View) -> View:
    """The plan, for whoever may close it; one that is closed already shows its report."""

    @wraps(view)
    def inner(self: "SettlementAdmin", request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm("steering.change_settlement"):
            raise Http404
        states = [Plan.State.IN_FORCE, Plan.State.CLOSED]
        plan = get_object_or_404(Plan.objects.select_related("body"), pk=pk, state__in=states)
        if plan.state == Plan.State.CLOSED:
            self.message_user(request, _("This plan is closed already."), messages.INFO)
            return redirect("steering:closing", first_year=plan.first_year)
        return view(self, request, plan)

    return inner


@admin.register(Settlement)
class SettlementAdmin(SteeringAdmin):
    """What was chosen, to look up; chosen in the assistant."""

    task = ACTION_PLAN
    list_display = ["activity", "plan", "what", "words", "by", "at"]
    list_filter = ["activity__plan", "what"]
    list_select_related = ["activity__plan", "by"]
    search_fields = ["activity__code", "words"]
    search_help_text = gettext_lazy("Code of the activity or words of the reason.")
    fields = ["activity", "what", "words", "lead", "by", "at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def may_change(self, row: Settlement) -> bool:
        return False

    @admin.display(description=gettext_lazy("plan"))
    def plan(self, row: Settlement) -> str:
        return row.activity.plan.period

    def get_urls(self) -> list[URLPattern]:
        doors = {"walk": self.walk, "preview": self.preview}
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"steering_closing_{name}")
            for name, view in doors.items()
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        plans = Plan.objects.in_force() if request.user.has_perm("steering.change_settlement") else []
        return super().changelist_view(request, {**(extra_context or {}), "plans": plans})

    @_for_an_open_plan
    def walk(self, request: HttpRequest, plan: Plan) -> HttpResponse:
        """Every unfinished activity; what is chosen is kept, and the walk taken up again where it was left."""
        lines = closing.lines(plan)
        page = _page(lines, request.GET.get("page", ""))
        data = request.POST if request.method == "POST" else None
        forms = [SettleForm(data, line=line) for line in page]
        kept = [form.settle(by=request.user) for form in forms] if data is not None else [False]
        if all(kept):  # a fault in one line does not keep the others from being taken
            self.message_user(request, _("Kept. Nothing happens before the plan is closed."), messages.SUCCESS)
            return redirect(self._onward(plan, page, data))
        context = {
            **self._context(request, plan),
            "title": _("Close-out of the plan %(period)s") % {"period": plan.period},
            "page": page,
            "rows": list(zip(page, forms, strict=True)),
            "settled": closing.unfinished(plan).filter(settlement__isnull=False).count(),
            "number": len(lines),
            "waiting": closing.waiting_reports(plan),
            "has_errors": any(form.errors for form in forms),
        }
        status = 422 if context["has_errors"] else 200
        return TemplateResponse(request, "admin/steering/closing.html", context, status=status)

    def _onward(self, plan: Plan, page: Page, data: dict[str, str]) -> str:
        if "preview" in data:
            return reverse("admin:steering_closing_preview", args=[plan.pk])
        number = page.next_page_number() if "next" in data and page.has_next() else page.number
        return f"{reverse('admin:steering_closing_walk', args=[plan.pk])}?page={number}"

    @_for_an_open_plan
    def preview(self, request: HttpRequest, plan: Plan) -> HttpResponse:
        """What closing will do, and the button that does it."""
        form = CloseForm(request.POST if request.method == "POST" else None, plan=plan)
        if request.method == "POST" and form.is_valid():
            try:
                closing.close(plan, by=request.user, **form.cleaned_data)
            except Refused as refused:
                form.add_error(None, refused)
            else:
                self.message_user(request, _("The plan is closed. This is its report."), messages.SUCCESS)
                return redirect("steering:closing", first_year=plan.first_year)
        lines = closing.lines(plan)
        chosen = {
            choice.value: [one for one in lines if one.settlement and one.settlement.what == choice]
            for choice in Settlement.What
        }
        context = {
            **self._context(request, plan),
            "title": _("What closing the plan %(period)s will do") % {"period": plan.period},
            "form": form,
            "chosen": [(choice, choice.label, chosen[choice.value]) for choice in Settlement.What],
            "left": [one for one in lines if not one.settlement],
            "waiting": closing.waiting_reports(plan),
            "next": closing.next_plan(plan),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/steering/closing_preview.html", context, status=status)

    def _context(self, request: HttpRequest, plan: Plan) -> dict[str, object]:
        return {**self.admin_site.each_context(request), "opts": self.opts, "plan": plan}


def _page(lines: list[closing.Line], asked: str) -> Page:
    """Without a number the first page on which something is left to choose."""
    pages = Paginator(lines, AT_ONCE)
    if asked:
        return pages.get_page(asked)
    first = next((place for place, line in enumerate(lines) if not line.settlement), 0)
    return pages.get_page(first // AT_ONCE + 1)
