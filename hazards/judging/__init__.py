"""What readings mean: rules as data, judged the same way live and in a replay, with the reason."""
