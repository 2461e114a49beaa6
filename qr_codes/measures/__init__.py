"""Disposal measures: cards of steps by kind of asset, hazard and mode, in dated editions."""
