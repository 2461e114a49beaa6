"""Views of the map that a person keeps: a name for a question, a place and a day."""
