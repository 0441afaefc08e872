"""投诉 (the heart): the complaint, its issues, clocks, letters, notes and attachments,
and the hash-chained record of all that happens to it.

Work orders, surveys and investigations point at a complaint from apps above; nothing here knows of them.
"""
