"""Hands on a keyboard with a Chinese input method: real composition events, by Chromium's own protocol. No mouse."""

from playwright.sync_api import Locator, Page, expect

from tests.stories.browsing import PATIENCE

PROCESS = 229  # the key code of whatever an input method swallows


class Typist:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.protocol = page.context.new_cdp_session(page)

    def press(self, keys: str) -> None:
        for key in keys.split():
            self.page.keyboard.press(key)

    def writes(self, text: str) -> None:
        """Letters and digits, which no input method touches."""
        self.page.keyboard.type(text)

    def composes(self, pinyin: str, text: str, *, then: str = "Space") -> None:
        """Letter by letter in the composition, then the words in its place, chosen by the key that ends it."""
        for end in range(1, len(pinyin) + 1):
            self._swallowed(pinyin[end - 1])
            self.protocol.send(
                "Input.imeSetComposition", {"text": pinyin[:end], "selectionStart": end, "selectionEnd": end}
            )
        self._swallowed(then)
        self.protocol.send("Input.insertText", {"text": text})

    def _swallowed(self, key: str) -> None:
        """The page hears of the key as browsers tell it: code 229, within the composition where there is one."""
        for kind in ("rawKeyDown", "keyUp"):
            self.protocol.send("Input.dispatchKeyEvent", {"type": kind, "key": key, "windowsVirtualKeyCode": PROCESS})

    def goes_to(self, place: Locator, *, by: str = "Tab", within: int = 40) -> None:
        """By that key alone, as long as it takes."""
        for _press in range(within):
            if place.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press(by)
        expect(place).to_be_focused(timeout=PATIENCE)
