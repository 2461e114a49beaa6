"""What the people of one incident draw on its map together, and who drew what."""
