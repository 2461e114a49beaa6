"""What cameras see: an event in a place and time becomes a finding or a proposed warning."""
