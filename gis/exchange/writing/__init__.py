"""Tables out: rows in slices become a file that other programs open, and memory stays small."""
