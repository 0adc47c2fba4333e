"""
Looking up what a person only named: a DOI in its register, the page or the file at an address.

Every request passes `portal.core.outgoing`. Nothing here touches the database.
"""

from .addresses import Fetched, fetched
from .answers import NotFound, Said
from .register import registered

__all__ = ["Fetched", "NotFound", "Said", "fetched", "registered"]
