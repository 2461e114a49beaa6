"""Second floor: things with a label, and the patrol loop."""
