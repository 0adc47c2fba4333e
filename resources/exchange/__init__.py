"""Everything that lets the library's descriptions out to other programs."""
