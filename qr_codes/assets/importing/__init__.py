"""Other people's lists of assets into the registry: checked, compared, and only then written."""
