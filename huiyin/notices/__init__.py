"""What a member is told, and how it reached them: the inbox, and by mail, short message, group robot or webhook.

Knows members, a number as text and the path of a page; nothing of complaints. Whether a member may still know of a
number, an app above says (guards.py). A message may arrive twice, never get lost in silence: each try is on record.
"""
