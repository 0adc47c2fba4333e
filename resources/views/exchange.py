"""What other programs ask the library."""

import logging

from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from resources.exchange import oai as provider

log = logging.getLogger(__name__)
LATER = 60
"""Seconds after which a harvester may ask again."""


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    """OAI-PMH 2.0: errors are answers like any other; only a database that is busy or away makes a harvester wait."""
    try:
        arguments = list((request.POST if request.method == "POST" else request.GET).lists())
    except SuspiciousOperation:  # more arguments than anybody means
        arguments = [("verb", [])]
    try:
        body = provider.answer(arguments, request.build_absolute_uri(request.path))
    except OperationalError:
        log.exception("A harvester has to wait")
        return HttpResponse(status=503, headers={"Retry-After": str(LATER)})
    return HttpResponse(body, content_type="text/xml; charset=utf-8")
