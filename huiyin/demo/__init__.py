"""The fictional demo company: complaints written by hand, varied by code, lived through the product's own actions."""
