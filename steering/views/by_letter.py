"""
What the links of the committee's letters open, without an account: a meeting to answer to, something to report, minutes
to read and object to.

Nothing happens before a button is pressed: mail programs follow links by themselves.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.core import limits, links
from portal.core.refused import Refused
from steering import answering, invitations, observing, reminders
from steering.answering import Standing
from steering.letter_forms import AnswerForm, ObservationForm, QuestionForm, ReportForm

View = Callable[..., HttpResponseBase]
HOUR = timedelta(hours=1)
GONE = 410


def by_link(opens: Callable[[str], object]) -> Callable[[View], View]:
    """
    Gives the view what the link opens, and lets nobody keep or pass on its address.

    The link alone says who somebody is, no cookie does: nobody can be made to answer who does not hold it, so there is
    nothing for a CSRF token to add (and without a referrer browsers send no origin one could check).
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def inner(request: HttpRequest, token: str) -> HttpResponseBase:
            try:
                response = view(request, opens(token))
            except links.OldLink:
                response = render(request, "steering/by_letter/old.html", status=GONE)
            except links.BrokenLink:
                response = render(request, "steering/by_letter/old.html", {"is_broken": True}, status=404)
            patch_cache_control(response, private=True, no_store=True)
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return inner

    return decorate


def _took(request: HttpRequest, form: Form, act: Callable[[], None], *, who: int) -> bool:
    """Do what a form says; what stands in the way is told by the form."""
    if not form.is_valid():
        return False
    if not limits.allow("by-letter", str(who), times=40, within=HOUR):
        form.add_error(None, _("That was too often in one hour. Please try again later."))
        return False
    try:
        act()
    except Refused as refused:
        form.add_error(None, refused)
    return not form.errors


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(answering.opened)
def invitation(request: HttpRequest, opened: answering.Opened) -> HttpResponse:
    """A meeting as whoever is called to it sees it, and their answer, which may change until it begins."""
    form = AnswerForm(request.POST if request.method == "POST" else None, opened=opened)
    if request.method == "POST" and _took(request, form, form.act, who=opened.letter.pk):
        return redirect(f"{request.path}#answer")
    context = invitations.context_of(opened.invitation) | {
        "opened": opened,
        "standing": opened.standing.value,
        "until": answering.answers_until(opened.meeting).astimezone(opened.meeting.zone).replace(tzinfo=None),
        "proposed": answering.waiting_for_accreditation(opened.invitation),
        "form": form,
    }
    is_gone = opened.standing not in (Standing.OPEN, Standing.CLOSED)
    return render(request, "steering/by_letter/invitation.html", context, status=_status(form, is_gone))


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(reminders.opened)
def action(request: HttpRequest, opened: reminders.Opened) -> HttpResponse:
    """Something an organisation is to do: report that it is done or under way, or ask."""
    data = request.POST if request.method == "POST" else None
    asks = data is not None and "ask" in data
    done, question = ReportForm(None if asks else data), QuestionForm(data if asks else None)
    if data is not None and _reported(request, opened, done, question):
        return redirect(request.path)
    context = {"opened": opened, "action": opened.action, "done": done, "question": question}
    form = question if asks else done
    return render(request, "steering/by_letter/action.html", context, status=_status(form, not opened.action.is_open))


def _reported(request: HttpRequest, opened: reminders.Opened, done: ReportForm, question: QuestionForm) -> bool:
    """Do what the button says."""
    who = opened.letter.pk
    if "ask" in request.POST:
        return _took(request, question, lambda: reminders.ask(opened, question.cleaned_data["text"].strip()), who=who)
    if "under_way" in request.POST:
        nothing = Form(request.POST)
        return _took(request, nothing, lambda: reminders.under_way(opened), who=who) or not opened.action.is_open
    return _took(request, done, lambda: reminders.done(opened, **done.shown), who=who)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(observing.opened)
def round(request: HttpRequest, opened: observing.Opened) -> HttpResponse:
    """Minutes that go round, as this person may read them, and what they object to."""
    if opened.is_replaced:
        return render(
            request, "steering/by_letter/round.html", {"opened": opened, "record": opened.record}, status=GONE
        )
    form = ObservationForm(request.POST if request.method == "POST" else None, opened=opened)
    if request.method == "POST" and _took(request, form, lambda: _observe(opened, form), who=opened.letter.pk):
        return redirect(f"{request.path}#observations")
    context = {
        "opened": opened,
        "record": opened.record,
        "content": opened.content,
        "said": observing.said_by(opened),
        "form": form,
    }
    return render(request, "steering/by_letter/round.html", context, status=_status(form, is_gone=False))


def _observe(opened: observing.Opened, form: ObservationForm) -> None:
    observing.observe(opened, text=form.cleaned_data["text"].strip(), item=form.cleaned_data["item"])


def _status(form: Form, is_gone: bool) -> int:
    return 422 if form.errors else GONE if is_gone else 200
