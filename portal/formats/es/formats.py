"""Numbers as Central America and Mexico write them: 12,500.50. The rest is Django's Spanish."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
