"""Photos and voice notes of a visit, to an asset or to a point."""
