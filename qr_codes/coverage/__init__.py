"""How far the one code reaches: labelled, mounted, patrolled, by area and kind."""
