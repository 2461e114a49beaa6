"""Disaster records: what happened, where and how exactly we know it."""
