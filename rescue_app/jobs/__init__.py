"""Long work that outlives the page that asked for it: queued, run, watched, cancelled."""
