"""Measuring the product: `python -m bench`, or `make bench`. Nothing of this is shipped."""
