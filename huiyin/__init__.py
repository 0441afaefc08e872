"""回音 Huiyin: a customer-complaint management system in which nobody can quietly lose a complaint."""

__version__ = "0.1.0"
