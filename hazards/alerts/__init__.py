"""Colour warnings: where, how grave, until when; proposed by one, approved by another."""
