from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from modeltranslation.admin import TranslationAdmin
from taggit.models import Tag

from network import admin as network
from network.models import Country, Organisation
from portal.core.autocomplete import Autocompleted
from portal.core.http import paginate
from portal.core.inlines import NamedCells
from resources import actions, checking, description, history, marker_admin, watching  # noqa: F401 (scales of markers)
from resources.forms import ReasonForm
from resources.harvesting import admin as harvesting  # noqa: F401 (registers the sources)
from resources.models import Author, EntryTerm, FieldOrigin, File, Resource, StateChange, Topic

EVERYWHERE = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]
STEPS_FROM = {
    Resource.Status.DRAFT: ["publish"],
    Resource.Status.SUBMITTED: ["publish", "send_back"],
    Resource.Status.PUBLISHED: ["withdraw"],
    Resource.Status.WITHDRAWN: ["publish"],
}


class ReadOnlyInline(admin.TabularInline):
    """Rows that come from elsewhere: shown here, changed there."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        return False


class AuthorInline(NamedCells, admin.TabularInline):
    model = Author
    extra = 0
    autocomplete_fields = ["organisation"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Author]:
        return super().get_queryset(request).select_related("organisation")


class FileInline(ReadOnlyInline):
    model = File
    fields = readonly_fields = ["link", "language", "pages", "size", "state"]

    @admin.display(description=gettext_lazy("file"))
    def link(self, file: File) -> SafeString:
        return format_html('<a href="{}">{}</a>', file.get_absolute_url(), file.name)


class OriginInline(ReadOnlyInline):
    """Who or what each field has its value from."""

    model = FieldOrigin
    fields = readonly_fields = ["field", "origin", "detail", "certainty", "at"]


class StateChangeInline(ReadOnlyInline):
    model = StateChange
    fields = readonly_fields = ["at", "to", "by", "reason"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[StateChange]:
        return super().get_queryset(request).select_related("by")


@admin.register(Resource)
class ResourceAdmin(Autocompleted, TranslationAdmin):
    list_display = ["shown", "organisation", "type", "year", "status", "audience", "updated_at"]
    list_filter = ["status", "audience", "type", ("organisation", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["organisation"]
    list_per_page = 50
    search_fields = ["title_es", "title_en", "original_title", "authors__name", "doi"]
    search_help_text = gettext_lazy("Title, author or DOI.")
    autocomplete_fields = ["organisation", "countries", "topics"]
    readonly_fields = ["status", "created_by", "created_at", "updated_at", "published_at", "on_the_site"]
    date_hierarchy = "created_at"
    inlines = [AuthorInline, FileInline, OriginInline, StateChangeInline]
    actions = ["publish", "send_back", "withdraw"]
    fieldsets = [
        (None, {"fields": ["status", "on_the_site", "title", "original_language", "original_title", "type"]}),
        (gettext_lazy("Date"), {"fields": [("year", "month", "day")]}),
        (gettext_lazy("Abstract"), {"fields": ["abstract"]}),
        (gettext_lazy("Subjects"), {"fields": ["countries", "topics", "tags"]}),
        (gettext_lazy("Origin"), {"fields": ["organisation", "publisher", "source_url", "doi", "isbn", "licence"]}),
        (gettext_lazy("Who may read it"), {"fields": ["audience"]}),
        (
            gettext_lazy("History"),
            {"fields": ["created_by", "created_at", "updated_at", "published_at"], "classes": ["collapse"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Resource]:
        """What the site would show this person: the committee reads the shelf, not other people's drafts."""
        return super().get_queryset(request).filter(pk__in=Resource.objects.visible_to(request.user).values("pk"))

    @admin.display(description=gettext_lazy("title"), ordering="title_es")
    def shown(self, resource: Resource) -> str:
        return resource.shown_title.text

    @admin.display(description=gettext_lazy("on the site"))
    def on_the_site(self, resource: Resource) -> SafeString | str:
        if not resource.pk:
            return ""
        address = reverse("resources:edit", args=[resource.pk])
        return format_html('<a href="{}">{}</a>', address, _("Add files and correct the description on the site"))

    def save_model(self, request: HttpRequest, obj: Resource, form: forms.ModelForm, change: bool) -> None:
        obj.created_by = obj.created_by or request.user
        form.before = description.of_work(Resource.objects.get(pk=obj.pk)) if change else None
        form.stood = watching.standing([obj.pk] if change else [])
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        actions.saved(form.instance, by=request.user, before=form.before)
        watching.write_down(form.stood, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Resource) -> None:
        actions.delete(obj, by=request.user)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """The same history as on the site, for those who may change the work: the committee only reads the shelf."""
        work = self.get_object(request, object_id)
        if work is None or not Resource.objects.editable_by(request.user).filter(pk=work.pk).exists():
            raise Http404
        page = paginate(history.of(work), request.GET.get("page"), size=history.ENTRIES_SHOWN)
        return super().history_view(request, object_id, {"page": page, **(extra_context or {})})

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, admin.Action]:
        """On a work's own page the steps its status allows. Many at once are never deleted: they are withdrawn."""
        offered = super().get_actions(request, action_location)
        offered.pop("delete_selected", None)
        if action_location == ActionLocation.CHANGE_FORM:
            status = Resource.objects.filter(pk=request.resolver_match.kwargs.get("object_id")).values_list(
                "status", flat=True
            )
            allowed = STEPS_FROM.get(status.first(), ())
            offered = {name: action for name, action in offered.items() if name in allowed}
        return offered

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"], location=EVERYWHERE)
    def publish(self, request: HttpRequest, works: QuerySet[Resource]) -> None:
        self._step(request, works, lambda work: actions.publish(work, by=request.user))

    @admin.action(description=gettext_lazy("Send back with a reason"), permissions=["change"], location=EVERYWHERE)
    def send_back(self, request: HttpRequest, works: QuerySet[Resource]) -> HttpResponse | None:
        return self._step_with_reason(request, works, actions.return_to_draft, _("Send back with a reason"))

    @admin.action(description=gettext_lazy("Take off the shelf"), permissions=["change"], location=EVERYWHERE)
    def withdraw(self, request: HttpRequest, works: QuerySet[Resource]) -> HttpResponse | None:
        return self._step_with_reason(request, works, actions.withdraw, _("Take off the shelf"))

    def _step(self, request: HttpRequest, works: QuerySet[Resource], step: Callable[[Resource], None]) -> None:
        """Do it for each work that is in the right state, and tell how many were."""
        done = refused = unlooked = 0
        for work in works:
            try:
                step(work)
                done += 1
            except actions.WrongState:
                refused += 1
            except checking.NotLooked:
                unlooked += 1
        if done:
            text = ngettext("%(n)d document: done.", "%(n)d documents: done.", done) % {"n": done}
            self.message_user(request, text, messages.SUCCESS)
        if refused:
            text = ngettext(
                "%(n)d document is not in a state for this step.",
                "%(n)d documents are not in a state for this step.",
                refused,
            )
            self.message_user(request, text % {"n": refused}, messages.WARNING)
        if unlooked:
            text = ngettext(
                "%(n)d document has files to be looked at first, on its page on the site.",
                "%(n)d documents have files to be looked at first, on their pages on the site.",
                unlooked,
            )
            self.message_user(request, text % {"n": unlooked}, messages.WARNING)

    def _step_with_reason(
        self, request: HttpRequest, works: QuerySet[Resource], step: Callable[..., None], title: str
    ) -> HttpResponse | None:
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            self._step(request, works, lambda work: step(work, by=request.user, reason=reason))
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "works": works,
            "form": form,
            "opts": self.opts,
            "step": next((name, value) for name, value in request.POST.items() if name.endswith("action")),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/resources/reason.html", context)


class EntryTermInline(NamedCells, admin.TabularInline):
    model = EntryTerm
    extra = 0


class FoundByName(Autocompleted, admin.ModelAdmin):
    """Rows whose names people search by: when one changes, the works that carry it are indexed anew."""

    works_by = ""

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change:
            actions.renamed(Resource.objects.filter(**{self.works_by: form.instance}))


@admin.register(Topic)
class TopicAdmin(FoundByName, TranslationAdmin):
    works_by = "topics"
    list_display = ["name_es", "name_en", "axis", "parent", "mesh"]
    list_filter = ["axis"]
    list_select_related = ["parent"]
    search_fields = ["name_es", "name_en", "slug", "mesh", "entry_terms__text"]
    autocomplete_fields = ["parent"]
    prepopulated_fields = {"slug": ["name_es"]}
    inlines = [EntryTermInline]


# Organisations and countries are the network's, which knows no works; the library adds what it must do after a change.
admin.site.unregister([Organisation, Country, Tag])


@admin.register(Organisation)
class OrganisationAdmin(FoundByName, network.OrganisationAdmin):
    works_by = "organisation"


@admin.register(Country)
class CountryAdmin(FoundByName, network.CountryAdmin):
    works_by = "countries"


@admin.register(Tag)
class TagAdmin(FoundByName):
    """Free keywords. taggit's own screen for merging asks for no permission, so it is not here."""

    works_by = "tags"
    list_display = ["name", "slug"]
    search_fields = ["name"]
