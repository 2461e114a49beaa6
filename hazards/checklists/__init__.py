"""What to look at: templates and items for points and assets alike."""
