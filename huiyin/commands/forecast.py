"""Forecast durations anew from what is closed, and say how the forecast proves on what it has not seen.

The worker does this every night by itself. Example: huiyin forecast
"""

import argparse

from huiyin.commands.running import database, now


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(options: argparse.Namespace) -> int:
    with database():
        from huiyin.insight import forecasts
        from huiyin.insight.actions import fitting
        from huiyin.insight.models import Forecast

        fitting.fit(at=now())
        proof = forecasts.proof()
        print(f"{Forecast.objects.count()} 类预测 (kinds forecast)")
        if proof is not None:
            print(f"检验 {proof.n} 件 (held out)：", end="")
            if proof.median_share is not None and proof.p90_share is not None:
                print(f"中位数以内 {proof.median_share:.1%}，P90 以内 {proof.p90_share:.1%}。", end="")
            print(proof.words)
    return 0
