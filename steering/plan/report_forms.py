"""The form with which an organisation reports, a small one for each line: by the link of a letter, at its desk, and in
the admin."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Organisation
from portal.core.http import paginate
from portal.core.refused import Refused
from portal.core.versions import version_of
from resources.models import Resource
from steering.models import IndicatorTerms, Period, ProgressReport
from steering.plan import periods, reporting
from steering.plan.periods import Line
from steering.plan.reporting import Reporter
from steering.plan.values import Actual, Unsure, ValueField

NUMBER_IN_ADDRESS = re.compile(r"(?:/(?:recursos|resources)/)?(\d{1,18})(?:[-/?#].*)?")
MOST_DOCUMENTS = 20
LINES_ON_A_PAGE = 40
Data = Mapping[str, str]
WAYS = [(state.value, state.label) for state in reporting.SAID]


class DocumentsField(forms.CharField):
    """Published documents of the library, one a line: the number or the address of each."""

    widget = forms.Textarea({"rows": 2})

    def to_python(self, value: object) -> list[Resource]:
        wanted = [line.strip() for line in super().to_python(value).splitlines() if line.strip()]
        if len(wanted) > MOST_DOCUMENTS:
            raise forms.ValidationError(_("At most %(n)d documents.") % {"n": MOST_DOCUMENTS})
        numbers = {line: _number(line) for line in wanted}
        known = Resource.objects.published().in_bulk([number for number in numbers.values() if number])
        unknown = [line for line, number in numbers.items() if number not in known]
        if unknown:
            sentence = _("The library has no published document with this number or address: %(lines)s")
            raise forms.ValidationError(sentence % {"lines": ", ".join(unknown)})
        return list({number: known[number] for number in numbers.values()}.values())

    def has_changed(self, initial: list[Resource] | None, data: object) -> bool:
        try:
            return self.to_python(data) != (initial or [])
        except forms.ValidationError:
            return True

    def prepare_value(self, value: object) -> object:
        return "\n".join(str(work.pk) for work in value) if isinstance(value, list) else value


def _number(line: str) -> int | None:
    found = NUMBER_IN_ADDRESS.search(line) if "/" in line else NUMBER_IN_ADDRESS.fullmatch(line)
    return int(found[1]) if found else None


class LineForm(forms.Form):
    """One line of the plan in one quarter. Nothing is needed to keep it; what is needed to send it, the action says."""

    status_said = forms.ChoiceField(
        label=gettext_lazy("How does it stand?"), choices=WAYS, required=False, widget=forms.RadioSelect
    )
    value = ValueField(label=gettext_lazy("Value"), required=False)
    is_right = forms.BooleanField(label=gettext_lazy("Yes, this value is right"), required=False)
    narrative = forms.CharField(
        label=gettext_lazy("What was done, in a few words"), max_length=4000, required=False,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    challenges = forms.CharField(
        label=gettext_lazy("What stands in the way"), max_length=4000, required=False,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    documents = DocumentsField(
        label=gettext_lazy("Documents of the library that show it"), required=False,
        help_text=gettext_lazy("The number or the address of each page, one a line, such as 123."),
    )  # fmt: skip
    evidence_url = forms.URLField(
        label=gettext_lazy("Or another address that shows it"), max_length=500, required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    not_said = {"seen", "is_right"}
    """Fields that are not of the report."""
    left_out: tuple[str, ...] = ()
    """Fields that a page does not ask for, and so leaves as they are."""

    def __init__(self, line: Line, data: Data | None = None) -> None:
        self.line = line
        super().__init__(data, prefix=line.key, initial=_initial(line))
        without = ["value"] if line.is_activity else ["status_said"]
        if not line.is_activity and line.terms.measure == IndicatorTerms.Measure.QUALITATIVE:
            without = ["value", "status_said"]
        for name in (*without, *self.left_out):
            self.fields.pop(name, None)
        if not line.is_activity:
            self.fields["narrative"].label = _("In words")
        if "value" in self.fields and line.terms.shown_unit:
            self.fields["value"].label = _("Value (%(unit)s)") % {"unit": line.terms.shown_unit}
        self.asks = data is not None and self.add_prefix("is_right") in data
        """Is somebody to say that the value is right?"""
        self.has_been = ""
        """What has become of it just now: `sent`, `kept`."""

    @property
    def is_touched(self) -> bool:
        """Has somebody typed something that is not kept yet?"""
        typed = {name for name in self.changed_data if self.add_prefix(name) in self.data}
        return bool(typed - self.not_said)

    def said(self) -> dict[str, object]:
        """What is right of what was typed."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.not_said}

    @property
    def says_more(self) -> bool:
        """Is there something, or something wrong, in what is folded away?"""
        return any(self[name].value() or self[name].errors for name in ("challenges", "documents", "evidence_url"))

    @property
    def shown_version(self) -> str:
        return self.data.get(self.add_prefix("seen"), "")

    def keep(self, reporter: Reporter) -> bool:
        """Keep what is right of it as a draft; gives whether that was possible."""
        self.is_valid()
        try:
            kept = reporting.keep_draft(self.line, self.said(), reporter=reporter, seen=self.shown_version)
        except Refused as refused:
            self._tell(refused)
            return False
        if kept:
            self.line.report, self.has_been = kept, "kept"
            self._show_version(kept)
        return not self.errors

    def send(self, reporter: Reporter) -> bool:
        """Send the line in; where something lacks, it is told, and the rest is kept as a draft."""
        if not self.is_valid():
            self.keep(reporter)
            return False
        is_right = bool(self.cleaned_data.get("is_right"))
        try:
            with transaction.atomic():
                self.line.report = reporting.submit(
                    self.line, self.said(), reporter=reporter, seen=self.shown_version, is_right=is_right
                )
        except reporting.Changed as changed:
            self._tell(changed)
            return False
        except Refused as refused:
            self.keep(reporter)
            self._tell(refused)
            return False
        self.has_been = "sent"
        return True

    def _tell(self, refused: Refused) -> None:
        self.asks = self.asks or isinstance(refused, Unsure)
        if hasattr(refused, "error_dict"):
            for name, problems in refused.error_dict.items():
                self.add_error(name if name in self.fields else None, problems)
        elif not set(refused.messages) & set(self.non_field_errors()):
            self.add_error(None, refused)
        if isinstance(refused, reporting.Changed):  # whoever has read the sentence may save over it
            self._show_version(reporting.standing(self.line))

    def _show_version(self, report: ProgressReport | None) -> None:
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = version_of(report) if report else ""


def _initial(line: Line) -> dict[str, object]:
    report = line.report
    if report is None:
        return {"seen": ""}
    names = ("status_said", "value", "narrative", "challenges", "evidence_url")
    said = {name: getattr(report, name) for name in names}
    return said | {"documents": list(report.documents.all()), "seen": version_of(report)}


# --- All lines of an organisation ------------------------------------------------------------------------------------


@dataclass
class Row:
    """A line as the page shows it: with its form while it can be written, and what was there before."""

    line: Line
    form: LineForm | None
    last: ProgressReport | None
    """The last report on the activity that was approved, of a quarter before."""
    stood: Actual | None
    """Where the indicator stood by the quarters before."""


class Sheet:
    """What one organisation reports in a quarter: a page of its lines, each saved by itself."""

    def __init__(self, period: Period, organisation: Organisation, *, page: str = "", data: Data | None = None) -> None:
        self.period, self.organisation = period, organisation
        self.lines = periods.due(period, organisations=[organisation.pk])
        self.page = paginate(self.lines, page, size=LINES_ON_A_PAGE)
        self.locked = periods.why_locked(period)
        self.sent = 0
        """How many lines were sent in just now."""
        last, stood = before(self.page.object_list)
        self.rows = [
            Row(line, self._form(line, data), last.get(line.key), stood.get(line.key)) for line in self.page.object_list
        ]

    def _form(self, line: Line, data: Data | None) -> LineForm | None:
        """None for what only is to be read; what somebody has typed for it all the same is shown to them."""
        if data is None:
            return None if line.is_in or self.locked else LineForm(line)
        if f"{line.key}-seen" not in data:
            return None if line.is_in or self.locked else LineForm(line)
        form = LineForm(line, data)
        return form if not line.is_in or form.is_touched else None

    @property
    def forms(self) -> list[LineForm]:
        return [row.form for row in self.rows if row.form]

    @property
    def missing(self) -> int:
        return sum(not line.is_in for line in self.lines)

    @property
    def has_errors(self) -> bool:
        return any(form.is_bound and form.errors for form in self.forms)

    def keep(self, reporter: Reporter) -> None:
        """Keep what was typed as drafts, line by line."""
        for form in self.forms:
            if form.is_bound and form.is_touched:
                form.keep(reporter)

    def send(self, reporter: Reporter) -> None:
        """Send the lines in on which something is written, line by line; those left empty stay as they are."""
        for form in self.forms:
            if not form.is_bound:
                continue
            if form.is_touched or form.line.state == ProgressReport.State.DRAFT:
                form.send(reporter)
            elif form.line.state == ProgressReport.State.RETURNED:
                form.add_error(None, _("This came back with a note: change it, then send it again."))
        self.sent = sum(form.has_been == "sent" for form in self.forms)
        for row in self.rows:
            if row.form and row.form.has_been == "sent":
                row.form = None


def before(lines: Sequence[Line]) -> tuple[dict[str, ProgressReport], dict[str, Actual]]:
    """By the keys of the lines what was approved in the quarters before; in three queries."""
    if not lines:
        return {}, {}
    version, upto = lines[0].terms.version, lines[0].period.quarter - 1
    last = {f"a{key}": report for key, report in reporting.latest(version, upto=upto).items()}
    stood = {f"i{key}": found for key, found in reporting.actuals(version, upto=upto).items()}
    return last, stood
