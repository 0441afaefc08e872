"""A sweep looks at many rows, each by itself: one that cannot be dealt with must not keep the others waiting."""

import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

import structlog
from django.db import OperationalError, models, transaction

Row = TypeVar("Row", bound=models.Model)
PUT_OFF = timedelta(hours=1)
log = structlog.get_logger(__name__)
_asked_to_stop = threading.Event()


def until_done(sweep: Callable[[], object]) -> None:
    """One batch after the other, until one finds nothing. Asked to stop meanwhile, the process ends with the batch at
    hand; whoever sweeps next finds the others."""
    while not _asked_to_stop.is_set() and sweep():
        pass


def stop() -> None:
    """This process begins no further batch."""
    _asked_to_stop.set()


def one_by_one(
    rows: Iterable[Row], act: Callable[[Row], bool], *, put_off: Callable[[Row], object] | None = None
) -> int:
    """How many were acted on, one savepoint or transaction each. A row that fails is on the log, and put off so that
    it does not come first again; but not where the database itself was busy or away, which is no fault of the row."""
    done = 0
    for row in rows:
        try:
            with transaction.atomic():
                done += bool(act(row))
        except OperationalError:
            log.exception("sweep.database", table=row._meta.label_lower, pk=row.pk)
        except Exception:
            log.exception("sweep.row", table=row._meta.label_lower, pk=row.pk)
            if put_off is not None:
                put_off(row)
    return done
