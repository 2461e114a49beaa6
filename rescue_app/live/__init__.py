"""Pages that change by themselves: one listener per process, the log is the database."""
