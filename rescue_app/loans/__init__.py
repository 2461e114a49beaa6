"""Crews borrowed across districts: asked for, agreed or refused with a reason, and home again."""
