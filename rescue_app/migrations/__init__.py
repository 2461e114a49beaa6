"""The schema's history; on top because it sees every table."""
