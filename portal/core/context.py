from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """What every page may print: the site's own address and its languages."""
    return {"SITE_URL": settings.SITE_URL, "LANGUAGES": settings.LANGUAGES}
