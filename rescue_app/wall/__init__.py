"""The commander's wall: one incident at a glance, now or as it was, and what people drew on it."""
