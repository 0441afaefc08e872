"""When an editor had last seen saved what they write over: `None` for never, UNSEEN for one who did not look first."""

from datetime import UTC, datetime
from typing import Final

UNSEEN: Final = datetime.min.replace(tzinfo=UTC)
