"""Steps of a row in the admin: a button on its page, a page that says what will happen and asks, then one action."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class ReasonForm(forms.Form):
    """Why a step is taken that can't be taken back."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class JustDoIt(forms.Form):
    """Nothing is asked."""


@dataclass(frozen=True)
class Step:
    """
    `act(row, by=…, **what the form holds)` does it; its exceptions of the kinds in `refusals` are told in their words.

    `says` is what will happen, in a sentence for whoever presses the button.
    """

    name: str
    label: Promise
    says: Promise
    act: Callable[..., object]
    offered: Callable[[Any], bool]
    form: type[forms.Form] = ReasonForm
    refusals: tuple[type[Exception], ...] = ()

    def form_for(self, row: Model, data: object = None) -> forms.Form:
        """A form may want to know the row it is about."""
        wants_row = getattr(self.form, "wants_row", False)
        return self.form(data, row=row) if wants_row else self.form(data)


class StepsAdmin(admin.ModelAdmin):
    """Rows that are moved on by steps. Whether a step is possible, its action decides; the buttons only follow."""

    steps: list[Step] = []

    def may_step(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def warning(self, step: Step, row: Model, user: AbstractBaseUser) -> str:
        """Something to be said before somebody takes the trouble, such as that the action will refuse."""
        return ""

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, admin.options.Action]:
        offered = super().get_actions(request, action_location)
        offered.pop("delete_selected", None)
        if action_location != ActionLocation.CHANGE_FORM or not self.may_step(request):
            return offered
        return offered | {step.name: self._action(step) for step in self._possible(request)}

    def _possible(self, request: HttpRequest) -> list[Step]:
        """What the page offers. What is sent always reaches its action, which says why it comes too late."""
        if request.method == "POST":
            return self.steps
        row = self.get_queryset(request).filter(pk=request.resolver_match.kwargs.get("object_id")).first()
        return [step for step in self.steps if row and step.offered(row)]

    def _action(self, step: Step) -> admin.options.Action:
        def take(_admin: admin.ModelAdmin, request: HttpRequest, rows: QuerySet) -> HttpResponse | None:
            return self._take(step, request, rows.get())

        locations = [ActionLocation.CHANGE_FORM]
        return admin.options.Action(take, step.name, step.label, step.label, locations)

    def _take(self, step: Step, request: HttpRequest, row: Model) -> HttpResponse | None:
        form = step.form_for(row, request.POST if "confirmed" in request.POST else None)
        if form.is_valid():
            try:
                step.act(row, by=request.user, **form.cleaned_data)
            except step.refusals as refused:
                self.message_user(request, str(refused), messages.WARNING)
            else:
                self.message_user(request, _("Done: %s.") % step.label, messages.SUCCESS)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": step.label,
            "step": step,
            "row": row,
            "form": form,
            "opts": self.opts,
            "warning": self.warning(step, row, request.user),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/step.html", context, status=422 if form.is_bound else 200)
