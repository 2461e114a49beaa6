"""Orders going down while everything breaks: `python -m tests.faults --runs 1000`."""
