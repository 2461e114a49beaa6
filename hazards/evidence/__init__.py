"""What the records say of places: found by statistics, given with reasons, judged by people."""
