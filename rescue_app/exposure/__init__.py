"""Whom and what a place holds: people, homes, points and assets, by one call."""
