"""When Python looks for garbage. What is loaded stays, and requests and rows leave hardly any cycles behind them."""

import gc

YOUNG, MIDDLE, OLD = 50_000, 20, 50  # Python's own 700, 10, 10 are a tenth of the time of an import


def spare() -> None:
    """From now on what is loaded is never looked at again, the rest less often; in forked children too."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
