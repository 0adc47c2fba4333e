"""Bodies, their seats, and who holds them."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin

from network.models import User
from portal.core.steps import RecordAdmin, Step
from steering import offices, seats
from steering.forms import LastDayForm
from steering.models import Body, Designation, Office, Seat, SeatTerm

COMPOSITION = gettext_lazy("Committee: who sits in it")
ACTION_PLAN = gettext_lazy("Action plan")


class SteeringAdmin(RecordAdmin):
    """Pages of this room, grouped on the first page by what they are for."""

    task = COMPOSITION
    list_per_page = 50


@admin.register(Body)
class BodyAdmin(SteeringAdmin, TranslationAdmin):
    list_display = ["name_es", "kind", "prefix", "closed_on"]
    readonly_fields = ["history"]
    fieldsets = [
        (None, {"fields": ["name", "kind", "prefix", "timezone", "closed_on"]}),
        (
            gettext_lazy("Quorum"),
            {
                "fields": [
                    ("quorum_numerator", "quorum_denominator", "quorum_exceeded"),
                    "min_sectors",
                    "min_countries",
                ],
                "description": gettext_lazy("Counted over the voting seats that are filled on the day of the meeting."),
            },
        ),
        (gettext_lazy("Seats"), {"fields": ["alternates_allowed", "term_months", "presidency_months"]}),
        (gettext_lazy("Decisions and minutes"), {"fields": ["majority", "objection_days"]}),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]
    steps = (
        Step(
            "plan_presidency",
            gettext_lazy("Plan the next presidency"),
            gettext_lazy(
                "The organisation whose seat follows in the rotation presides from the day after the last one."
            ),
            offices.plan_presidency,
            offered=lambda body: body.closed_on is None,
            leads_on=True,
        ),
    )

    def keep(self, row: Body, *, by: User, change: bool) -> None:
        seats.keep_body(row, by=by)


@admin.register(Seat)
class SeatAdmin(SteeringAdmin, TranslationAdmin):
    list_display = ["label_es", "body", "holder", "voting", "rotation", "until"]
    list_filter = ["body", "voting", "sector"]
    list_select_related = ["body"]
    search_fields = ["label_es", "label_en"]
    search_help_text = gettext_lazy("Name of the seat, in either language.")
    autocomplete_fields = ["organisation", "country"]
    readonly_fields = ["history"]
    fieldsets = [
        (None, {"fields": ["body", "label", "position", "voting", "rotation"]}),
        (gettext_lazy("Whom it is for"), {"fields": ["organisation", "sector", "country", "requirement"]}),
        (gettext_lazy("From when to when it exists"), {"fields": [("since", "until")]}),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Seat]:
        return super().get_queryset(request).prefetch_related("terms__organisation")

    @admin.display(description=gettext_lazy("holder today"))
    def holder(self, seat: Seat) -> str:
        today = timezone.localdate()
        begun = [term for term in seat.terms.all() if term.since <= today]
        last = max(begun, key=lambda term: term.since, default=None)
        if last is None or (last.ended_on and last.ended_on < today):
            return _("Vacant")
        carried = f" ({_('carried over')})" if last.is_carried_over(today) else ""
        return f"{last.organisation.short_name}{carried}"

    def keep(self, row: Seat, *, by: User, change: bool) -> None:
        seats.keep_seat(row, by=by)


@admin.register(SeatTerm)
class SeatTermAdmin(SteeringAdmin):
    list_display = ["seat", "organisation", "since", "until", "standing"]
    list_filter = ["seat__body", ("organisation", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["seat", "organisation"]
    search_fields = ["seat__label_es", "organisation__name_es", "organisation__acronym"]
    search_help_text = gettext_lazy("Seat or organisation.")
    autocomplete_fields = ["seat", "organisation"]
    readonly_fields = ["ended_on", "history"]
    fieldsets = [
        (
            None,
            {
                "fields": ["seat", "organisation", ("since", "until"), "basis", "ended_on"],
                "description": gettext_lazy(
                    "Without a last day the term lasts as long as the body's rules say; a seat reserved for one "
                    "organisation is held without end."
                ),
            },
        ),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]
    steps = (
        Step(
            "end_term",
            gettext_lazy("End this term"),
            gettext_lazy(
                "The organisation leaves the seat on that day, and so do the people named for it. This can't be "
                "undone; meetings already held keep what they counted."
            ),
            seats.end_term,
            offered=lambda term: term.ended_on is None,
            form=LastDayForm,
        ),
    )

    def may_change(self, row: SeatTerm) -> bool:
        return row.ended_on is None and not row.designations.exists()

    @admin.display(description=gettext_lazy("state"))
    def standing(self, term: SeatTerm) -> str:
        today = timezone.localdate()
        if term.ended_on:
            return _("Ended")
        if term.since > today:
            return _("To come")
        return _("Past its last day") if term.is_carried_over(today) else _("Running")

    def keep(self, row: SeatTerm, *, by: User, change: bool) -> None:
        (seats.correct_term if change else seats.begin_term)(row, by=by)


class DesignationForm(forms.ModelForm):
    letter = forms.FileField(
        label=gettext_lazy("Letter of accreditation"),
        required=False,
        widget=forms.FileInput,
        help_text=gettext_lazy("PDF, Word or an image. Only the secretariat and the committee can open it."),
    )


@admin.register(Designation)
class DesignationAdmin(SteeringAdmin):
    form = DesignationForm
    list_display = ["person", "term", "shown_capacity", "since", "until", "accredited_on"]
    list_filter = ["term__seat__body", ("accredited_on", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "term__organisation", "term__seat"]
    search_fields = ["person__name", "term__organisation__name_es", "term__organisation__acronym"]
    search_help_text = gettext_lazy("Person or organisation.")
    autocomplete_fields = ["term", "person"]
    readonly_fields = ["accredited_on", "letter_link", "history"]
    fieldsets = [
        (None, {"fields": ["term", "person", "order", ("since", "until"), "accredited_on"]}),
        (gettext_lazy("Letter"), {"fields": ["letter_link", "letter"]}),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]
    steps = (
        Step(
            "accredit",
            gettext_lazy("Accredit"),
            gettext_lazy("The letter is in order: from now on this person may speak for the seat."),
            seats.accredit,
            offered=lambda row: row.accredited_on is None,
        ),
        Step(
            "end_designation",
            gettext_lazy("End this designation"),
            gettext_lazy("The person's name stays in everything they have done."),
            seats.end_designation,
            offered=lambda row: row.until is None or row.until > timezone.localdate(),
            form=LastDayForm,
        ),
    )

    def may_change(self, row: Designation) -> bool:
        return row.accredited_on is None

    def get_urls(self) -> list[URLPattern]:
        letter = path("<int:pk>/letter/", self.admin_site.admin_view(self.letter_view), name="steering_letter")
        return [letter, *super().get_urls()]

    def letter_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The letter, always as a download, for whoever may see designations."""
        row = self.get_queryset(request).exclude(letter="").filter(pk=pk).first()
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        answer = FileResponse(row.letter.open("rb"), as_attachment=True, filename=row.letter_file)
        answer.headers["Content-Type"] = "application/octet-stream"
        patch_cache_control(answer, private=True, no_store=True)
        return answer

    @admin.display(description=gettext_lazy("as"))
    def shown_capacity(self, row: Designation) -> str:
        return row.capacity

    @admin.display(description=gettext_lazy("letter on file"))
    def letter_link(self, row: Designation) -> SafeString | str:
        if not row.letter:
            return ""
        return format_html('<a href="{}">{}</a>', reverse("admin:steering_letter", args=[row.pk]), row.letter_file)

    def keep(self, row: Designation, *, by: User, change: bool) -> None:
        raise AssertionError("saved with its letter, below")

    def save_model(self, request: HttpRequest, obj: Designation, form: forms.ModelForm, change: bool) -> None:
        letter = form.cleaned_data.get("letter")
        new = letter if letter and "letter" in form.changed_data else None
        save = seats.correct_designation if change else seats.designate
        save(obj, by=request.user, letter=new)


@admin.register(Office)
class OfficeAdmin(SteeringAdmin):
    list_display = ["kind", "body", "organisation", "person", "since", "until"]
    list_filter = ["body", "kind"]
    list_select_related = ["body", "organisation", "person"]
    autocomplete_fields = ["organisation", "person"]
    readonly_fields = ["history"]
    fieldsets = [
        (None, {"fields": ["body", "kind", "organisation", "person", ("since", "until")]}),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]
    steps = (
        Step(
            "end_office",
            gettext_lazy("End this office"),
            gettext_lazy("The office is vacant from the day after, until somebody else holds it."),
            offices.end,
            offered=lambda row: row.until is None or row.until > timezone.localdate(),
            form=LastDayForm,
        ),
    )

    def may_change(self, row: Office) -> bool:
        return row.until is None or row.until >= timezone.localdate()

    def keep(self, row: Office, *, by: User, change: bool) -> None:
        (offices.correct if change else offices.give)(row, by=by)
