"""Roles in the admin: through the same actions as on the site, so that each change leaves its entry in the record."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms.models import BaseModelFormSet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network import roles
from network.models import Role, User
from network.people_forms import EndRoleForm
from portal.core.autocomplete import Autocompleted
from portal.core.inlines import NamedCells


class RoleForm(forms.ModelForm):
    """A new role, or other dates for an old one: what it is and whose stays."""

    by: User

    class Meta:
        model = Role
        fields = ["user", "kind", "organisation", "since", "until"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in {"user", "kind", "organisation"} & self.fields.keys():
                self.fields[name].disabled = True
        else:
            given = roles.kinds_to_give(self.by)
            self.fields["kind"].choices = [
                choice for choice in self.fields["kind"].choices if choice[0] in ("", *given)
            ]

    def clean(self) -> dict[str, object]:
        said = super().clean()
        if not self.errors:
            names = ["user", "kind", "organisation", "since", "until"]
            role = Role(**{name: said.get(name) for name in names})
            if self.instance.pk:
                role.pk = self.instance.pk
                roles.check_dates(role, since=role.since, until=role.until, by=self.by)
            else:
                roles.check(role, by=self.by)
        return said

    def keep(self) -> None:
        """Through the actions instead of `save`."""
        said = self.cleaned_data
        dates = {"since": said["since"], "until": said["until"]}
        if self.instance.pk:
            roles.change_dates(Role.objects.get(pk=self.instance.pk), **dates, by=self.by)
        else:
            role = roles.give(said["user"], said["kind"], organisation=said["organisation"], **dates, by=self.by)
            self.instance.pk = role.pk


def form_for(request: HttpRequest) -> type[RoleForm]:
    """The form as this person may fill it in."""
    return type("RoleForm", (RoleForm,), {"by": request.user})


class RoleInline(NamedCells, admin.TabularInline):
    """Roles of a person; on an organisation's page, its people. A role is ended on its own page, not deleted."""

    model = Role
    extra = 0
    can_delete = False
    show_change_link = True
    autocomplete_fields = ["user", "organisation"]
    readonly_fields = ["ended_at"]

    def get_formset(self, request: HttpRequest, obj: object = None, **options: object) -> type[BaseModelFormSet]:
        return super().get_formset(request, obj, **options, form=form_for(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Role]:
        return super().get_queryset(request).select_related("user", "organisation")


class RolesByActions(Autocompleted, admin.ModelAdmin):
    """A page with roles on it. They come once the page's own row is there."""

    def get_inlines(self, request: HttpRequest, obj: object) -> list:
        return [inline for inline in super().get_inlines(request, obj) if obj or inline is not RoleInline]

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: object, change: bool) -> None:
        if formset.model is not Role:
            super().save_formset(request, form, formset, change)
            return
        touched = [row for row in formset.forms if row.has_changed()]
        formset.new_objects = [row.instance for row in touched if not row.instance.pk]
        formset.changed_objects = [(row.instance, row.changed_data) for row in touched if row.instance.pk]
        formset.deleted_objects = []
        for row in touched:
            self.keep_role(request, row)

    def keep_role(self, request: HttpRequest, form: RoleForm) -> None:
        try:
            form.keep()
        except ValidationError as problem:  # somebody else was quicker since the form was checked
            self.message_user(request, " ".join(problem.messages), messages.ERROR)


@admin.register(Role)
class RoleAdmin(RolesByActions):
    list_display = ["user", "kind", "organisation", "since", "until", "ended_at"]
    list_filter = ["kind"]
    list_select_related = ["user", "organisation"]
    search_fields = ["user__name", "user__email", "organisation__name_es", "organisation__acronym"]
    autocomplete_fields = ["user", "organisation"]
    date_hierarchy = "since"
    readonly_fields = ["ended_at"]
    actions = ["end"]

    def get_form(
        self, request: HttpRequest, obj: Role | None = None, change: bool = False, **options: object
    ) -> type[forms.ModelForm]:
        return super().get_form(request, obj, change, **options, form=form_for(request))

    def save_model(self, request: HttpRequest, obj: Role, form: RoleForm, change: bool) -> None:
        self.keep_role(request, form)

    def has_delete_permission(self, request: HttpRequest, obj: Role | None = None) -> bool:
        """A role is ended, so that the record stays whole."""
        return False

    @admin.action(
        description=gettext_lazy("End this role now"), permissions=["change"], location=[ActionLocation.CHANGE_FORM]
    )
    def end(self, request: HttpRequest, chosen: QuerySet[Role]) -> HttpResponse | None:
        role = chosen.select_related("user", "organisation").get()
        form = EndRoleForm(request.POST if "reason" in request.POST else None, role=role, by=request.user)
        if form.is_valid():
            try:
                roles.end(role, by=request.user, **form.cleaned_data)
            except roles.Refused as problem:
                form.add_error(None, problem)
            else:
                self.message_user(request, _("The role has ended."), messages.SUCCESS)
                return None
        return confirm(self, request, role, form, title=_("End this role now"), template="role_end")


def confirm(
    page: admin.ModelAdmin, request: HttpRequest, row: Model, form: forms.Form, *, title: str, template: str
) -> TemplateResponse:
    """A page that says what a step will do and asks once more; its form takes the step."""
    context = {
        **page.admin_site.each_context(request),
        "title": title,
        "row": row,
        "form": form,
        "opts": page.opts,
        "step": next((name, value) for name, value in request.POST.items() if name.endswith("action")),
        "media": page.media,
    }
    return TemplateResponse(request, f"admin/network/{template}.html", context)
