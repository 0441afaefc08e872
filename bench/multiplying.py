"""Many complaints quickly: a few thousand are filed through the product, and copied by INSERT ... SELECT.

The copies have their own customers, numbers, dates, states, clocks, work orders and rare words. Their hash chains are
not valid: nothing that is measured here walks them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection

from bench.place import now
from bench.texts import Words

BASE = 2_000
BATCH = 500
DAYS = 1_095  # how far back they reach
OPEN_DAYS = 40  # nearly all that is older is over
CHANNELS = ("phone", "app", "api", "wechat", "counter")
WHERE = {"CC": 50, "BR-EAST-CC": 15, "BR-SOUTH-CC": 10, "BR-NORTH-CC": 8, "CTY-E01": 12, "BR-EAST": 5}


def file_base() -> None:
    """BASE complaints, taken in as from a table of the last hours, in units of unequal size."""
    from huiyin.intake.actions.taking_in import take_in_many
    from huiyin.intake.arrival import Arrival
    from huiyin.org.actors import SYSTEM
    from huiyin.org.models import Unit

    words, at = Words(7), now()
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=WHERE)}
    for start in range(0, BASE, BATCH):
        places = words.chance.choices([units[code] for code in WHERE], weights=list(WHERE.values()), k=BATCH)
        arrivals = [
            Arrival(
                text=words.text(), title=words.text()[:24], channel=words.one(CHANNELS),
                name=words.name(), phone=words.phone(), order_no=words.order_no(), received_unit=place,
                external_id=f"bench-{start + n}", issues=("要求退款", "要求书面道歉")[: words.chance.choice((1, 1, 2))],
            )
            for n, place in enumerate(places)
        ]  # fmt: skip
        take_in_many(arrivals, actor=SYSTEM, at=at)


def grow_to(wanted: int) -> None:
    """As many complaints as are wanted, and the tables analysed as they would be by then."""
    have = _one("SELECT count(*) FROM complaints_complaint")
    if have == 0:
        file_base()
        _run(_PREPARE)
        have = BASE
    first, last = have // BASE, wanted // BASE - 1
    if last >= first:
        with _without_indexes() if wanted >= 100_000 else _plainly():
            for start in range(first, last + 1, 50):
                _copy(start, min(start + 49, last))
    _run("VACUUM (ANALYZE)")


def _one(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


# The base itself is over, so that it does not stand out among few.
_PREPARE = """
UPDATE complaints_complaint SET state = 'closed';
UPDATE complaints_clock SET stopped_at = due_at;
CREATE TABLE bench_base AS
    SELECT c.id, c.customer_id, row_number() OVER (ORDER BY c.id) AS n FROM complaints_complaint c;
CREATE TABLE bench_unit AS
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM org_unit WHERE kind IN ('department', 'team');
CREATE SEQUENCE bench_k;
SELECT setval('complaints_complaint_id_seq', 100000000);
SELECT setval('customers_customer_id_seq', 100000000);
"""
_FIRST_COPY = 10_000_000  # ids of copies begin here: k * BASE + n


@contextmanager
def _plainly() -> Iterator[None]:
    """Without the checks of foreign keys, which the copies satisfy."""
    _run("SET session_replication_role = replica")
    try:
        yield
    finally:
        _run("RESET session_replication_role")


@contextmanager
def _without_indexes() -> Iterator[None]:
    """The large indexes are built once, at the end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN"
            " (SELECT conname FROM pg_constraint)",
            [list(_TABLES)],
        )
        indexes = cursor.fetchall()
    _run(*(f'DROP INDEX "{name}"' for name, _definition in indexes))
    try:
        with _plainly():
            yield
    finally:
        _run("SET maintenance_work_mem = '1GB'", *(definition for _name, definition in indexes))


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
            " ORDER BY ordinal_position",
            [table],
        )
        return [row[0] for row in cursor.fetchall()]


def _copy(first: int, last: int) -> None:
    """Copies number first to last of the base."""
    for table, (source, changed, skipped) in _TABLES.items():
        columns = [name for name in _columns(table) if name not in skipped]
        values = ", ".join(changed.get(name, f"t.{name}") for name in columns)
        names = ", ".join(f'"{name}"' for name in columns)
        _run(f"INSERT INTO {table} ({names}) SELECT {values} FROM {source.format(first=first, last=last)}")
    for follow_up in _FOLLOW_UPS:
        _run(follow_up.format(low=_FIRST_COPY + first * BASE + 1, high=_FIRST_COPY + last * BASE + BASE))


_ID = f"({_FIRST_COPY} + k * {BASE} + b.n)"
_COPIES = "generate_series({first}, {last}) AS k"
# how long ago it came in, in days: more lately than long ago; the same for all tables of one complaint
_AGO = f"({DAYS} * power(((hashint8({_ID}) & 1048575) / 1048576.0), 1.5))"
_PART = f"(hashint8({_ID} + 7) & 1023)"
_SHIFT = f"make_interval(secs => {_AGO} * 86400)"
_STATE = f"""CASE WHEN {_AGO} > {OPEN_DAYS} AND {_PART} > 4 OR {_PART} > 640
    THEN CASE WHEN {_PART} % 40 = 0 THEN 'withdrawn' ELSE 'closed' END
    ELSE (ARRAY['received', 'received', 'in_review', 'accepted', 'in_progress', 'in_progress',
        'in_progress', 'in_progress', 'in_audit', 'replying', 'resolved', 'awaiting_customer',
        'interim', 'reopened'])[1 + {_PART} % 14]
    END"""
_HAN = "chr(19968 + ((hashint8({id} + {salt}) & 16383)))"
_RARE = _HAN.format(id=_ID, salt=1) + " || " + _HAN.format(id=_ID, salt=2)

_Table = tuple[str, Mapping[str, str], frozenset[str]]
_TABLES: Mapping[str, _Table] = {
    "customers_customer": (
        f"customers_customer t JOIN bench_base b ON b.customer_id = t.id, {_COPIES}",
        {
            "id": _ID,
            "phone_digest": f"encode(sha256({_ID}::text::bytea), 'hex')",
            "email_digest": "''",
        },
        frozenset(),
    ),
    "complaints_complaint": (
        f"complaints_complaint t JOIN bench_base b ON b.id = t.id, {_COPIES}",
        {
            "id": _ID,
            "number": f"'TS' || to_char(t.received_at - {_SHIFT}, 'YYYYMMDD') || '-' || {_ID}",
            "external_id": "''",
            "message_id": "NULL",
            "customer_id": _ID,
            "order_no": f"'E' || lpad({_ID}::text, 11, '0')",
            "state": _STATE,
            "units": f"CASE WHEN {_PART} % 8 > 1 THEN t.units || (SELECT u.id FROM bench_unit u WHERE u.n ="
            f" (SELECT {_PART} % count(*) FROM bench_unit)) ELSE t.units END",
            "tracking_digest": f"encode(sha256(('t' || {_ID})::bytea), 'hex')",
            **{name: f"t.{name} - {_SHIFT}" for name in ("received_at", "filed_at", "state_since", "due_at")},
        },
        frozenset(),
    ),
    "complaints_searchable": (
        f"complaints_searchable t JOIN bench_base b ON b.id = t.complaint_id, {_COPIES}",
        {"complaint_id": _ID, "vector": f"t.vector || array_to_tsvector(ARRAY[{_RARE}])"},
        frozenset(),
    ),
    "complaints_chainhead": (
        f"complaints_chainhead t JOIN bench_base b ON b.id = t.complaint_id, {_COPIES}",
        {"complaint_id": _ID, "seq": "3"},
        frozenset(),
    ),
    "complaints_event": (
        f"complaints_event t JOIN bench_base b ON b.id = t.complaint_id, {_COPIES}, generate_series(1, 3) AS s",
        {
            "complaint_id": _ID,
            "seq": "s",
            "kind": "(ARRAY['filed', 'taken_up', 'reviewed'])[s]",
            "at": f"t.at - {_SHIFT} + s * interval '10 minutes'",
        },
        frozenset({"id"}),
    ),
    "complaints_clock": (
        f"complaints_clock t JOIN bench_base b ON b.id = t.complaint_id, {_COPIES}",
        {
            "complaint_id": _ID,
            "started_at": f"t.started_at - {_SHIFT}",
            "due_at": f"t.due_at - {_SHIFT}",
            "stopped_at": f"CASE WHEN {_AGO} > {OPEN_DAYS} OR {_PART} > 640 THEN t.due_at - {_SHIFT} END",
        },
        frozenset({"id"}),
    ),
    "complaints_issue": (
        f"complaints_issue t JOIN bench_base b ON b.id = t.complaint_id, {_COPIES}",
        {"complaint_id": _ID},
        frozenset({"id"}),
    ),
}
_ORDER_STATE = """CASE c.state WHEN 'in_progress' THEN
    (ARRAY['dispatched', 'acknowledged', 'handling', 'handling'])[1 + c.id % 4]
    WHEN 'in_audit' THEN 'completed' WHEN 'awaiting_customer' THEN 'handling' WHEN 'interim' THEN 'handling'
    ELSE 'passed' END"""
_FOLLOW_UPS = (
    "INSERT INTO dispatch_workorder (number, complaint_id, unit_id, state, instructions, findings, result_code,"
    " decline_reason, is_settled, round, dispatched_at, sign_due_at, due_at, order_due_at)"
    f" SELECT 'GD' || substr(c.number, 3) || '-1', c.id, c.units[array_length(c.units, 1)], {_ORDER_STATE},"
    " '请逐项核实并答复', CASE WHEN is_open THEN '' ELSE '已核实，为客户办理退款并致歉' END, '', '', false, 1,"
    " c.received_at + interval '1 hour', c.received_at + interval '1 day', c.due_at, c.due_at"
    " FROM complaints_complaint c WHERE c.id BETWEEN {low} AND {high} AND c.state NOT IN"
    " ('received', 'in_review', 'accepted', 'withdrawn', 'reopened') AND array_length(c.units, 1) > 1",
    "INSERT INTO dispatch_workorder_issues (workorder_id, issue_id) SELECT w.id, i.id FROM dispatch_workorder w"
    " JOIN complaints_issue i USING (complaint_id) WHERE w.complaint_id BETWEEN {low} AND {high}",
)
