"""What is due at which point, for whom, by when; begun, answered, overdue."""
