"""The order on its way down: hops, answers, and what they add up to."""
