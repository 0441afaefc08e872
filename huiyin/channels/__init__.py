"""Messages in and out: every one is kept as it came or went, whatever is made of it above."""
