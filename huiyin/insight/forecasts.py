"""Reading the forecast: for one complaint, and how it has proved."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiyin.complaints.causes import category_of
from huiyin.complaints.models import Complaint
from huiyin.insight.forecasting import FEW, keys_for
from huiyin.insight.models import Calibration, Forecast

ENOUGH = 30  # below that a share of them says little


def forecast_of(complaint: Complaint) -> Forecast | None:
    """Of the narrowest kind of which enough was seen; one query. Its figures are of all complaints of the kind, and
    tell of none that the reader may not see."""
    category = category_of(complaint)
    group = category.parent.code if category.parent else "-"
    keys = keys_for(category.code, group, complaint.severity)
    found = {each.key: each for each in Forecast.objects.filter(key__in=keys, n__gte=FEW)}
    return next((found[key] for key in keys if key in found), None)


def sentence(forecast: Forecast) -> str:
    return _("同类投诉通常 %(median)s 小时，九成在 %(p90)s 小时内（依据 %(n)d 件）。") % {
        "median": shown(forecast.median_hours),
        "p90": shown(forecast.p90_hours),
        "n": forecast.n,
    }


def shown(hours: float) -> str:
    return f"{hours:.1f}" if hours < 10 else f"{hours:.0f}"


@dataclass(frozen=True)
class Proof:
    """The calibration report: of `n` held out, what share fell under the median and under the P90 told for them."""

    n: int
    n_fitted: int
    median_share: float | None
    p90_share: float | None
    words: str
    row: Calibration


def proof() -> Proof | None:
    """The newest one; None before the first fit."""
    row = Calibration.objects.order_by("-fitted_at", "-id").first()
    if row is None:
        return None
    n = row.n_held
    if not n:
        words = _("没有可以留作检验的已结投诉，预测尚未经过检验。")
    elif n < ENOUGH:
        words = _("只有 %d 件留作检验，不足 30 件，下面的比例还说明不了什么。") % n
    else:
        words = _("理想值：一半在中位数以内，九成在 P90 以内；%d 件的比例本身也有几个百分点的误差。") % n
    return Proof(n, row.n_fitted, row.under_median / n if n else None, row.under_p90 / n if n else None, words, row)
