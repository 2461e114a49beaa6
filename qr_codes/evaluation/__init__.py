"""The city looks at a sample of what was closed: drawn by a seed, scored, sent back if need be."""
