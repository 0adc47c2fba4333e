"""Word templates of minutes: ours to begin with, and those the secretariat brings."""

from io import BytesIO

from django import forms
from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.refused import Refused
from steering import keeping
from steering.admin.bodies import SteeringAdmin
from steering.admin.meetings import MEETINGS
from steering.models import MinutesTemplate
from steering.models.kept import Language
from steering.printing.word_template import shipped_template


class TemplateForm(forms.ModelForm):
    """The document is tried out before it is taken, so that its faults are told beside it."""

    content = forms.FileField(label=gettext_lazy("Word document"), widget=forms.FileInput({"accept": ".docx"}))

    def clean(self) -> dict[str, object]:
        said = super().clean()
        if not self.errors:
            try:
                keeping.try_out(said["content"], body=said["body"], language=said["language"])
            except Refused as refused:
                self.add_error("content", refused)
        return said


@admin.register(MinutesTemplate)
class MinutesTemplateAdmin(SteeringAdmin):
    """Brought once and used from then on; a better one is brought anew."""

    task = MEETINGS
    form = TemplateForm
    list_display = ["name", "body", "language", "brought_at"]
    list_filter = ["body", "language"]
    list_select_related = ["body"]
    readonly_fields = ["to_begin_with", "history"]
    fieldsets = [
        (
            None,
            {
                "fields": ["to_begin_with", "body", "language", "content"],
                "description": gettext_lazy(
                    "Minutes approved from now on are written in this document. Begin with ours, change it in Word, "
                    "and leave the words between double braces as they are: the portal fills them in."
                ),
            },
        ),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: MinutesTemplate | None = None) -> list:
        """Of one that was brought, its link instead of the field."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        (name, options), *others = fieldsets
        shown = [field for field in options["fields"] if field != "content"]
        return [(name, options | {"fields": shown}), *others]

    def get_urls(self) -> list[URLPattern]:
        ours = path("shipped/<str:language>/", self.admin_site.admin_view(self.shipped), name="steering_shipped")
        brought = path("<int:pk>/download/", self.admin_site.admin_view(self.brought), name="steering_template")
        return [ours, brought, *super().get_urls()]

    def shipped(self, request: HttpRequest, language: str) -> HttpResponseBase:
        if language not in Language.values or not self.has_view_permission(request):
            raise Http404
        name = f"{_('template-of-minutes')}.{language}.docx"
        return FileResponse(BytesIO(shipped_template(language)), as_attachment=True, filename=name)

    def brought(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        return FileResponse(row.content.open("rb"), as_attachment=True, filename=row.name)

    @admin.display(description=gettext_lazy("to begin with"))
    def to_begin_with(self, row: MinutesTemplate) -> SafeString:
        ours = [(reverse("admin:steering_shipped", args=[code]), label) for code, label in Language.choices]
        first, second = (format_html('<a href="{}">{}</a>', *link) for link in ours)
        links = format_html("{} · {}", first, second)
        if not row.pk:
            return links
        mine = format_html('<a href="{}">{}</a>', reverse("admin:steering_template", args=[row.pk]), row.name)
        return format_html("{} · {}", mine, links)

    def may_change(self, row: MinutesTemplate) -> bool:
        return False

    def keep(self, row: MinutesTemplate, *, by: object, change: bool) -> None:
        keeping.bring_template(row, by=by)
