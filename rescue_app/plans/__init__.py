"""Response plans as data: kind × level → who does what by when, in versions."""
