"""Harvesting of sources that offer the Open Archives protocol (OAI-PMH 2.0)."""

from .harvesting import Batch, Harvested, harvest
from .source import PAUSE, Format, Identity, OaiSet, Stopped, identify, list_formats, list_sets

__all__ = [
    "PAUSE",
    "Batch",
    "Format",
    "Harvested",
    "Identity",
    "OaiSet",
    "Stopped",
    "harvest",
    "identify",
    "list_formats",
    "list_sets",
]
