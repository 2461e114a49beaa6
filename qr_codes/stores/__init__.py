"""Stores of materials: where they lie, who keeps the key, what and how much is there."""
