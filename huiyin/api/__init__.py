"""开放接口: the product's HTTP interface for machines, `/api/v1`. It turns JSON into one domain call and back.

Its one table keeps the answers that were given under an Idempotency-Key; no domain row lives here.
"""
