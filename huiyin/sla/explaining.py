"""A deadline's reasons as one readable sentence, in Chinese or English.

Not gettext: the two languages order the parts differently, and the sentence is also wanted where no request is.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from huiyin.sla.almanac import english_name

ENGLISH_CLOCKS = {
    "CK-INTAKE": "intake", "CK-OCR": "paper form entry", "CK-QUEUE": "customer waiting", "CK-FR": "first response",
    "CK-SR": "substantive response", "CK-LEGAL": "legal opinion", "CK-REVIEW": "review", "CK-ACK": "signing",
    "CK-HANDLE": "handling (department)", "CK-ORDER": "work order (centre)", "CK-AUDIT": "audit",
    "CK-INITFB": "initial feedback", "CK-PROGRESS": "progress report", "CK-PROMISE": "promised time",
    "CK-PLAN": "solution plan", "CK-DIAG": "diagnosis", "CK-FRONT": "front-line closure", "CK-RESOLVE": "resolution",
    "CK-TASKFORCE": "task force", "CK-WARROOM": "war room", "CK-OUTRPT": "outage report", "CK-DAILY": "daily report",
    "CK-RET": "return processing", "CK-COMPPAY": "compensation payment", "CK-COMPFILE": "compensation filing",
    "CK-SURVEY": "satisfaction survey", "CK-RCA": "root cause report", "CK-REG": "regulatory deadline",
    "CK-REG-C": "regulatory deadline (customer)", "CK-REG-W": "authority's own deadline",
}  # fmt: skip
STARTS = {
    "received": ("收到", "receipt"), "intake_submitted": ("录入提交", "intake"), "dispatched": ("派单", "dispatch"),
    "handling_completed": ("处理完成", "handling"), "resolved": ("解决", "resolution"),
    "classified": ("定级", "grading"), "promise_made": ("作出承诺", "the promise"),
    "level_set_L1": ("定为一级", "level 1"), "war_room_called": ("召集会诊", "the call"),
    "outage_declared": ("上一份报告", "the last report"),
    "referred": ("转办", "the referral"), "answered": ("答复", "the answer"),
    "return_received": ("收到退货", "the return"), "document_received": ("收到单据", "the document"),
}  # fmt: skip
UNITS = {
    "nm": ("分钟", "minute"), "nh": ("小时", "hour"), "bm": ("工作分钟", "business minute"),
    "bh": ("工作小时", "business hour"), "wd": ("个工作日", "working day"), "ld": ("个自然日", "calendar day"),
}  # fmt: skip
LIMITS = {**UNITS, "weeks": ("周", "week"), "months": ("个月", "month")}
SORTS = {"weekend": ("周末", "weekend"), "holiday": ("放假", "holiday"), "makeup": ("调休上班", "make-up working day")}
TIERS = {"VUL": "需特别关照客户"}  # VIP is said so in Chinese
ISSUES = {"tech": "技术故障", "attitude": "服务态度", "contract": "合同争议", "general": "一般"}  # as triage names them
COUNTING = {
    "nm": ("自然时间，节假日照算", "round the clock"), "nh": ("自然时间，节假日照算", "round the clock"),
    "bm": ("只算营业时间", "opening hours only"), "bh": ("只算营业时间", "opening hours only"),
    "wd": ("不计当天", "that day not counted"), "ld": ("不计当天", "that day not counted"),
}  # fmt: skip
NEIGHBOURS = 2

Why = Mapping[str, Any]


def clock_name(code: str, zh: str, language: str) -> str:
    return zh if language.startswith("zh") else ENGLISH_CLOCKS.get(code.removesuffix(".final"), zh)


def explain(why: Why, language: str) -> str:
    """`收到 11月20日 17:59 起 3 个工作日（不计收到当天；跳过 11/21、11/22 周末）→ 11月25日 18:00；依据 ...`

    Empty where there are no reasons.
    """
    if not why:
        return ""
    if "profile" in why:
        return _regulatory_chinese(why) if language.startswith("zh") else _regulatory_english(why)
    return _chinese(why) + _kept(why, "zh") if language.startswith("zh") else _english(why) + _kept(why, "en")


def _kept(why: Why, language: str) -> str:
    """Where the customer's tier changed since to one that is promised more time."""
    given = why.get("kept")
    if not given:
        return ""
    start, due = datetime.fromisoformat(why["start"]), datetime.fromisoformat(given["due"])
    if language == "zh":
        return f"；客户级别后来变更，按新级别是 {_chinese_moment(due, start)}，已作出的承诺不因此延长"
    later = _english_moment(due, start)
    return f"; the customer's tier has changed since, by which it would be {later}: what was promised stands"


def _chinese(why: Why) -> str:
    start, due = _moments(why, _chinese_moment)
    event = STARTS.get(why["from"], ("开始", ""))[0]
    if "set" in why:
        body = _set(why["set"], "zh")
    elif "kept_minutes" in why:
        order_due = _chinese_moment(datetime.fromisoformat(why["order_due"]), datetime.fromisoformat(why["start"]))
        body = f"派单 {start}，工单时限 {order_due}，为客服中心预留 {_chinese_minutes(why['kept_minutes'])}"
        body += f"（{COUNTING['nh'][0]}）"
    elif "of_days" in why:
        share = f"工单时限 {why['of_days']} 个工作日的 80%"
        body = f"收到 {start} 起 {_chinese_amount(why)}（{share}；{_chinese_notes(why)}）"
    elif "unit" in why:
        body = f"{event} {start} 起 {_chinese_amount(why)}（{_chinese_notes(why)}）"
    elif "at" in why:
        body = f"{start} 之后的第一个 {why['at']}"
    else:
        body = f"{event} {start}，与客户约定"
    arrow = "→" if body.endswith("）") else " →"
    ends = [f"{body}{arrow} {due}"]
    if "then" in why:
        ends.append(f"这是临时方案的时限，最终解决 {_chinese_amount(why['then'])}")
    if "before_pauses" in why:
        before = datetime.fromisoformat(why["before_pauses"])
        ends.append(f"因暂停由 {_chinese_moment(before, before)} 顺延")
    if why.get("before_extension"):
        before = datetime.fromisoformat(why["before_extension"])
        ends.append(f"经批准由 {_chinese_moment(before, before)} 延长 {why['extended']} 个工作日")
    if "capped" in why:
        limit = "“" + clock_name(why["capped"]["clock"], why["capped"]["name"], "zh").partition("（")[0] + "”"
        limit = f"上级工单 {why['capped']['order']} " if why["capped"].get("order") else limit
        ends.append(f"按自身应为 {_own_moment(why, _chinese_moment)}，不得晚于{limit}的时限，提前到与它同时")
    if "unknown_years" in why:
        ends.append(f"{_joined(why['unknown_years'], '、')} 年尚无放假安排，按平常周次推算")
    if "provisional" in why:
        ends.append("暂定：" + _chinese_known(why["provisional"]) + "，按可能的最早时刻给出，待节假日数据更新后重算")
    return "；".join([*ends, f"依据 {_chinese_source(why)}，政策版本 {why['policy']}"])


def _set(given: Why, language: str) -> str:
    """Who set it by hand, when, and what it stands in place of."""
    at = datetime.fromisoformat(given["at"])
    before = datetime.fromisoformat(given["before"]) if given["before"] else None
    if language == "zh":
        instead = f"，代替按规则算出的 {_chinese_moment(before, at)}" if before else ""
        return f"{given['who']} 于 {_chinese_moment(at, at)} 指定{instead}"
    instead = f", in place of {_english_moment(before, at)} by the rules" if before else ""
    return f"Set by {given['who']} on {_english_moment(at, at)}{instead}"


def _regulatory_chinese(why: Why) -> str:
    start, due = _moments(why, _chinese_moment)
    event = STARTS.get(why["from"], ("开始", ""))[0]
    if why.get("given"):
        number = f"（编号 {why['number']}）" if why.get("number") else ""
        body = f"{event} {start}，受理机构给定的期限{number}，照录，不重算 → {due}"
    else:
        unit = LIMITS.get(why.get("limit", why.get("unit", "")), ("", ""))[0]
        body = f"{event} {start} 起 {why['amount']} {unit} → {due}"
    ends = [body, "监管时限不暂停，只按本监管要求自己的规则延长"]
    if why.get("before_extension"):
        before = datetime.fromisoformat(why["before_extension"])
        ends.append(f"经批准由 {_chinese_moment(before, before)} 延长")
    if "provisional" in why:
        ends.append("暂定：" + _chinese_known(why["provisional"]) + "，按可能的最早时刻给出")
    return "；".join([*ends, f"依据 {why['profile_zh']}（{why['profile']}，支持，未认证）"])


def _regulatory_english(why: Why) -> str:
    start, due = _moments(why, _english_moment)
    event = STARTS.get(why["from"], ("", "start"))[1]
    if why.get("given"):
        number = f" ({why['number']})" if why.get("number") else ""
        body = f"From {event} on {start}, as the authority gave it{number}, never reckoned anew → {due}"
    else:
        unit = LIMITS.get(why.get("limit", why.get("unit", "")), ("", ""))[1]
        body = f"{why['amount']} {unit}{'' if why['amount'] == 1 else 's'} from {event} on {start} → {due}"
    ends = [body, "a regulatory deadline never pauses and is extended by its own rule only"]
    if why.get("before_extension"):
        before = datetime.fromisoformat(why["before_extension"])
        ends.append(f"extended from {_english_moment(before, before)}, as approved")
    if "provisional" in why:
        ends.append("provisional: the earliest it can be, since not all holidays are announced")
    return "; ".join([*ends, f"under {why['profile_en']} ({why['profile']}, supported, not certified)"])


def _chinese_known(until: str) -> str:
    return f"放假安排只到 {until}" if until else "这些日子还没有放假安排"


def _chinese_source(why: Why) -> str:
    place = f" 第 {why['rule']} 条" if why.get("rule") else ""
    values = (str(value) for value in why.get("matched", {}).values() if value is not True)
    matched = "/".join(ISSUES.get(value) or TIERS.get(value, value) for value in values)
    urgent = "紧急" if why.get("matched", {}).get("urgent") is True else ""
    return f"sla.yaml {why['clock']}" + (f" {matched or urgent}" if matched or urgent else "") + place


def _chinese_amount(part: Why) -> str:
    return f"{part['amount']} {UNITS[part['unit']][0]}"


def _chinese_notes(why: Why) -> str:
    is_from_receipt = why["from"] == "received" or "of_days" in why
    notes = [COUNTING[why["unit"]][0].replace("不计当天", "不计收到当天" if is_from_receipt else "不计当天")]
    skipped = [f"{_days(run)} {run[3] or SORTS[run[2]][0]}" for run in why.get("days", ()) if run[2] != "makeup"]
    worked = [_days(run) for run in why.get("days", ()) if run[2] == "makeup"]
    if skipped:
        notes.append("跳过 " + "，".join(skipped))
    if worked:
        notes.append(f"{'、'.join(worked)} 调休上班计入")
    if rivals := why.get("rivals"):
        notes.append(f"早于 {'、'.join(_chinese_amount(rival) for rival in rivals)}，取其早")
    return "；".join(notes)


def _chinese_moment(moment: datetime, beside: datetime) -> str:
    year = f"{moment.year}年" if moment.year != beside.year else ""
    return f"{year}{moment.month}月{moment.day}日 {moment:%H:%M}"


def _chinese_minutes(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} 小时"] * bool(hours) + [f"{rest} 分钟"] * bool(rest or not hours)
    return " ".join(parts)


def _english(why: Why) -> str:
    start, due = _moments(why, _english_moment)
    event = STARTS.get(why["from"], ("", "start"))[1]
    if "set" in why:
        body = _set(why["set"], "en")
    elif "kept_minutes" in why:
        order_due = _english_moment(datetime.fromisoformat(why["order_due"]), datetime.fromisoformat(why["start"]))
        hours, rest = divmod(why["kept_minutes"], 60)
        body = f"Dispatched {start}, work order due {order_due}, {hours} h {rest} min kept for the service centre"
        body += f" ({COUNTING['nh'][1]})"
    elif "of_days" in why:
        share = f"80% of the work order's {why['of_days']} working days"
        body = f"{_english_amount(why)} from receipt on {start} ({share}; {_english_notes(why)})"
    elif "unit" in why:
        body = f"{_english_amount(why)} from {event} on {start} ({_english_notes(why)})"
    elif "at" in why:
        body = f"The first {why['at']} after {start}"
    else:
        body = f"Agreed with the customer, {event} on {start}"
    ends = [f"{body} → {due}"]
    if "then" in why:
        ends.append(f"an interim solution, the final one within {_english_amount(why['then'])}")
    if "before_pauses" in why:
        before = datetime.fromisoformat(why["before_pauses"])
        ends.append(f"moved by pauses from {_english_moment(before, before)}")
    if why.get("before_extension"):
        before = datetime.fromisoformat(why["before_extension"])
        days = f"{why['extended']} working day{'' if why['extended'] == 1 else 's'}"
        ends.append(f"extended from {_english_moment(before, before)} by {days}, as approved")
    if "capped" in why:
        limit = "“" + clock_name(why["capped"]["clock"], why["capped"]["name"], "en") + "”"
        limit = f"its parent order {why['capped']['order']}" if why["capped"].get("order") else limit
        by_itself = _own_moment(why, _english_moment)
        ends.append(f"by itself {by_itself}, but never later than {limit}, so due together with it")
    if "unknown_years" in why:
        ends.append(f"no holidays are known for {_joined(why['unknown_years'], ', ')} yet, plain weekdays were counted")
    if "provisional" in why:
        known = why["provisional"]
        until = f"no holidays are known after {known}" if known else "no holidays are known for those days"
        ends.append(f"provisional: {until}, so this is the earliest it can be, to be reckoned again once they are")
    return "; ".join([*ends, f"under {_english_source(why)}, policy version {why['policy']}"])


def _english_source(why: Why) -> str:
    matched = why.get("matched", {})
    values = "/".join("urgent" if name == "urgent" else str(value) for name, value in matched.items())
    place = f" rule {why['rule']}" if why.get("rule") else ""
    return f"sla.yaml {why['clock']}" + (f" {values}" if values else "") + place


def _english_amount(part: Why) -> str:
    return f"{part['amount']} {UNITS[part['unit']][1]}{'' if part['amount'] == 1 else 's'}"


def _english_notes(why: Why) -> str:
    notes = [COUNTING[why["unit"]][1]]
    runs = why.get("days", ())
    off = (run for run in runs if run[2] != "makeup")
    skipped = [f"{_days(run, ' and ')} {english_name(run[3]) or SORTS[run[2]][1]}" for run in off]
    worked = [_days(run, " and ") for run in runs if run[2] == "makeup"]
    if skipped:
        notes.append("skipping " + ", ".join(skipped))
    if worked:
        notes.append(f"counting make-up working day {', '.join(worked)}")
    if rivals := why.get("rivals"):
        notes.append("earlier than " + ", ".join(_english_amount(rival) for rival in rivals))
    return "; ".join(notes)


def _english_moment(moment: datetime, beside: datetime) -> str:
    year = f" {moment.year}" if moment.year != beside.year else ""
    return f"{moment.day} {moment:%b}{year} {moment:%H:%M}"


def _moments(why: Why, shown: Callable[[datetime, datetime], str]) -> tuple[str, str]:
    start, due = datetime.fromisoformat(why["start"]), datetime.fromisoformat(why["due"])
    return shown(start, start), shown(due, start)


def _own_moment(why: Why, shown: Callable[[datetime, datetime], str]) -> str:
    before = datetime.fromisoformat(why["capped"]["before"])
    return shown(before, before)


def _days(run: list[str], both: str = "、") -> str:
    first, last = date.fromisoformat(run[0]), date.fromisoformat(run[1])
    short = [f"{day.month}/{day.day}" for day in (first, last)]
    if first == last:
        return short[0]
    return (both if last - first < timedelta(days=NEIGHBOURS) else "–").join(short)


def _joined(values: list[int], between: str) -> str:
    return between.join(str(value) for value in values)
