"""Things that carry a code: roads, bridges, drains and whatever else a city adds."""
