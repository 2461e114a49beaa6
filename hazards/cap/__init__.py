"""Warnings as CAP 1.2 messages: ours as they go out, those of others as they come in."""
