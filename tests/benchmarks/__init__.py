"""How fast we are beside the least possible and beside the program one would pick instead."""
