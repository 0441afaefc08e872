"""What is offered to a customer: options, limits of authority, approval by another, what was chosen and given."""
