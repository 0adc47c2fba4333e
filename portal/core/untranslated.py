"""Words of Django's, taggit's and allauth's that their Spanish catalogues lack or say otherwise: ours has them."""

from django.utils.translation import gettext_noop

WORDS = [
    gettext_noop("- Select an option -"),
    gettext_noop("tag"),
    gettext_noop("tags"),
    gettext_noop("Pagination %(name)s"),
    gettext_noop("Search %(name)s"),
    gettext_noop("You must type the same password each time."),
]
