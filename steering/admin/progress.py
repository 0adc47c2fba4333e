"""Quarters that take reports on the plan, and what was reported: read, approved, returned."""

from django import forms
from django.contrib import admin
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils import timezone, translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import User
from portal.core.steps import ReasonForm, Step
from steering.admin import bulk, letters
from steering.admin.bodies import ACTION_PLAN, SteeringAdmin
from steering.models import Period, ProgressReport
from steering.plan import periods, reporting, requests

State = ProgressReport.State


class OpenForm(forms.Form):
    """Until when a quarter takes reports."""

    wants_row = True

    closes_on = forms.DateField(
        label=gettext_lazy("Last day for reports"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("On the day after it, the quarter is locked again by itself."),
    )

    def __init__(self, *args: object, row: Period, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.initial["closes_on"] = requests.usual_last_day(timezone.localdate())


BEGINNINGS = {
    "number": gettext_lazy("Thank you for your report. Could you add how many people or places it reached?"),
    "evidence": gettext_lazy("Thank you, this is good progress. Could you add a document or an address that shows it?"),
    "state": gettext_lazy("Thank you. The words and the state do not seem to say the same: could you look once more?"),
    "another": gettext_lazy("Thank you. This text seems to belong to another activity: could you look once more?"),
}


class ReturnForm(forms.Form):
    """What is to be added or put right, in kind words."""

    wants_row = True

    beginning = forms.ChoiceField(
        label=gettext_lazy("Begin with"), required=False, help_text=gettext_lazy("Or write everything below.")
    )
    note = forms.CharField(
        label=gettext_lazy("What is to be added or put right"), required=False, max_length=1800,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("Whoever reported gets these words by e-mail, with the link to the report."),
    )  # fmt: skip

    def __init__(self, *args: object, row: ProgressReport, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        with translation.override(requests.language_of(row)):
            said = [(code, str(words)) for code, words in BEGINNINGS.items()]
        self.fields["beginning"].choices = [("", _("Nothing")), *said]

    def clean(self) -> dict[str, str]:
        """One text, in the language of whoever reported as far as it is ours."""
        said = super().clean()
        beginning = dict(self.fields["beginning"].choices)[said["beginning"]] if said.get("beginning") else ""
        note = "\n\n".join(part for part in (beginning, said.get("note", "").strip()) if part)
        if not note and not self.errors:
            self.add_error("note", _("Say what is to be added or put right."))
        return {"note": note}


class ApproveForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Only for an activity that was completed and is not any more."),
    )  # fmt: skip


WAITS = Case(When(state=State.SUBMITTED, then=0), default=1)
SINCE = Case(When(state=State.SUBMITTED, then="submitted_at"))
"""What waits comes first, the longest wait before the others."""


@admin.register(ProgressReport)
class ProgressReportAdmin(SteeringAdmin):
    task = ACTION_PLAN
    list_display = ["about", "quarter", "organisation", "state", "status_said", "submitted_at", "approved_alone"]
    list_filter = [
        "state", "period__plan", "period__quarter", "approved_alone",
        ("organisation", admin.RelatedOnlyFieldListFilter),
    ]  # fmt: skip
    ordering = [WAITS.asc(), SINCE.asc(), "-submitted_at", "-pk"]
    list_select_related = ["period__plan", "activity", "indicator", "organisation"]
    search_fields = [
        "activity__code", "indicator__code", "narrative", "organisation__name_es", "organisation__acronym",
    ]  # fmt: skip
    search_help_text = gettext_lazy("Code, words or organisation.")
    fieldsets = [
        (None, {"fields": ["state", "quarter", "about", "planned", "organisation"]}),
        (
            gettext_lazy("What was reported"),
            {"fields": ["status_said", "value", "narrative", "challenges", "shown_documents", "evidence_url"]},
        ),
        (gettext_lazy("The report before"), {"fields": ["before"]}),
        (gettext_lazy("Who"), {"fields": ["reporter_name", "submitted_at", "decided_by", "decided_at",
                                          "approved_alone", "note", "sent_to"]}),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]  # fmt: skip
    readonly_fields = [name for _title, group in fieldsets for name in group["fields"]]
    steps = (
        Step(
            "approve",
            gettext_lazy("Approve"),
            gettext_lazy("From now on it counts, and the activity stands as it says. It can't be written any more."),
            reporting.approve,
            offered=lambda row: row.state == State.SUBMITTED,
            form=ApproveForm,
        ),
        Step(
            "return",
            gettext_lazy("Return it with a note"),
            gettext_lazy("Whoever reported gets your words by e-mail and can change the report and send it again."),
            reporting.return_report,
            offered=lambda row: row.state == State.SUBMITTED and row.period.is_open,
            form=ReturnForm,
        ),
        Step(
            "reopen",
            gettext_lazy("Reopen what was approved"),
            gettext_lazy("It waits for approval again and counts no more; the activity stands as it was said before."),
            reporting.reopen,
            offered=lambda row: row.state == State.APPROVED,
            form=ReasonForm,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProgressReport]:
        """Drafts are nobody's to read yet."""
        rows = super().get_queryset(request).exclude(state=State.DRAFT)
        return rows.select_related(*self.list_select_related, "decided_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def may_change(self, row: ProgressReport) -> bool:
        """What somebody reported stays as it was written."""
        return False

    def warning(self, step: Step, row: ProgressReport, user: User) -> str:
        if step.name != "approve" or not reporting.is_reporter(row, user):
            return ""
        return _("You reported this yourself. You can approve it only if nobody else could; it will be marked.")

    @admin.display(description=gettext_lazy("on"))
    def about(self, report: ProgressReport) -> str:
        return str(report.activity or report.indicator)

    @admin.display(description=gettext_lazy("quarter"), ordering="period__quarter")
    def quarter(self, report: ProgressReport) -> str:
        return str(report.period)

    @admin.display(description=gettext_lazy("what is planned"))
    def planned(self, report: ProgressReport) -> str:
        of = report.version.terms if report.activity_id else report.version.indicator_terms
        on = {"activity": report.activity_id} if report.activity_id else {"indicator": report.indicator_id}
        terms = of.filter(**on).first()
        return str(terms.shown_text) if terms else ""

    @admin.display(description=gettext_lazy("documents that show it"))
    def shown_documents(self, report: ProgressReport) -> SafeString:
        works = ((work.get_absolute_url(), work.shown_title) for work in report.documents.all())
        return format_html_join("", '<a href="{}">{}</a><br>', works)

    @admin.display(description=gettext_lazy("approved before"))
    def before(self, report: ProgressReport) -> str:
        last = reporting.approved_before(report)
        if last is None:
            return _("Nothing yet")
        words = [last.get_status_said_display(), "" if last.value is None else str(last.value), last.narrative]
        return f"{last.period}: " + " · ".join(word for word in words if word)

    @admin.display(description=gettext_lazy("outgoing letters"))
    def sent_to(self, report: ProgressReport) -> SafeString:
        return letters.listed(report.letters.all())


@admin.register(Period)
class PeriodAdmin(SteeringAdmin):
    task = ACTION_PLAN
    list_display = ["quarter_name", "plan", "opened_on", "closes_on", "takes_reports"]
    list_filter = ["plan"]
    list_select_related = ["plan"]
    fieldsets = [
        (None, {"fields": ["quarter_name", "plan", "opened_on", "closes_on", "takes_reports", "standing"]}),
        (gettext_lazy("Outgoing letters"), {"fields": ["sent_to"], "classes": ["collapse"]}),
        (gettext_lazy("History"), {"fields": ["history"], "classes": ["collapse"]}),
    ]
    readonly_fields = [name for _title, group in fieldsets for name in group["fields"]]
    steps = (
        Step(
            "open",
            gettext_lazy("Open it for reports"),
            gettext_lazy("Every organisation that has something to report gets a letter with a link to its form."),
            requests.open_and_ask,
            offered=lambda row: not row.is_open,
            form=OpenForm,
        ),
        Step(
            "extend",
            gettext_lazy("Set another last day"),
            gettext_lazy("Organisations that have not reported get a letter that names the new day."),
            requests.open_and_ask,
            offered=lambda row: row.is_open,
            form=OpenForm,
        ),
        Step(
            "ask_again",
            gettext_lazy("Ask again"),
            gettext_lazy("Organisations that have not reported get the letter once more, at most once a day."),
            requests.ask_again,
            offered=lambda row: row.opened_on is not None,
        ),
        Step(
            "close",
            gettext_lazy("Close it now"),
            gettext_lazy("From now on it takes no reports. What waits for approval can still be approved."),
            periods.close_period,
            offered=lambda row: row.is_open,
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        return [*bulk.urls(self.admin_site), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def may_change(self, row: Period) -> bool:
        return False

    def reaches(self, step: Step, row: Period) -> str:
        if step.name == "close":
            return ""
        return requests.reach_in_words(row)

    @admin.display(description=gettext_lazy("quarter"), ordering="quarter")
    def quarter_name(self, period: Period) -> str:
        return str(period)

    @admin.display(description=gettext_lazy("takes reports"), boolean=True)
    def takes_reports(self, period: Period) -> bool:
        return period.is_open

    @admin.display(description=gettext_lazy("how it stands"))
    def standing(self, period: Period) -> SafeString:
        lines = periods.due(period)
        arrived, waiting = sum(line.is_in for line in lines), sum(line.state == State.SUBMITTED for line in lines)
        said = _("%(n)d of %(of)d lines reported, %(waiting)d wait for approval.")
        links = [
            (reverse("admin:steering_silent", args=[period.pk]), _("Who has not reported")),
            (reverse("admin:steering_bulk", args=[period.pk]), _("All activities of the quarter on one page")),
        ]
        told = said % {"n": arrived, "of": len(lines), "waiting": waiting}
        return format_html("{} {}", told, format_html_join("", '<br><a href="{}">{}</a>', links))

    @admin.display(description=gettext_lazy("outgoing letters"))
    def sent_to(self, period: Period) -> SafeString:
        return letters.listed(period.letters.order_by("-pk")[:200])
