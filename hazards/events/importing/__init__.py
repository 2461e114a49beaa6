"""Disaster records from other people's catalogues, with their own words kept beside ours."""
