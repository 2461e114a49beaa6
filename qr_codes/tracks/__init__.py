"""The way a patrol walked, for whoever wants it noted: off by default, one's own, soon gone."""
