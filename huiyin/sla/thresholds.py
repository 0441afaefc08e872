"""When of one promise somebody is told: the shares of the policy, and a last call so long before it is due."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from huiyin.sla.afterwards import share_used_at
from huiyin.sla.policy import Policy, Threshold

A_LITTLE = 0.01  # a last call counts as so much more than the share before it: no share behind it is passed over


def thresholds(
    policy: Policy, code: str, why: Mapping[str, Any], *, start: datetime, due: datetime
) -> tuple[Threshold, ...]:
    """In the order in which their moments come. What is promised within the time of the last call has none."""
    call = policy.last_calls.get(code)
    if call is None or call.before is None or due - start <= call.before:
        return policy.warnings
    moment = due - call.before
    shares = [each.at for each in policy.warnings if each.at < 1]
    earlier = [each for each in shares if share_used_at(policy, why, start=start, due=due, share=each) <= moment]
    mine = replace(call, at=max(earlier, default=0.0) + A_LITTLE)
    return tuple(sorted((*policy.warnings, mine), key=lambda each: each.at))


def reached_at(
    policy: Policy, threshold: Threshold, why: Mapping[str, Any], *, start: datetime, due: datetime
) -> datetime:
    if threshold.before is not None:
        return due - threshold.before
    return share_used_at(policy, why, start=start, due=due, share=threshold.at)
