"""Sources in the admin: their addresses checked, harvested on demand, and their proposals decided."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from portal.core.autocomplete import Autocompleted
from portal.core.http import paginate
from resources import harvesting, tasks
from resources.actions import WrongState
from resources.forms import PublicAddressMixin
from resources.harvesting.comparing import compared
from resources.intake import oai
from resources.models import Gathered, Gathering, Source

PER_PAGE = 20
LINES_PER_PAGE = 50
LAST = 8
SET_PAGES = 2


class SourceForm(PublicAddressMixin, forms.ModelForm):
    class Meta:
        help_texts = {  # to be copied: with quotation marks that JSON knows
            "mapping": gettext_lazy('For example {"type": {"Informe técnico": "report"}, "topic": {"VIH": "vih"}}')
        }

    def clean_mapping(self) -> dict:
        mapping = self.cleaned_data["mapping"] or {}
        harvesting.check_mapping(mapping)
        return mapping


@admin.register(Source)
class SourceAdmin(Autocompleted, admin.ModelAdmin):
    form = SourceForm
    list_display = ["name", "organisation", "active", "reached"]
    list_select_related = ["organisation"]
    search_fields = ["name", "slug", "url"]
    autocomplete_fields = ["organisation"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["reached", "harvests"]
    fields = [
        "name", "slug", "url", "organisation", "prefix", "set", "mapping", "active", "reached", "harvests",
    ]  # fmt: skip
    actions = ["harvest_now"]
    change_form_template = "admin/resources/source/change_form.html"
    change_list_template = "admin/resources/source/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("proposals/", view(self.proposals), name="resources_source_proposals"),
            path("proposals/<int:pk>/", view(require_POST(self.decide)), name="resources_source_decide"),
            path("<int:pk>/check/", view(self.check_address), name="resources_source_check"),
            path("<int:pk>/refused/", view(self.refused), name="resources_source_refused"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Source, form: forms.ModelForm, change: bool) -> None:
        harvesting.configured(obj, form.changed_data)

    @admin.display(description=gettext_lazy("its changes are here until"))
    def reached(self, source: Source) -> str:
        return source.harvested_until

    @admin.display(description=gettext_lazy("last harvests"))
    def harvests(self, source: Source) -> SafeString | str:
        """The last ones: when, how they ended and why, and what they did not take."""
        if not source.pk:
            return ""
        refused = Count("lines", filter=Q(lines__outcome=Gathered.Outcome.REFUSED))
        runs = source.gatherings.annotate(refused=refused)[:LAST]
        return format_html_join("", "<p>{} · {} {} {}</p>", (self._run_of(source, run) for run in runs))

    def _run_of(self, source: Source, run: Gathering) -> tuple[str, str, str, SafeString | str]:
        link: SafeString | str = ""
        if run.refused:
            address = reverse("admin:resources_source_refused", args=[source.pk])
            words = ngettext("%(n)d not taken", "%(n)d not taken", run.refused) % {"n": run.refused}
            link = format_html('<a href="{}?harvest={}">{}</a>', address, run.pk, words)
        at = date_format(localtime(run.created_at), "SHORT_DATETIME_FORMAT")
        return at, run.get_state_display(), run.why, link

    @admin.action(
        description=gettext_lazy("Harvest now"),
        permissions=["change"],
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def harvest_now(self, request: HttpRequest, sources: QuerySet[Source]) -> None:
        for source in sources:
            tasks.harvest_source.enqueue(source.pk, request.user.pk)
        text = ngettext(
            "The harvest begins in a moment; its documents arrive as drafts.",
            "The harvests begin in a moment; their documents arrive as drafts.",
            len(sources),
        )
        self.message_user(request, text, messages.SUCCESS)

    def check_address(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What answers at the address of a source: who it is, its formats and its sets."""
        source = get_object_or_404(self._mine(request), pk=pk)
        found: dict[str, object] = {}
        try:
            found["identity"] = oai.identify(source.url, limits=harvesting.QUICK)
            found["formats"] = oai.list_formats(source.url, limits=harvesting.QUICK, most_pages=1)
            found["sets"] = oai.list_sets(source.url, limits=harvesting.QUICK, most_pages=SET_PAGES)
        except oai.Stopped as stopped:
            found["problem"] = stopped.message
        return self._page(request, "check", _("Check of the address"), source=source, **found)

    def refused(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was not taken of a source, in one harvest or in all, each with the reason; and harvests that stopped."""
        source = get_object_or_404(self._mine(request), pk=pk)
        runs = source.gatherings.all()
        if (wanted := request.GET.get("harvest", "")).isdecimal():
            runs = runs.filter(pk=int(wanted))
        lines = Gathered.objects.filter(gathering__in=runs, outcome=Gathered.Outcome.REFUSED)
        page = paginate(lines.select_related("gathering").order_by("-pk"), request.GET.get("page"), size=LINES_PER_PAGE)
        stopped = runs.filter(state=Gathering.State.STOPPED)[:LAST]
        context = {"source": source, "page": page, "stopped": stopped, "harvest": wanted}
        return self._page(request, "refused", _("Not taken"), **context)

    def proposals(self, request: HttpRequest) -> HttpResponse:
        """Every change at a source that waits for a decision, old and new side by side."""
        self._mine(request)
        works = ["resource__authors", "resource__countries", "resource__topics", "resource__tags"]
        lines = Gathered.objects.decidable_by(request.user).select_related("resource", "gathering__source")
        page = Paginator(lines.prefetch_related(*works), PER_PAGE).get_page(request.GET.get("page"))
        return self._page(
            request, "proposals", _("Changes at the sources"), page=page, proposals=compared(page.object_list)
        )

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        line = get_object_or_404(Gathered.objects.filter(gathering__in=self._gatherings(request)), pk=pk)
        accepts = request.POST.get("decision") == "accept"
        try:
            (harvesting.accept if accepts else harvesting.leave)(line, by=request.user)
        except WrongState as problem:
            self.message_user(request, str(problem), messages.WARNING)
        except ValidationError as problem:
            self.message_user(request, " ".join(problem.messages), messages.ERROR)
        else:
            text = _("Accepted: the document now says so.") if accepts else _("Left as it was.")
            self.message_user(request, text, messages.SUCCESS)
        return redirect(f"{reverse('admin:resources_source_proposals')}?page={request.POST.get('page', '1')}")

    def _mine(self, request: HttpRequest) -> QuerySet[Source]:
        """Only coordinators look after sources: to others there is nothing here."""
        if not self.has_change_permission(request) or not request.user.is_coordinator:
            raise Http404
        return self.get_queryset(request)

    def _gatherings(self, request: HttpRequest) -> QuerySet[Gathering]:
        self._mine(request)
        return Gathering.objects.visible_to(request.user)

    def _page(self, request: HttpRequest, name: str, title: str, **context: object) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, "media": self.media}
        return TemplateResponse(request, f"admin/resources/source/{name}.html", {**shared, **context})
