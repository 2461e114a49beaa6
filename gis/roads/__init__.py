"""The road graph: how long it takes from where somebody is to where he is needed."""
