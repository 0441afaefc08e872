"""Sweeps go on until nothing is left, or the process is asked to stop."""

import threading

import pytest

from huiyin.lib import sweeping


def test_batch_follows_batch_until_one_finds_nothing_or_the_process_is_asked_to_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sweeping, "_asked_to_stop", threading.Event())
    left = [3, 2, 1, 0]
    sweeping.until_done(lambda: left.pop(0))
    assert left == []

    left = [3, 2, 1, 0]

    def asked_to_stop_meanwhile() -> int:
        sweeping.stop()
        return left.pop(0)

    sweeping.until_done(asked_to_stop_meanwhile)
    assert left == [2, 1, 0]
