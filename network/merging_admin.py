from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from network import merging
from network.models import Organisation
from portal.core.steps import ReasonForm, Step, StepsAdmin


class MergeForm(ReasonForm):
    """Which one it becomes part of, and why."""

    wants_row = True
    into = forms.ModelChoiceField(Organisation.objects.none(), label=_("It becomes part of"))
    field_order = ["into", "reason"]

    def __init__(self, data: object = None, *, row: Organisation) -> None:
        super().__init__(data)
        self.fields["into"].queryset = Organisation.objects.standing().exclude(pk=row.pk)


class MergedBySteps(StepsAdmin):
    """An organisation that has become part of another one is only read; its page leads to the other."""

    steps = [
        Step(
            "merge",
            _("Merge into another organisation"),
            _(
                "Its documents, people, roles, memberships and history become the other's, and its address leads there "
                "for good. A membership the other has at the same time ends today. This can't be taken back."
            ),
            merging.merge,
            lambda row: row.merged_into_id is None,
            form=MergeForm,
            refusals=(merging.NotPossible,),
        )
    ]

    def may_step(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.merged_into_id)

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.merged_into_id)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Organisation], search_term: str
    ) -> tuple[QuerySet[Organisation], bool]:
        """Where a form asks for an organisation, those that are no more are not offered."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        return (found.standing() if "autocomplete" in request.path else found), may_repeat
