"""Figures over many complaints: what they were about, how long they take, and whether it became better."""
