from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from network import membership
from network.models import Membership
from portal.core.steps import ReasonForm, Step, StepsAdmin
from portal.core.versions import VersionedAdmin

State = Membership.State


@admin.register(Membership)
class MembershipAdmin(VersionedAdmin, StepsAdmin):
    """Who belongs to the network. A membership is never deleted: it ends."""

    list_display = ["organisation", "category", "state", "since", "until", "decision"]
    list_filter = ["category", "state", "organisation__sector"]
    list_select_related = ["organisation"]
    search_fields = ["organisation__name_es", "organisation__name_en", "organisation__acronym", "decision"]
    search_help_text = _("Name or acronym of the organisation, number of the decision.")
    autocomplete_fields = ["organisation"]
    readonly_fields = ["state", "state_reason"]
    date_hierarchy = "since"
    fieldsets = [
        (None, {"fields": ["organisation", "category", "state", "state_reason", ("since", "until")]}),
        (_("What it rests on"), {"fields": [("decision", "decided_on"), "exception"]}),
    ]
    steps = [
        Step(
            "suspend",
            _("Suspend"),
            _("Its people can sign in and read their own documents, but not add any, until the membership is resumed."),
            membership.suspend,
            lambda row: row.state == State.ACTIVE and not row.is_over,
            form=ReasonForm,
            refusals=(membership.WrongState,),
        ),
        Step(
            "resume",
            _("Take up again"),
            _("Its people contribute again from this moment on."),
            membership.resume,
            lambda row: row.state == State.SUSPENDED and not row.is_over,
            refusals=(membership.WrongState,),
        ),
        Step(
            "end",
            _("End"),
            _(
                "Today is its last day. Its documents stay; its people only read from now on. This can't be taken "
                "back: an organisation that returns begins another membership."
            ),
            membership.end,
            lambda row: row.state != State.ENDED,
            form=ReasonForm,
            refusals=(membership.WrongState,),
        ),
    ]

    def may_step(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[str]:
        """Whose membership it is does not change; when it ends, the step says."""
        return [*self.readonly_fields, "organisation"] if obj else self.readonly_fields

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.state == State.ENDED)

    def has_delete_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Membership, form: forms.ModelForm, change: bool) -> None:
        if change:
            membership.correct(obj, by=request.user)
        else:
            membership.begin(obj, by=request.user)
