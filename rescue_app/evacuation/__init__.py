"""Who is moved out of a danger area: by whom, to which shelter, and who confirmed it."""
