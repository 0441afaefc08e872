"""客户门户: where a customer files a complaint, follows it, adds to it, and accepts the answer or not. No account.

Nothing here rests on a cookie or a session. Whoever has a tracking link may act on that complaint, so that link is
kept from caches, search engines and other sites.
"""
