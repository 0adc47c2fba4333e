"""The colours of the portal, for the files it prints."""

BRAND, BRAND_DEEP, WASH = "#0d5c63", "#083d43", "#e4f0ef"
MAIZE, INK, MUTED, LINE = "#c9771a", "#14242a", "#52636a", "#ddd8cb"
