from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from network import privacy
from network.models import Affiliation, Person, Rota
from portal.core.inlines import NamedCells
from portal.core.steps import ReasonForm, Step, StepsAdmin
from portal.core.versions import VersionedAdmin


class AffiliationInline(NamedCells, admin.TabularInline):
    model = Affiliation
    extra = 0
    autocomplete_fields = ["organisation"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Affiliation]:
        return super().get_queryset(request).select_related("organisation", "person")


@admin.register(Person)
class PersonAdmin(VersionedAdmin, StepsAdmin):
    """Everybody of the network, with or without an account. Whom records name is archived, never deleted."""

    list_display = ["name", "works_for", "has_account", "contacts_public", "archived_at"]
    list_filter = ["language", ("archived_at", admin.EmptyFieldListFilter)]
    search_fields = ["name", "email", "affiliations__organisation__name_es", "affiliations__organisation__acronym"]
    search_help_text = _("Name, e-mail or organisation.")
    readonly_fields = ["user", "archived_at"]
    inlines = [AffiliationInline]
    steps = [
        Step(
            "erase_contacts",
            _("Erase the contacts"),
            _(
                "At the person's own wish. E-mail and telephone are gone for good, nobody is written to, and they no "
                "longer stand for an organisation. The name remains in what was recorded. This can't be undone."
            ),
            privacy.erase_contacts,
            lambda row: row.user_id is None and not row.is_emptied,
            form=ReasonForm,
        )
    ]
    fieldsets = [
        (None, {"fields": ["name", "title", "language", "user", "archived_at"]}),
        (
            _("Contacts"),
            {
                "fields": ["email", "phone", "consent_public"],
                "description": _("Private, unless the person has agreed to have them shown publicly."),
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        return super().get_queryset(request).select_related("user").prefetch_related("affiliations__organisation")

    @admin.display(description=_("organisations"))
    def works_for(self, person: Person) -> str:
        return ", ".join(row.organisation.short_name for row in person.affiliations.all())

    @admin.display(description=_("account"), boolean=True)
    def has_account(self, person: Person) -> bool:
        return person.user_id is not None

    @admin.display(description=_("contacts public"), boolean=True)
    def contacts_public(self, person: Person) -> bool:
        return person.contacts_are_public

    def may_step(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        return False


@admin.register(Rota)
class RotaAdmin(VersionedAdmin):
    """Which organisation looks after which recurring work of the coordination, and which one stands in."""

    list_display = ["kind", "organisation", "backup", "days"]
    list_select_related = ["organisation", "backup"]
    autocomplete_fields = ["organisation", "backup"]
