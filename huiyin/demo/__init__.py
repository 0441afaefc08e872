"""The fictional demo company's complaints: hand-written texts, varied by code and lived through by the product's own actions."""
