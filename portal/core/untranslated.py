"""Words of Django's and taggit's own pages that their Spanish catalogues do not have yet: ours has them."""

from django.utils.translation import gettext_noop

WORDS = [
    gettext_noop("- Select an option -"),
    gettext_noop("tag"),
    gettext_noop("tags"),
    gettext_noop("Pagination %(name)s"),
    gettext_noop("Search %(name)s"),
]
