"""Who complains: one row for a person, whose contact data is sealed at rest and found again by digest."""
