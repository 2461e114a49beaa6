"""The tree of administrative areas, true from a day to a day."""
