"""What comes back up from where a crew stands: its reports, its calls for support, its safety."""
