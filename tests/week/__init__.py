"""A week of the company with a holiday in it, told by the minute: what people did, what the product did about it, and
what it should have done, reckoned from sla.yaml's words by code that shares nothing with the product's."""
