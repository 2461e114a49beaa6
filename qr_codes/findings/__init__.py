"""What a patrol found, until it is verified mended."""
