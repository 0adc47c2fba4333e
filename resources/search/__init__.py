"""
Finding. One engine for every database: an inverted index of compressed bitmaps in ordinary tables.

What stands here is all there is to it; nothing outside imports the tables or the modules behind this door.
"""

from resources.search.analysis import STEMS, WORD, fold, forms, spoken, tidy, words
from resources.search.completion import Suggestion, complete
from resources.search.facets import FacetValue
from resources.search.names import label
from resources.search.passages import Snippet, snippets
from resources.search.reading import Query, Results, search
from resources.search.similar import more_like
from resources.search.writing import index, keep_up, names_changed, rebuild

__all__ = [
    "STEMS",
    "WORD",
    "FacetValue",
    "Query",
    "Results",
    "Snippet",
    "Suggestion",
    "complete",
    "fold",
    "forms",
    "index",
    "keep_up",
    "label",
    "more_like",
    "names_changed",
    "rebuild",
    "search",
    "snippets",
    "spoken",
    "tidy",
    "words",
]
