"""Visits to assets: what was answered, by whom, where and when."""
