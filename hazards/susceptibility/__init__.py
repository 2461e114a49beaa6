"""Where it has not happened yet but may: what the places of records have in common, mapped."""
