from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from network.models import Country, Organisation, Role, Sector, User

admin.site.unregister(Group)  # what somebody may do follows from roles


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


class RoleInline(admin.TabularInline):
    """Roles of a person; on an organisation's page, its people."""

    model = Role
    extra = 0
    autocomplete_fields = ["user", "organisation"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Role]:
        return super().get_queryset(request).select_related("user", "organisation")


@admin.register(Organisation)
class OrganisationAdmin(TranslationAdmin):
    list_display = ["name_es", "acronym", "sector", "country"]
    list_filter = ["sector", ("country", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["sector", "country"]
    search_fields = ["name_es", "name_en", "acronym", "slug"]
    search_help_text = _("Name or acronym, in either language.")
    autocomplete_fields = ["country", "countries"]
    prepopulated_fields = {"slug": ["acronym"]}
    inlines = [RoleInline]


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    ordering = ["name"]
    list_display = ["name", "email", "language", "is_active", "last_login"]
    list_filter = ["is_active", "roles__kind"]
    search_fields = ["name", "email"]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal: list[str] = []
    fieldsets = [
        (None, {"fields": ["name", "email", "password"]}),
        (_("Settings"), {"fields": ["language", "is_active", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["name", "email", "language", "usable_password", "password1", "password2"]})]
    inlines = [RoleInline]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A coordinator looks after every account but an administrator's, whose password would open everything."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_delete_permission(request, obj)


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin):
    list_display = ["user", "kind", "organisation", "since", "until"]
    list_filter = ["kind"]
    list_select_related = ["user", "organisation"]
    search_fields = ["user__name", "user__email", "organisation__name_es", "organisation__acronym"]
    autocomplete_fields = ["user", "organisation"]
    date_hierarchy = "since"
