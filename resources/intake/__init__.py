"""Everything that gets documents in."""
