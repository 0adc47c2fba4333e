"""The applicant's pages: begin without an account, go on by a link, follow what becomes of it."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network import application_links, attachments, joining
from network.joining_forms import AnswerForm, BeginForm, DraftForm, EmailForm, WithdrawForm
from network.models import Application, Attachment
from portal.core import limits, links
from portal.core.http import address_of

NOTHING_MAY_RUN = "default-src 'none'; sandbox"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """What joining means, and the three lines a draft begins with."""
    form = BeginForm(request.POST) if request.method == "POST" else BeginForm()
    if not form.is_bound:
        return render(request, "network/join.html", {"form": form})
    if not form.is_valid():
        return render(request, "network/join.html", {"form": form}, status=422)
    given = {name: form.cleaned_data[name] for name in ("name", "contact_name", "contact_email")}
    if not _may_begin(request, given["contact_email"]):
        form.add_error(None, _("Too many applications were begun from here. Please try again in an hour."))
        return render(request, "network/join.html", {"form": form}, status=429)
    application = joining.begin_once(form.key, language=get_language(), **given)
    messages.success(request, _("Your application is begun. We have sent the link to this page to your e-mail."))
    return redirect(application_links.path(application))


def _may_begin(request: HttpRequest, email: str) -> bool:
    by_address = limits.allow("join", address_of(request), times=20, within=HOUR)
    return limits.allow("join", email, times=5, within=DAY) and by_address


def by_link(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """
    The gate of an application: a signed link that still opens it. What is behind is nobody else's to keep or to find.

    Whoever sends something by a mailed link has confirmed the address.
    """

    @wraps(view)
    def inner(request: HttpRequest, token: str, **kwargs: object) -> HttpResponseBase:
        try:
            opened = application_links.read(token)
        except links.OldLink:
            return render(request, "network/application_link.html", {"token": token}, status=410)
        except links.BrokenLink:
            return render(request, "network/application_link.html", status=404)
        if opened.is_mailed and request.method == "POST" and not opened.application.is_confirmed:
            joining.confirm_email(opened.application)
        request.link = token
        try:
            response = view(request, opened.application, **kwargs)
        except joining.WrongState as problem:
            messages.warning(request, str(problem))
            response = _back(request)
        patch_cache_control(response, private=True, no_store=True)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return inner


def _back(request: HttpRequest, anchor: str = "") -> HttpResponse:
    return redirect(reverse("network:application", args=[request.link]) + anchor)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def application(request: HttpRequest, application: Application) -> HttpResponse:
    """The draft to be filled in; once it is handed in, how it stands."""
    if not application.is_draft:
        return _followed(request, application, AnswerForm())
    if "confirm" in request.POST:
        return _handed_in(request, application, DraftForm(instance=application))
    form = DraftForm(request.POST or None, request.FILES or None, instance=application)
    if request.method != "POST":
        return _draft(request, application, form)
    _keep(application, form)
    if form.errors:
        return _draft(request, application, form)
    if "detach" in request.POST:
        _detach(application, request.POST["detach"])
        return _back(request, "#files")
    if upload := form.cleaned_data.get("file"):
        return _attached(request, application, form, upload)
    if "hand_in" in request.POST:
        return _handed_in(request, application, form)
    messages.success(request, _("Saved. With the link in our e-mail you can go on at any time."))
    return _back(request)


def _keep(application: Application, form: DraftForm) -> None:
    form.is_valid()
    joining.save(application, form.kept(), countries=form.cleaned_data.get("countries"))


def _draft(request: HttpRequest, application: Application, form: DraftForm) -> HttpResponse:
    context = {
        "form": form,
        "application": application,
        "email_form": EmailForm(initial={"contact_email": application.contact_email}),
        "token": request.link,
        "is_mailed": application_links.read(request.link).is_mailed,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "network/application_edit.html", context, status=status)


def _handed_in(request: HttpRequest, application: Application, form: DraftForm) -> HttpResponse:
    if not application.is_confirmed and not _may_write(request, application):
        return _back(request)
    try:
        joining.hand_in(application)
    except joining.Incomplete as incomplete:
        if not form.is_bound:
            messages.warning(request, _("Something is still missing. Please fill it in and hand the application in."))
            return _back(request)
        for field in incomplete.fields:
            form.add_error(field, _("This is still needed."))
        return _draft(request, application, form)
    return _back(request)


def _may_write(request: HttpRequest, application: Application) -> bool:
    """Not more than a few letters a day to one application, whoever presses the button."""
    if limits.allow("application-letter", str(application.pk), times=6, within=DAY):
        return True
    messages.warning(request, _("We have sent several e-mails today. Please look for them, also among the spam."))
    return False


def _attached(
    request: HttpRequest, application: Application, form: DraftForm | AnswerForm, upload: object
) -> HttpResponse:
    """The page again, with the file or with the reason why not."""
    try:
        attachments.take(application, upload)
    except (attachments.Refused, joining.TooMany) as refused:
        form.add_error("file", getattr(refused, "message", str(refused)))
        return _draft(request, application, form)
    messages.success(request, _("The file has been added."))
    return _back(request, "#files")


def _detach(application: Application, key: str) -> None:
    if not key.isdecimal():
        raise Http404
    joining.detach(get_object_or_404(application.attachments, pk=key))


def _followed(request: HttpRequest, application: Application, form: AnswerForm) -> HttpResponse:
    context = {
        "application": application,
        "form": form,
        "token": request.link,
        "remarks": application.remarks.for_the_applicant(),
    }
    return render(request, "network/application_follow.html", context, status=422 if form.is_bound else 200)


@require_POST
@by_link
def application_save(request: HttpRequest, application: Application) -> HttpResponse:
    """What a script sends while somebody types: kept, and one line about it."""
    form = DraftForm(request.POST, instance=application)
    try:
        _keep(application, form)
    except joining.WrongState as problem:
        return render(request, "network/_application_saved.html", {"problem": str(problem)}, status=422)
    return render(request, "network/_application_saved.html", {"form": form, "application": application})


@require_POST
@by_link
def application_email(request: HttpRequest, application: Application) -> HttpResponse:
    """Another address, or the link to the same one anew."""
    form = EmailForm(request.POST)
    if not form.is_valid():
        messages.error(
            request,
            _("This e-mail address can't be right: “%s”. Please look at it again.")
            % form.data.get("contact_email", "")[:100],
        )
        return _back(request)
    if _may_write(request, application):
        joining.correct_email(application, form.cleaned_data["contact_email"])
        messages.success(request, _("We have sent the link to %s.") % application.contact_email)
    return redirect(application_links.path(application))


@require_POST
@by_link
def application_answer(request: HttpRequest, application: Application) -> HttpResponse:
    """The answer to the coordination's question, with a file if one is chosen."""
    form = AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _followed(request, application, form)
    try:
        if upload := form.cleaned_data["file"]:
            attachments.take(application, upload)
    except (attachments.Refused, joining.TooMany) as refused:
        form.add_error("file", getattr(refused, "message", str(refused)))
        return _followed(request, application, form)
    joining.answer(application, form.cleaned_data["text"])
    messages.success(request, _("Thank you. Your answer is with the Technical Coordination."))
    return _back(request)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def application_withdraw(request: HttpRequest, application: Application) -> HttpResponse:
    """Asks once more, then takes the application back for good."""
    form = WithdrawForm(request.POST or None)
    if not application.is_open:
        raise joining.WrongState
    if form.is_valid():
        joining.withdraw(application, reason=form.cleaned_data["reason"])
        messages.success(request, _("The application has been withdrawn."))
        return _back(request)
    context = {"application": application, "form": form, "token": request.link}
    return render(request, "network/application_withdraw.html", context, status=422 if form.is_bound else 200)


@require_safe
@by_link
def application_file(request: HttpRequest, application: Application, pk: int) -> HttpResponseBase:
    """A file of one's own application, to be kept and not shown."""
    return download(get_object_or_404(application.attachments, pk=pk))


def download(attachment: Attachment) -> FileResponse:
    """The bytes of an attachment: never as a page, never in a shared cache."""
    try:
        content = attachment.content.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(
        content, as_attachment=True, filename=attachment.name, content_type="application/octet-stream"
    )
    response.headers["Content-Security-Policy"] = NOTHING_MAY_RUN
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_POST
def application_link(request: HttpRequest, token: str) -> HttpResponse:
    """A new link in place of one that is too old, to the address of the application and nobody else's."""
    application = application_links.owner(token)
    if application and limits.allow("application-letter", str(application.pk), times=6, within=DAY):
        joining.send_link(application)
    messages.success(request, _("If the application is still kept, a new link is on its way to its e-mail address."))
    return redirect("network:join")
