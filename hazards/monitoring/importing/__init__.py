"""Lists of stations with what they measure, and files of readings, as their owners have them."""
