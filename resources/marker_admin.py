"""Scales of markers and their levels. What something is coded on is worded anew, but not taken away."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline

from network.models import User
from portal.core.inlines import NamedCells
from portal.core.steps import RecordAdmin, Step
from resources import markers
from resources.models import MarkerLevel, MarkerScale


class LevelFormSet(forms.BaseInlineFormSet):
    """A level that something is coded at keeps its code and is not taken away."""

    def clean(self) -> None:
        super().clean()
        for form in self.initial_forms:
            if not hasattr(form, "cleaned_data") or not (form in self.deleted_forms or "code" in form.changed_data):
                continue
            code = form.initial["code"]
            if n := markers.uses(self.instance, code):
                sentence = _("Code %(code)s is in use (%(n)d times): it stays. You can change its words.")
                raise forms.ValidationError(sentence % {"code": code, "n": n})


class LevelInline(NamedCells, TranslationTabularInline):
    model = MarkerLevel
    formset = LevelFormSet
    fields = ["code", "label", "meaning"]
    extra = 0


@admin.register(MarkerScale)
class MarkerScaleAdmin(RecordAdmin, TranslationAdmin):
    list_display = ["name_es", "kind", "is_default", "source"]
    list_filter = ["kind"]
    search_fields = ["name_es", "name_en", "slug"]
    readonly_fields = ["is_default", "history"]
    inlines = [LevelInline]
    fieldsets = [
        (None, {"fields": ["kind", "name", "slug", "source", "is_default"]}),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]
    steps = (
        Step(
            "use_for_new",
            gettext_lazy("Use it for new markers"),
            gettext_lazy(
                "From now on activities and documents are coded on this scale. Those coded already keep theirs, "
                "with its words, until somebody codes them anew."
            ),
            markers.use_for_new,
            offered=lambda scale: not scale.is_default and scale.levels.exists(),
        ),
    )

    def keep(self, row: MarkerScale, *, by: User, change: bool) -> None:
        markers.keep_scale(row, by=by)

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: forms.BaseModelFormSet, change: bool
    ) -> None:
        super().save_formset(request, form, formset, change)
        if formset.has_changed() and not form.has_changed():
            markers.keep_scale(form.instance, by=request.user)

    def get_form(
        self, request: HttpRequest, obj: MarkerScale | None = None, change: bool = False, **options: object
    ) -> type[forms.ModelForm]:
        """A scale in use stays one for the same marker."""
        form = super().get_form(request, obj, change=change, **options)
        if obj and "kind" in form.base_fields and markers.uses(obj):
            form.base_fields["kind"].disabled = True
        return form
