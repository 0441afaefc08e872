"""The single key of each deed, by its noun; none where two that may stand on one page would share it.

Taken elsewhere: c new complaint, g ... go to, j k o x in lists, b note, n p next and previous of a shelf,
. show changes, / search, ? the sheet.
"""

KEYS: dict[str, str] = {
    # on a complaint
    "taking-up": "t",
    "review": "r",
    "return": "w",
    "resubmission": "r",
    "resolution": "f",
    "dispatch": "d",
    "renewed-dispatch": "d",
    "letters": "e",
    "closure": "z",
    "validity": "v",
    "validity-confirmation": "v",
    "answer": "h",
    "pause": "q",
    "resumption": "q",
    "interim": "i",
    "reopening": "r",
    "merger": "m",
    "separation": "m",
    "assignment": "a",
    "legal-opinion": "l",
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
