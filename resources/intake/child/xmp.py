"""The DOI that publishers put into the XMP packet of a PDF."""

import re
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

LIMIT = 1024 * 1024
MAX_FILE = 30 * 1024 * 1024  # pypdf reads a broken file from end to end
DOI_TAGS = ("{http://prismstandard.org/namespaces/basic/", "{http://ns.adobe.com/pdfx/", "{http://www.crossref.org/")
DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]{1,180}")


def doi(path: Path) -> str:
    """ "" when there is none or the packet cannot be read: many are broken, and nothing depends on it."""
    if path.stat().st_size > MAX_FILE:
        return ""
    try:
        root = fromstring(packet(path), forbid_dtd=True)
    except Exception:
        return ""
    return next((found[0] for value in doi_values(root) if (found := DOI.search(value))), "")


def packet(path: Path) -> bytes:
    from pypdf import PdfReader  # takes as long to load as all the rest

    with path.open("rb") as file:
        metadata = PdfReader(file, strict=False).trailer["/Root"].get_object()["/Metadata"]
        return metadata.get_object().get_data()[:LIMIT]


def doi_values(root: Element) -> list[str]:
    """Texts and attributes called doi; dc:identifier when it is one."""
    values = []
    for element in root.iter():
        for name, value in [(element.tag, element.text or ""), *element.attrib.items()]:
            local = name.rpartition("}")[2].lower()
            if local == "doi" or (local == "identifier" and "10." in value):
                values.append(value)
    return values
