"""The cause and the incident behind complaints: incidents with their plans, investigations (8D), assessments."""
