"""What Zammad, FreeScout and Libredesk need for the ten tasks of tools/usability.py, as their own pages tell it."""

from typing import NamedTuple

NOT_FOUND = "not found in their documentation"
_ZAMMAD = "https://github.com/zammad/zammad-user-documentation/blob"
SOURCES = {
    "Zammad: keyboard shortcuts": f"{_ZAMMAD}/0300d7b513cd2d4d4f093dbc069504b1026e744f/advanced/keyboard-shortcuts.rst",
    "Zammad: browse": f"{_ZAMMAD}/17f3f8240b05ff078549bc8b195bf7d50ba34123/basics/find-ticket/browse.rst",
    "Zammad: search": f"{_ZAMMAD}/04ce0e6369ffac8c7a48c9806e3eb8770a803c08/basics/find-ticket/search.rst",
    "Zammad: update": f"{_ZAMMAD}/0453d3a0ad7eae11d041036bbbe5fbde4f6c7dfa/basics/work-with-tickets/update-tickets.rst",
    "Zammad: workflows": f"{_ZAMMAD}/04e7480098e48c94e1453d30d7e22fd245e93480/advanced/suggested-workflows.rst",
    "Zammad: mobile": f"{_ZAMMAD}/1bdb91027aa743ff53a14fa3acc565abbe08cd4b/extras/mobile-view.rst",
    "Zammad: create": f"{_ZAMMAD}/1e521662a770047cb7513d68823d64b69f33254b/basics/work-with-tickets/create-tickets.rst",
    "FreeScout: README": "https://github.com/freescout-help-desk/freescout#features",
    "FreeScout: issue 3300": "https://github.com/freescout-help-desk/freescout/issues/3300",
    "FreeScout: issue 3974": "https://github.com/freescout-help-desk/freescout/issues/3974",
    "Libredesk: README": "https://github.com/abhinavxd/libredesk#features",
}


class Told(NamedTuple):
    words: str
    source: str = ""


class Others(NamedTuple):
    zammad: Told
    other: Told


OTHERS = (
    Others(
        Told("1 key to the overviews, 2 clicks: the overview, the ticket", "Zammad: browse"),
        Told(
            "FreeScout: after a reply the next one opens by itself; for the first: " + NOT_FOUND,
            "FreeScout: issue 3974",
        ),
    ),
    Others(
        Told("1 key, 1 text, 1 key or click on the result", "Zammad: search"),
        Told("Libredesk: search covers every conversation; steps " + NOT_FOUND, "Libredesk: README"),
    ),
    Others(
        Told(
            "1 key for the note, `@@` and 1 key for the name, 2 texts, 1 click on “update”",
            "Zammad: keyboard shortcuts",
        ),
        Told("FreeScout: internal notes; mentions and steps " + NOT_FOUND, "FreeScout: README"),
    ),
    Others(
        Told("1 key to reply, 1 text, 1 click on “update”", "Zammad: keyboard shortcuts"),
        Told("Libredesk: Ctrl+K and a macro, which may hold the reply; steps " + NOT_FOUND, "Libredesk: README"),
    ),
    Others(
        Told(NOT_FOUND + "; an article that was sent cannot be deleted while it is public", "Zammad: update"),
        Told("FreeScout: 1 click on “Undo” in the notification", "FreeScout: issue 3300"),
    ),
    Others(
        Told("1 click on the text field, 2 for the type “call”, 1 text, 1 on “update”", "Zammad: update"),
        Told("FreeScout: phone conversations; steps " + NOT_FOUND, "FreeScout: README"),
    ),
    Others(
        Told(
            "no signing; a mobile view of which “we intentionally do not provide specific instructions”",
            "Zammad: mobile",
        ),
        Told("FreeScout: apps with all functions; no signing, steps " + NOT_FOUND, "FreeScout: README"),
    ),
    Others(
        Told("no routing table by hand: 2 clicks for the group, 2 for the owner, 1 on “update”", "Zammad: workflows"),
        Told("Libredesk: Ctrl+K and a macro that assigns a team; steps " + NOT_FOUND, "Libredesk: README"),
    ),
    Others(
        Told("3 clicks and 1 drag onto the owner; by drop-downs 3, 2 and 1 on “confirm”", "Zammad: workflows"),
        Told(NOT_FOUND),
    ),
    Others(
        Told(
            "1 key, 1 click on the type, 3 texts (title, customer, text), 1 on the customer, 2 for the group",
            "Zammad: create",
        ),
        Told("FreeScout: phone conversations; steps " + NOT_FOUND, "FreeScout: README"),
    ),
)
