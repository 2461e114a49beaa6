"""Peace, urgent, war: which lists are in force, per area, from when to when."""
