"""What the links of a letter open, without an account: look at documents, then say what shall become of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import links
from resources import checking, consent
from resources.consent_forms import ChangeForm
from resources.models import Consent, File
from resources.views import files

State = Consent.State
View = Callable[..., HttpResponseBase]


def by_letter(view: View) -> View:
    """
    Gives the view what the link opens, and lets nobody keep or pass on its address.

    The link alone says who somebody is, no cookie does: nobody can be made to answer who does not hold it, so there is
    nothing for a CSRF token to add (and without a referrer browsers send no origin one could check).
    """

    @csrf_exempt
    @wraps(view)
    def inner(request: HttpRequest, token: str, **kwargs: object) -> HttpResponseBase:
        try:
            response = view(request, consent.opened(token), token=token, **kwargs)
        except links.BrokenLink:
            response = render(request, "resources/asked_broken.html", status=404)
        patch_cache_control(response, private=True, no_store=True)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return inner


@dataclass
class Row:
    """A document as the page prints it."""

    consent: Consent
    problem: str = ""

    def __post_init__(self) -> None:
        self.work = self.consent.resource
        self.state = self.consent.state
        self.is_waiting = self.state == State.WAITING
        if self.is_waiting:
            self.checked = checking.checked(self.work)
            self.seen = consent.fingerprint(self.work)


@require_http_methods(["GET", "HEAD", "POST"])
@by_letter
def asked(request: HttpRequest, opened: consent.Opened, *, token: str) -> HttpResponse:
    """The documents of a letter as they would be published; nothing happens before a button is pressed."""
    problems = _answer(request, opened) if request.method == "POST" else {}
    if request.method == "POST" and not problems:
        return redirect(request.path)
    return _page(request, opened, token, problems)


def _page(request: HttpRequest, opened: consent.Opened, token: str, problems: dict[int, str]) -> HttpResponse:
    rows = [Row(one, problems.get(one.pk, "")) for one in opened.consents.with_works()]
    waiting = [row for row in rows if row.is_waiting]
    context = {
        "asked": opened.asked,
        "asking": opened.asked.asking,
        "rows": rows,
        "waiting": waiting,
        "must_look": any(row.checked.must_look for row in waiting),
        "token": token,
    }
    is_over = not waiting and not any(row.state in (State.PUBLISHED, State.NOT_OURS) for row in rows)
    return render(request, "resources/asked.html", context, status=422 if problems else 410 if is_over else 200)


def _answer(request: HttpRequest, opened: consent.Opened) -> dict[int, str]:
    """Do what the button says; gives what stood in the way, by document."""
    problems = {}
    wanted = request.POST.get("one", "")
    for one in opened.consents.with_works():
        if wanted not in (str(one.pk), "all") or (wanted == "all" and one.state != State.WAITING):
            continue
        if problem := _answer_one(request, opened, one):
            problems[one.pk] = problem
    return problems


def _answer_one(request: HttpRequest, opened: consent.Opened, one: Consent) -> str:
    try:
        if "not_ours" in request.POST:
            consent.not_ours(one, by=opened, reason=request.POST.get("reason", "").strip()[:2000])
        elif "publish" in request.POST:
            seen = request.POST.get(f"seen-{one.pk}", "")
            consent.publish(one, by=opened, seen=seen, looked="looked" in request.POST)
    except consent.NotOpen:
        return ""  # the page says how it stands
    except consent.LooksOtherwise:
        return _("This document has changed since you opened the page. Please look at it again.")
    except checking.NotLooked as problem:
        return str(problem)
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@by_letter
def change(request: HttpRequest, opened: consent.Opened, *, token: str, pk: int) -> HttpResponse:
    """Correct the main fields; publishing is another button, on the page before."""
    one = get_object_or_404(opened.consents.with_works(), pk=pk)
    back = reverse("resources:asked", args=[token])
    if one.state != State.WAITING:
        return redirect(back)
    form = ChangeForm(request.POST or None, work=one.resource)
    if request.method == "POST" and form.is_valid():
        try:
            consent.change(one, by=opened, seen=request.POST.get("seen", ""), values=form.values)
            return redirect(f"{back}#document-{pk}")
        except consent.NotOpen:
            return redirect(back)
        except consent.LooksOtherwise:
            form.add_error(None, _("Somebody else has changed this document meanwhile. Please compare and save again."))
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
    seen = consent.fingerprint(one.resource)
    context = {"form": form, "one": one, "back": back, "seen": seen}
    return render(request, "resources/asked_change.html", context, status=422 if form.errors else 200)


@require_safe
@by_letter
def file(request: HttpRequest, opened: consent.Opened, *, token: str, pk: int, name: str) -> HttpResponseBase:
    """A file of a document that waits for this person's answer."""
    waiting = [one.resource_id for one in opened.consents.with_works() if one.state == State.WAITING]
    found = get_object_or_404(File.objects.select_related("resource"), pk=pk, resource__in=waiting)
    if name != found.name:
        raise Http404
    return files.answer(request, found)
