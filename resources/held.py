"""What the library holds about somebody who has an account."""

from django.utils.translation import gettext_lazy as _

from network.models import User
from network.privacy import Row, part
from resources.models import Gathering, Resource


@part(
    "documents",
    _("Documents handed in"),
    number=_("number"),
    title=_("title"),
    status=_("status"),
    entered=_("entered"),
)
def _documents(user: User) -> list[Row]:
    works = Resource.objects.filter(created_by=user).order_by("pk")
    return [(work.pk, str(work), work.get_status_display(), work.created_at) for work in works]


@part("gatherings", _("Lists and files brought in"), name=_("name"), kind=_("kind"), begun=_("begun"))
def _gatherings(user: User) -> list[Row]:
    return [(row.name, row.get_kind_display(), row.created_at) for row in Gathering.objects.filter(by=user)]
