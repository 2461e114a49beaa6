"""Call and answer: one person, one message, a ladder that climbs until somebody answered."""
