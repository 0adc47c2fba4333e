"""Handing files out: through the gate, as bytes that can never act as a page of ours."""

import logging
import re

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from resources import use
from resources.models import File

log = logging.getLogger(__name__)
ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
"""A single byte range (RFC 9110, section 14); several at once are answered with the whole file."""

NOTHING_MAY_RUN = "default-src 'none'; sandbox"
A_VIEWER_MAY_RUN = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Browsers show no PDF under `sandbox`; their viewer runs no script of the document with our rights."""


@require_safe
def file(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """The bytes of a file, whole or from where a broken download stopped."""
    found = get_object_or_404(File.objects.visible_to(request.user).select_related("resource"), pk=pk)
    if name != found.name:
        return redirect(found)
    response = answer(request, found)
    use.fetched(request, response, found.resource)
    return response


def answer(request: HttpRequest, found: File) -> HttpResponseBase:
    """The bytes, for a view that has asked whether this reader may have them."""
    if request.headers.get("If-None-Match") == f'"{found.sha256}"':
        return _guarded(HttpResponse(status=304), found)
    try:
        return _guarded(_bytes_of(found, request.headers.get("Range", "")), found)
    except FileNotFoundError as missing:
        raise _lost(missing) from missing


@require_safe
def thumbnail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The picture of the first page."""
    found = get_object_or_404(File.objects.visible_to(request.user).exclude(thumbnail=""), pk=pk)
    try:
        response = FileResponse(found.thumbnail.open("rb"), content_type="image/webp")
    except FileNotFoundError as missing:
        raise _lost(missing) from missing
    response.headers["Content-Security-Policy"] = NOTHING_MAY_RUN
    _cache(response, found)
    return response


def _lost(missing: FileNotFoundError) -> Http404:
    """The row is there and its bytes are not: for the reader there is no such file, for us something is very wrong."""
    log.error("The store has lost a file", exc_info=missing)
    return Http404()


def _bytes_of(found: File, wanted: str) -> HttpResponseBase:
    begin, end = _range(wanted, found.size)
    if begin is None:
        response = FileResponse(found.content.open("rb"), content_type=found.format.media_type)
        response.headers["Content-Length"] = str(found.size)
        return response
    if begin >= found.size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{found.size}"})
    source = found.content.open("rb")
    source.seek(begin)
    response = FileResponse(_slice(source, end - begin + 1), status=206, content_type=found.format.media_type)
    response.headers["Content-Range"] = f"bytes {begin}-{end}/{found.size}"
    response.headers["Content-Length"] = str(end - begin + 1)
    return response


def _range(header: str, size: int) -> tuple[int | None, int]:
    """First and last byte asked for; (None, …) for the whole file."""
    match = ONE_RANGE.fullmatch(header)
    if not match or not any(match.groups()):
        return None, size - 1
    first, last = match.groups()
    if not first:
        return max(0, size - int(last)), size - 1
    if last and int(last) < int(first):
        return None, size - 1
    return int(first), min(int(last or size), size - 1)


def _slice(source: object, length: int) -> object:
    with source:
        while length > 0 and (chunk := source.read(min(65_536, length))):
            length -= len(chunk)
            yield chunk


def _guarded(response: HttpResponseBase, found: File) -> HttpResponseBase:
    inline = found.format.inline
    response.headers["Content-Disposition"] = content_disposition_header(not inline, found.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = A_VIEWER_MAY_RUN if found.kind == "pdf" else NOTHING_MAY_RUN
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = f'"{found.sha256}"'
    _cache(response, found)
    return response


def _cache(response: HttpResponseBase, found: File) -> None:
    """What everybody may read, everybody's cache may keep for an hour; anything else nobody's."""
    public = found.resource.is_published and found.resource.audience == "public"
    if public:
        patch_cache_control(response, public=True, max_age=3600)
    else:
        patch_cache_control(response, private=True, no_store=True)
