"""Courses, their questions, and who passed them."""
