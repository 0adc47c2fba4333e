"""What the committee's room holds about somebody who has an account."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.models import User
from network.privacy import Row, part
from steering.models import Letter


@part("committee_letters", _("Letters of the committee"), kind=_("kind"), email=_("e-mail"), sent=_("sent"))
def _letters(user: User) -> list[Row]:
    theirs = Letter.objects.filter(Q(person__user=user) | Q(email=user.email))
    return [(letter.get_kind_display(), letter.email, letter.sent_at) for letter in theirs]
