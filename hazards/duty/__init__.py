"""Who is there to be called: units, their people, and crews that can be sent."""
