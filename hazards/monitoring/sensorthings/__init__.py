"""The stations in the words and by the addresses of OGC SensorThings 1.1; nothing is kept twice."""
