"""What gauges and sensors measure: stations, their streams, and every reading that came."""
