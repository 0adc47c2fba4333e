from collections.abc import Callable

from django import forms
from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from network import admission, joining, membership
from network.conflicts import conflict_of, namesakes
from network.models import Application, Attachment, Conflict, Membership, Organisation, Remark
from network.views.joining import download
from portal.core.steps import Step, StepsAdmin

State = Application.State


class TextForm(forms.Form):
    text = forms.CharField(label=_("text"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))


class QuestionForm(forms.Form):
    question = forms.CharField(label=_("Question"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))


class ConflictForm(forms.Form):
    note = forms.CharField(label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class DecisionForm(forms.Form):
    """The committee's decision, by its number and day."""

    decision = forms.CharField(label=_("Number of the committee's decision"), max_length=60)
    decided_on = forms.DateField(label=_("Day of the decision"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean_decided_on(self) -> object:
        day = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("A decision can't be of a day to come."))
        return day


class DeclineForm(DecisionForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The applicant reads it."),
    )


class AdmitForm(DecisionForm):
    """As what it is admitted, and whether the portal knows the organisation already."""

    wants_row = True
    category = forms.ChoiceField(label=_("Category"), choices=Membership.Category)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Organisation"),
        required=False,
        empty_label=_("A new one, made of the application"),
        help_text=_("Choose one where the portal knows the applicant already by the same name or website."),
    )

    def __init__(self, data: object = None, *, row: Application) -> None:
        super().__init__(data, initial={"category": row.category})
        known = [organisation.pk for organisation in namesakes(row)]
        members = Membership.objects.in_force().values("organisation")
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=known).exclude(pk__in=members)


class ReadOnlyInline(admin.TabularInline):
    """What others wrote: shown here, added by a step."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True  # whoever sees the application


class AttachmentInline(ReadOnlyInline):
    model = Attachment
    fields = readonly_fields = ["link", "size", "added_at"]

    @admin.display(description=_("file"))
    def link(self, attachment: Attachment) -> SafeString:
        address = reverse("admin:network_application_attachment", args=[attachment.application_id, attachment.pk])
        return format_html('<a href="{}">{}</a>', address, attachment.name)


class RemarkInline(ReadOnlyInline):
    model = Remark
    fields = readonly_fields = ["kind", "text", "by", "at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Remark]:
        return super().get_queryset(request).select_related("by")


class ConflictInline(ReadOnlyInline):
    model = Conflict
    fields = readonly_fields = ["user", "note", "at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conflict]:
        return super().get_queryset(request).select_related("user")


def _step(
    name: str,
    label: Promise,
    says: Promise,
    act: Callable[..., object],
    *states: str,
    form: type[forms.Form] = forms.Form,
) -> Step:
    """A step that is offered in these states, and refused in its action's words."""
    refusals = (joining.WrongState, joining.Conflicted, membership.Overlap)
    return Step(name, label, says, act, lambda row: row.state in states, form, refusals)


@admin.register(Application)
class ApplicationAdmin(StepsAdmin):
    """Applications that were handed in: read here, moved on by steps, changed by nobody but the applicant."""

    list_display = ["name_es_or_en", "sector", "country", "category", "state", "submitted_at"]
    list_filter = ["state", "category", "sector"]
    list_select_related = ["sector", "country"]
    search_fields = ["name_es", "name_en", "acronym", "contact_name", "contact_email"]
    search_help_text = _("Name or acronym of the organisation, name or e-mail of the contact.")
    date_hierarchy = "submitted_at"
    inlines = [AttachmentInline, RemarkInline, ConflictInline]
    readonly_fields = ["known_as"]
    fieldsets = [
        (None, {"fields": ["state", "submitted_at", "decision", "decided_on", "organisation", "known_as"]}),
        (
            _("The organisation"),
            {
                "fields": [
                    ("name_es", "name_en"), "acronym", "sector", "country", "countries", "website", "description_es",
                    "description_en",
                ]
            },
        ),
        (_("The wish"), {"fields": ["category", "motivation", "endorsers"]}),
        (_("Contact"), {"fields": ["contact_name", "contact_title", "contact_email", "contact_phone", "language"]}),
    ]  # fmt: skip
    steps = [
        _step(
            "screen",
            _("Begin to read"),
            _("The applicant is told that the Technical Coordination is reading the application."),
            joining.screen,
            State.SUBMITTED,
        ),
        _step(
            "ask",
            _("Ask the applicant"),
            _("The applicant receives the question by e-mail and has 60 days to answer; then the application expires."),
            joining.ask,
            State.SUBMITTED,
            State.SCREENING,
            form=QuestionForm,
        ),
        _step(
            "bring",
            _("Put before the committee"),
            _("The applicant is told. From here on only the committee's decision leads further."),
            joining.bring_before_committee,
            State.SCREENING,
        ),
        _step(
            "admit",
            _("Record the admission"),
            _(
                "The organisation gets its page and its membership from today on, and the contact an invitation as its "
                "manager. This can't be taken back."
            ),
            admission.admit,
            State.BEFORE_COMMITTEE,
            form=AdmitForm,
        ),
        _step(
            "decline",
            _("Record that it was not admitted"),
            _("The applicant receives the reason by e-mail. This can't be taken back; it may apply again."),
            joining.decline,
            State.BEFORE_COMMITTEE,
            form=DeclineForm,
        ),
        Step(
            "note",
            _("Write a note"),
            _("Only the Technical Coordination reads it; the applicant never does."),
            joining.note,
            lambda row: row.forgotten_at is None,
            form=TextForm,
        ),
        _step(
            "conflict",
            _("Declare a conflict of interest"),
            _("You will not be able to record the outcome of this application. This can't be taken back."),
            joining.declare_conflict,
            *Application.OPEN,
            form=ConflictForm,
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        return super().get_queryset(request).handed_in()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Application | None = None) -> bool:
        """For the Technical Coordination: what the committee needs of it, its agenda brings."""
        return request.user.is_authenticated and request.user.is_coordinator

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Application | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Application | None = None) -> bool:
        return False

    def warning(self, step: Step, row: Application, user: AbstractBaseUser) -> str:
        return conflict_of(user, row) if step.name in ("admit", "decline") else ""

    @admin.display(description=_("name"), ordering="name_es")
    def name_es_or_en(self, application: Application) -> str:
        return str(application)

    @admin.display(description=_("the portal knows by this name or website"))
    def known_as(self, application: Application) -> SafeString | str:
        rows = ((reverse("admin:network_organisation_change", args=[row.pk]), row) for row in namesakes(application))
        return format_html_join(", ", '<a href="{}">{}</a>', rows) or _("nobody")

    def get_urls(self) -> list[URLPattern]:
        file = path(
            "<int:pk>/attachments/<int:attachment_pk>/",
            self.admin_site.admin_view(self.attachment),
            name="network_application_attachment",
        )
        return [file, *super().get_urls()]

    def attachment(self, request: HttpRequest, pk: int, attachment_pk: int) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise Http404
        application = get_object_or_404(self.get_queryset(request), pk=pk)
        return download(get_object_or_404(application.attachments, pk=attachment_pk))
