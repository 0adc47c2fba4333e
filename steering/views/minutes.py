"""Minutes, their files, and the page that says whether a file is theirs."""

import re

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from resources.models.resource import Audience, audiences_of
from steering import keeping
from steering.minutes_content import readable
from steering.models import Minutes, MinutesFile


@require_safe
def minutes(request: HttpRequest, code: str, revision: int) -> HttpResponse:
    """The record of one meeting, as it was sent round or approved; an older revision says that there is a newer one."""
    year, number, prefix = _parts(code)
    found = Minutes.objects.visible_to(request.user).select_related("meeting__body", "approved_in__body")
    record = get_object_or_404(
        found, meeting__body__prefix=prefix, meeting__year=year, meeting__number=number, revision=revision
    )
    newest = found.filter(meeting=record.meeting_id).order_by("-revision").first()
    context = {
        "record": record,
        "page_object": record,
        "newest": newest if newest != record else None,
        "files": record.files.select_related("minutes__meeting__body").best_for(request.user),
        "content": readable(record.content, audiences_of(request.user)),
    }
    return render(request, "steering/minutes.html", context)


@require_safe
def minutes_file(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Minutes as they were kept, always as a download."""
    readable_files = MinutesFile.objects.readable_by(request.user).select_related("minutes__meeting__body")
    found = get_object_or_404(readable_files, pk=pk)
    if name != found.name:
        return redirect(found)
    answer = FileResponse(found.content.open("rb"), as_attachment=True, filename=found.name)
    answer.headers["ETag"] = f'"{found.sha256}"'
    patch_cache_control(answer, **({"public": True} if found.audience == Audience.PUBLIC else {"no_store": True}))
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Is this file, or the file with this fingerprint, the one on record? It is compared, and not kept."""
    upload = request.FILES.get("file")
    said = request.POST.get("sha256") or request.GET.get("sha256", "")
    sha256 = keeping.fingerprint(upload.chunks()) if upload else keeping.cleaned(said)
    found = keeping.find(sha256) if sha256 else None
    context = {
        "asked": bool(upload or said.strip()),
        "unreadable": bool(said.strip()) and not sha256,
        "sha256": sha256,
        "said": said[:200],
        "found": found,
        "open": found and MinutesFile.objects.readable_by(request.user).filter(pk=found.pk).exists(),
        "newest": Minutes.objects.in_force().filter(meeting=found.minutes.meeting).first() if found else None,
    }
    return render(request, "steering/verify.html", context, status=422 if context["unreadable"] else 200)


def _parts(code: str) -> tuple[int, int, str]:
    """Year, number and prefix out of a meeting's code. Raises Http404 for what is none."""
    match = re.fullmatch(r"(?:([A-Z]{1,6})-)?([0-9]{4})-([0-9]{2,4})", code)
    if match is None:
        raise Http404
    return int(match[2]), int(match[3]), match[1] or ""
