"""Two web processes and two workers on one PostgreSQL: a worker is killed at work, PostgreSQL restarts under load, two
people act at once. No complaint is lost, none is there twice, and the chain holds."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from tests.house.hosts import Answer, Site
from tests.house.running import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]

TEXT = "上周六在旗舰店买的星桥电饭煲，用了三次就不通电，指示灯不亮。打了两次电话都说会回电，到现在没有人联系我。"
CLIENTS = 8


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Not below pytest's own folder, which another run of pytest would close to the server's account."""
    folder = Path(tempfile.mkdtemp(prefix="huiyin-many-"))
    try:
        made = Site(folder)
        yield made
        made.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def body(key: str, number: int) -> dict[str, Any]:
    customer = {"name": "客户张伟", "phone": f"139{number:08}", "email": "zhangwei@example.com"}
    return {"text": TEXT, "channel": "api", "order_no": key, "customer": customer}


def file(site: Site, key: str, number: int, *, at: int) -> Answer:
    return site.api("agent", "POST", "/complaints", body(key, number), at=at, Idempotency_Key=key)


def filed_at_last(site: Site, key: str, number: int) -> Answer:
    """What a careful client does: it asks again, with the same key, until it has an answer."""
    answers: list[Answer] = []

    def is_filed() -> bool:
        try:
            answers.append(file(site, key, number, at=number + len(answers)))
        except (OSError, HTTPException):
            answers.append(Answer(0, {}))
        return answers[-1].status == 201

    wait_for(f"{key} was filed", is_filed)
    assert {answer.status for answer in answers[:-1]} <= {0, 503}
    return answers[-1]


def there(site: Site, prefix: str) -> dict[str, str]:
    """The complaints by their order number; fails if one is there twice."""
    found = site.rows("select order_no, number from complaints_complaint where order_no like %s", f"{prefix}%")
    assert len(dict(found)) == len(found)
    return dict(found)


def undelivered(site: Site) -> list[Any]:
    """Complaints without a receipt, and messages that wait."""
    return site.rows(
        "select c.number, m.status from complaints_complaint c"
        " left join channels_message m on m.external_id = c.number || '.receipt' where m.status is distinct from 'sent'"
    )


def wait_for_receipts(site: Site) -> None:
    """Fails telling what is held up, and by whom."""
    try:
        wait_for("every receipt went out", lambda: not undelivered(site))
    except AssertionError as in_vain:
        in_vain.add_note(f"missing: {undelivered(site)}")
        for question in (
            "select task_name, status, worker_id, attempts, scheduled_at, args from procrastinate_jobs",
            "select id, status, attempts, claimed_at, due_at from channels_message where status <> 'received'"
            " and status <> 'sent'",
            "select id, now() - last_heartbeat from procrastinate_workers",
        ):
            in_vain.add_note("\n".join(map(str, site.rows(question)[:40])))
        for host in site.hosts:
            in_vain.add_note(f"worker {host.worker.pid} {host.worker.poll()}\n{host.log.read_text()[-3000:]}")
        raise


def the_record_holds(site: Site) -> None:
    assert "完整" in site.run("audit", "verify")[0]


@pytest.mark.req("C106")
def test_a_worker_killed_at_its_work_loses_nothing_and_doubles_nothing(site: Site) -> None:
    killed: list[str] = []

    def kill(name: str, port: int) -> None:
        if len(site.mailbox.seen) == 40 and not killed:
            host = next(host for host in site.hosts if host.sends_from(port))
            host.worker.kill()  # the mail is with the server, and the worker will never know
            host.worker.wait()
            killed.append(name)

    site.mailbox.on_mail = kill
    keys = [f"KILL-{number:03}" for number in range(300)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        asked = [pool.submit(file, site, key, number, at=at) for number, key in enumerate(keys) for at in (0, 1)]
    answers = [each.result() for each in asked]
    wait_for("a worker was killed", lambda: bool(killed))

    assert {answer.status for answer in answers} == {201}
    numbers = [answer.body["number"] for answer in answers]
    assert numbers[::2] == numbers[1::2]
    assert there(site, "KILL-") == dict(zip(keys, numbers[::2], strict=True))

    for host in site.hosts:
        if host.worker.poll() is not None:
            host.worker = host.start("worker")
    held = (
        "select j.worker_id from procrastinate_jobs j join channels_message m on (j.args->>'message_id')::bigint = m.id"
        " where j.status = 'doing' and m.external_id = %s"
    )
    site.pass_the_time(*(worker for (worker,) in site.rows(held, killed[0])))
    wait_for_receipts(site)
    tries = site.rows("select external_id, attempts from channels_message where attempts > 1")
    assert tries == [(killed[0], 2)]
    assert site.mailbox.seen == {f"{number}.receipt": 1 for number in numbers} | {killed[0]: 2}
    the_record_holds(site)


@pytest.mark.req("C106")
def test_postgresql_restarts_under_load_and_everything_comes_back_by_itself(site: Site) -> None:
    site.mailbox.on_mail = lambda name, port: None
    before = [worker for (worker,) in site.rows("select id from procrastinate_workers")]
    keys = [f"RESTART-{number:03}" for number in range(200)]
    enough = threading.Event()

    def count(done: "Future[Answer]") -> None:
        if sum(each.done() for each in asked) > 60:
            enough.set()

    with ThreadPoolExecutor(CLIENTS) as pool:
        asked = [pool.submit(filed_at_last, site, key, 1000 + number) for number, key in enumerate(keys)]
        for each in asked:
            each.add_done_callback(count)
        assert enough.wait(60)
        site.server.stop()
        site.server.start()
    numbers = {key: each.result().body["number"] for key, each in zip(keys, asked, strict=True)}

    assert there(site, "RESTART-") == numbers
    again = file(site, keys[0], 1000, at=1)
    assert (again.status, again.body["number"]) == (201, numbers[keys[0]])
    for host in site.hosts:
        wait_for("web is ready again", host.is_ready)
    site.pass_the_time(*before)
    wait_for_receipts(site)
    assert [process.poll() for host in site.hosts for process in (host.web, host.worker)] == [None] * 4
    the_record_holds(site)


def test_of_two_who_act_at_once_one_wins_and_the_other_is_told(site: Site) -> None:
    reviews = ("reviewer", "PUT", "review", {"category": "PQ-01", "severity": 3, "issues": ["不通电"], "note": "同意"})
    for number in range(8):
        made = file(site, f"TWO-{number}", 2000 + number, at=number).body
        place = f"/complaints/{made['number']}"

        assert at_once(site, place, reviews, ("supervisor", *reviews[1:])) == [200, 409]
        order = site.api("reviewer", "POST", f"{place}/work-orders", {"unit": "QM"})
        assert order.status == 201, order.body
        signs = ("handler", "POST", "signature", None)
        assert at_once(site, f"/work-orders/{order.body['number']}", signs, ("lead", *signs[1:])) == [200, 409]

        kinds = site.rows(
            "select e.kind from complaints_event e join complaints_complaint c on c.id = e.complaint_id"
            " where c.number = %s order by e.seq",
            made["number"],
        )
        assert [kind for (kind,) in kinds] == ["filed", "taken_up", "reviewed", "dispatched", "signed"]
    the_record_holds(site)


Act = tuple[str, str, str, Any]


def at_once(site: Site, place: str, *acts: Act) -> list[int]:
    """Each at a web process of its own, at the same moment; the answers' statuses in order."""
    ready = threading.Barrier(len(acts))

    def act(index: int) -> Answer:
        member, method, noun, given = acts[index]
        ready.wait()
        return site.api(member, method, f"{place}/{noun}", given, at=index)

    with ThreadPoolExecutor(len(acts)) as pool:
        answers = list(pool.map(act, range(len(acts))))
    told = [answer.body["detail"] for answer in answers if answer.status == 409]
    assert all(told), answers
    return sorted(answer.status for answer in answers)
