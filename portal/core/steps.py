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
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import audit
from portal.core.autocomplete import Autocompleted
from portal.core.models import AuditEntry
from portal.core.refused import Refused


class ReasonForm(forms.Form):
    """Why a step is taken that can't be taken back."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


@dataclass(frozen=True)
class Step:
    """
    `act(row, by=…, **what the form holds)` does it, or raises `Refused` or one of `refusals`: told in their words.

    `says` is what will happen, in a sentence for whoever presses the button. With `leads_on`, the row that `act`
    gives back is shown next; where it gives none, because the row is gone, the list is.
    """

    name: str
    label: Promise
    says: Promise
    act: Callable[..., object]
    offered: Callable[[Any], bool]
    form: type[forms.Form] = forms.Form
    refusals: tuple[type[Exception], ...] = ()
    leads_on: bool = False

    def form_for(self, row: Model, data: object = None) -> forms.Form:
        """A form may want to know the row it is about."""
        wants_row = getattr(self.form, "wants_row", False)
        return self.form(data, row=row) if wants_row else self.form(data)


class StepsAdmin(Autocompleted, admin.ModelAdmin):
    """Rows that are moved on by steps. Whether a step is possible, its action decides; the buttons only follow."""

    steps: list[Step] = []

    def may_step(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def warning(self, step: Step, row: Model, user: AbstractBaseUser) -> str:
        """Something to be said before somebody takes the trouble, such as that the action will refuse."""
        return ""

    def reaches(self, step: Step, row: Model) -> str:
        """Whom the step will write to, for whoever is about to press the button."""
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
                result = step.act(row, by=request.user, **form.cleaned_data)
            except (Refused, *step.refusals) as refused:
                form.add_error(None, refused if isinstance(refused, Refused) else str(refused))
            else:
                self.message_user(request, _("Done: %s.") % step.label, messages.SUCCESS)
                return self._onwards(result) if step.leads_on else None
        context = {
            **self.admin_site.each_context(request),
            "title": step.label,
            "step": step,
            "row": row,
            "form": form,
            "opts": self.opts,
            "warning": self.warning(step, row, request.user),
            "reaches": self.reaches(step, row),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/step.html", context, status=422 if form.errors else 200)

    def _onwards(self, row: Model | None) -> HttpResponse:
        return redirect(admin_address(row) if row else f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")


class RecordAdmin(StepsAdmin):
    """Rows that records cite: saved by the room's actions, moved on by steps, deleted by nobody."""

    def may_change(self, row: Model) -> bool:
        """Is this row still open to changes by the form? Otherwise its page only shows it."""
        return True

    def keep(self, row: Model, *, by: AbstractBaseUser, change: bool) -> None:
        """The room's action that saves what the form says."""
        raise NotImplementedError

    def may_step(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or self.may_change(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool) -> None:
        if not change or form.has_changed():
            self.keep(obj, by=request.user, change=change)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """What an action refuses although the form was right (somebody else was quicker) is told, never a 500."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            self.message_user(request, " ".join(refused.messages), messages.ERROR)
            return redirect(request.path)

    @admin.display(description=gettext_lazy("history"))
    def history(self, row: Model) -> SafeString | str:
        """What was done to this row, newest first, as the record of the portal has it."""
        if not row.pk:
            return ""
        lines = ((_line(entry), entry.reason) for entry in AuditEntry.objects.about(row)[:50])
        return format_html('<ul class="history">{}</ul>', format_html_join("", "<li>{} {}</li>", lines))


def _line(entry: AuditEntry) -> str:
    return f"{localize(localtime(entry.at))} · {audit.label(entry.verb)} · {entry.by_name}"


def admin_address(row: Model) -> str:
    """The row's own page in the admin."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
