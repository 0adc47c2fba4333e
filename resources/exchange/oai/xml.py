"""XML that is always well formed, whatever stands in the library."""

import re
from datetime import UTC, datetime

from lxml import etree

OAI = "http://www.openarchives.org/OAI/2.0/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ILLEGAL = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""What XML 1.0 can't hold, not even as a reference (section 2.2)."""


def add(parent: etree._Element, name: str, text: object = "", **attributes: str) -> etree._Element:
    """A child of that name ("{namespace}local"); `lang` among the attributes is the language of its text."""
    child = etree.SubElement(parent, name)
    child.text = clean(str(text)) or None
    for key, value in attributes.items():
        child.set(LANG if key == "lang" else key, clean(value))
    return child


def clean(text: str) -> str:
    return ILLEGAL.sub("", text)


def stamp(moment: datetime) -> str:
    """As the protocol writes it: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
