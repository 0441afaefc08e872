"""The single key of each deed, by its noun; none where two that may stand on one page would share it.

Taken elsewhere: c new complaint, g ... go to, j k o x in lists, m note, r letter, t call, z undo sending, n p next and
previous of a shelf, . show changes, / search, ? the sheet.
"""

KEYS: dict[str, str] = {
    # on a complaint
    "taking-up": "u",
    "review": "y",
    "return": "w",
    "resubmission": "y",
    "resolution": "f",
    "dispatch": "d",
    "renewed-dispatch": "d",
    "letters": "e",
    "closure": "f",
    "validity": "v",
    "validity-confirmation": "v",
    "answer": "h",
    "pause": "q",
    "resumption": "b",
    "interim": "i",
    "reopening": "l",
    "assignment": "a",
    # on a work order; with several on a page, of the first
    "signature": "s",
    "start": "h",
    "completion": "f",
    "decline": "w",
    "nudge": "u",
    "pass": "y",
    "send-back": "w",
    "redispatch": "d",
}
