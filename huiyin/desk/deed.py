"""A deed, as data: its place, its form, the one action behind it, the words after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.desk.forms import moves, orders
from huiyin.desk.keys import KEYS
from huiyin.org.actors import Actor

Given = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """The words after a deed, and where it can be taken back (by POST); for how many seconds, if that is soon over."""

    words: str
    undo: str = ""
    seconds: int = 0
    is_all: bool = False  # nothing is left to be done here, though the complaint still stands where it stood

    @property
    def tags(self) -> str:
        """For parts/toasts.html."""
        return f" undo:{self.undo} for:{self.seconds}" if self.undo else ""


@dataclass(frozen=True)
class Deed:
    """`noun` is its place under the complaint's or the order's address, `verb` its name in the rules.

    `do` may return the words after (or Said), where they depend on what was done; else `done` is said.
    `minds_changes`: what others did since the page was opened is told first. `is_quiet`: it stands under "more";
    `is_inside`: in a panel of its own.
    """

    noun: str
    verb: str
    form: type[moves.MoveForm]
    do: Callable[[Any, Given, Actor, datetime], object]
    done: Any
    submit: Any
    hint: Any = ""
    icon: str = ""
    tone: str = ""
    minds_changes: bool = True
    is_quiet: bool = False
    is_inside: bool = False

    @property
    def key(self) -> str:
        """The letter that leads to it."""
        return KEYS.get(self.noun, "")

    @property
    def is_plain(self) -> bool:
        """One press, nothing to fill in."""
        return self.form in {moves.PlainForm, orders.OrderPlainForm}
