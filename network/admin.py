from collections.abc import Callable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

import network.people_admin  # noqa: F401 (registers people)
from network import applications_admin, invitations, membership_admin, people, privacy, roles  # noqa: F401 (two register)
from network.accounts import actions
from network.merging_admin import MergedBySteps
from network.models import Country, Invitation, Organisation, Role, Sector, User
from network.people_forms import ReasonForm
from network.roles_admin import RoleInline, RolesByActions, confirm
from portal.core.autocomplete import Autocompleted
from portal.core.versions import VersionedAdmin

EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]

admin.site.unregister(Group)  # what somebody may do follows from roles
admin.site.unregister([EmailAddress, Authenticator, UserSession])  # people look after these themselves


@admin.register(Country)
class CountryAdmin(TranslationAdmin):
    list_display = ["code", "name_es", "name_en", "position"]
    search_fields = ["code", "name_es", "name_en"]
    ordering = ["name_es"]

    def get_readonly_fields(self, request: HttpRequest, obj: Country | None = None) -> list[str]:
        """The code is the key: changed, it would be another country."""
        return ["code"] if obj else []


@admin.register(Sector)
class SectorAdmin(TranslationAdmin):
    list_display = ["name_es", "name_en", "position"]
    ordering = ["position"]


@admin.register(Organisation)
class OrganisationAdmin(VersionedAdmin, MergedBySteps, RolesByActions, TranslationAdmin):
    list_display = ["name_es", "acronym", "sector", "country"]
    list_filter = ["sector", ("country", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["sector", "country"]
    search_fields = ["name_es", "name_en", "acronym", "slug"]
    search_help_text = _("Name or acronym, in either language.")
    autocomplete_fields = ["country", "countries"]
    prepopulated_fields = {"slug": ["acronym"]}
    inlines = [RoleInline]


@admin.register(User)
class UserAdmin(RolesByActions, DjangoUserAdmin):
    """Accounts begin with an invitation; nobody sets another person's password or address."""

    ordering = ["name"]
    list_display = ["name", "email", "language", "is_active", "last_login"]
    list_filter = ["is_active", "roles__kind"]
    search_fields = ["name", "email"]
    readonly_fields = ["email", "last_login", "date_joined"]
    filter_horizontal: list[str] = []
    fieldsets = [
        (None, {"fields": ["name", "email"]}),
        (_("Settings"), {"fields": ["language", "is_active", "last_login", "date_joined"]}),
    ]
    inlines = [RoleInline]
    actions = ["take_second_factor_away", "erase"]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A coordinator looks after every account but an administrator's, which would open everything."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An account is erased, never deleted: its name stays in the records."""
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        return redirect("admin:network_invitation_add")

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        raise PermissionDenied

    @admin.action(
        description=_("Take the second factor away"), permissions=["change"], location=[ActionLocation.CHANGE_FORM]
    )
    def take_second_factor_away(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """For somebody who lost their telephone and the recovery codes, once it is certain that it is them."""
        for user in users:
            if not self.has_change_permission(request, user):
                raise PermissionDenied
            actions.take_second_factor_away(user, by=request.user)
        text = gettext("Done. Nobody is signed in to the account any more; a letter says what happened.")
        self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=_("Erase the account"), permissions=["change"], location=[ActionLocation.CHANGE_FORM])
    def erase(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        """At the person's own wish. Asked once more; only an administrator may."""
        user = users.get()
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if form.is_valid():
            try:
                privacy.erase(user, by=request.user, reason=form.cleaned_data["reason"])
            except roles.Refused as problem:
                form.add_error(None, problem)
            else:
                self.message_user(request, gettext("The account and its contacts are erased."), messages.SUCCESS)
                return None
        return confirm(self, request, user, form, title=gettext("Erase the account"), template="account_erase")

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, admin.Action]:
        offered = super().get_actions(request, action_location)
        if not request.user.is_superuser:
            offered.pop("erase", None)
        return offered

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        people.follow(obj)


class InvitationForm(forms.ModelForm):
    kind = forms.ChoiceField(label=_("Role"), choices=Role.Kind.choices)
    by: User

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            given = roles.kinds_to_give(self.by)
            self.fields["kind"].choices = [choice for choice in Role.Kind.choices if choice[0] in given]

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()

    def clean(self) -> dict[str, object]:
        given = super().clean()
        role = {name: given.get(name) for name in ("kind", "organisation", "until")}
        Role(**role).full_clean(exclude=["user"])
        return given


@admin.register(Invitation)
class InvitationAdmin(Autocompleted, admin.ModelAdmin):
    form = InvitationForm
    list_display = ["name", "email", "role", "organisation", "state", "expires"]
    list_select_related = ["organisation"]
    search_fields = ["name", "email", "organisation__name_es", "organisation__acronym"]
    search_help_text = _("Name, address or organisation.")
    autocomplete_fields = ["organisation"]
    fields = ["name", "email", "language", "kind", "organisation", "until"]
    actions = ["resend", "revoke"]

    def get_fields(self, request: HttpRequest, obj: Invitation | None = None) -> list[str]:
        sent = ["name", "email", "language", "role", "organisation", "until"]
        return [*sent, "state", "invited_by", "sent_at", "expires", "accepted_by"] if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Invitation | None = None) -> list[str]:
        """What was sent stays as it was sent."""
        return self.get_fields(request, obj) if obj else []

    def get_form(
        self, request: HttpRequest, obj: Invitation | None = None, change: bool = False, **options: object
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **options)
        form.by = request.user
        return form

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """Withdrawn, never deleted: its link should say what became of it."""
        return False

    @admin.display(description=_("role"), ordering="kind")
    def role(self, invitation: Invitation) -> str:
        return invitation.kind_label

    @admin.display(description=_("state"))
    def state(self, invitation: Invitation) -> str:
        return invitation.state

    def save_model(self, request: HttpRequest, obj: Invitation, form: InvitationForm, change: bool) -> None:
        if not change:
            obj.pk = invitations.invite(by=request.user, **form.cleaned_data).pk

    @admin.action(description=_("Send again"), permissions=["change"], location=EVERYWHERE)
    def resend(self, request: HttpRequest, chosen: QuerySet[Invitation]) -> None:
        self._step(request, chosen, invitations.resend_invitation)

    @admin.action(description=_("Withdraw"), permissions=["change"], location=EVERYWHERE)
    def revoke(self, request: HttpRequest, chosen: QuerySet[Invitation]) -> None:
        self._step(request, chosen, invitations.revoke_invitation)

    def _step(self, request: HttpRequest, chosen: QuerySet[Invitation], step: Callable[..., object]) -> None:
        for invitation in chosen:
            try:
                step(invitation, by=request.user)
                self.message_user(request, gettext("%(who)s: done.") % {"who": invitation.name}, messages.SUCCESS)
            except invitations.NotOpen:
                text = gettext("%(who)s has already answered, or the invitation was withdrawn.")
                self.message_user(request, text % {"who": invitation.name}, messages.WARNING)
