"""pandas: indicators of its rolling windows and exponential means."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from case import Case, Operations, Prepared

VERSION = pd.__version__
PRICES = ("high", "low", "close")
SEED = "begins with the first value, not with a mean"


def _of(compute: Callable[..., Any], *columns: str, sizes: tuple[str, ...] = (), seeded: bool = False) -> Any:
    """A function of these columns and parameters; `seeded` if what it begins with is not ours."""

    def prepare(case: Case) -> Prepared:
        arguments: list[Any] = [pd.Series(column) for column in case.arrays(*columns)]
        arguments += [case.size(name) for name in sizes]
        note, skip = (SEED, 0.5) if seeded else (None, 0.0)
        return Prepared(lambda: compute(*arguments), note, skip)

    return prepare


def _ema(x: pd.Series, period: int) -> pd.Series:
    return x.ewm(span=period, adjust=False).mean()


def _smma(x: pd.Series, period: int) -> pd.Series:
    return x.ewm(alpha=1 / period, adjust=False).mean()


def _dema(close: pd.Series, period: int) -> pd.Series:
    e1 = _ema(close, period)
    return 2 * e1 - _ema(e1, period)


def _tema(close: pd.Series, period: int) -> pd.Series:
    e1 = _ema(close, period)
    e2 = _ema(e1, period)
    return 3 * (e1 - e2) + _ema(e2, period)


def _macd(close: pd.Series, fast: int, slow: int, signal: int) -> list[pd.Series]:
    line = _ema(close, fast) - _ema(close, slow)
    signals = _ema(line, signal)
    return [line, signals, line - signals]


def _rsi(close: pd.Series, period: int) -> pd.Series:
    change = close.diff()
    gain, loss = _smma(change.clip(lower=0), period), _smma(-change.clip(upper=0), period)
    return 100 * gain / (gain + loss)


def _true_range(high: pd.Series, low: pd.Series, close: pd.Series) -> pd.Series:
    before = close.shift()
    return pd.concat([high - low, (high - before).abs(), (low - before).abs()], axis=1).max(axis=1)


def _stochastic(
    high: pd.Series, low: pd.Series, close: pd.Series, period: int, slow: int, signal: int
) -> list[pd.Series]:
    lowest = low.rolling(period).min()
    fast = 100 * (close - lowest) / (high.rolling(period).max() - lowest)
    k = fast.rolling(slow).mean()
    return [k, k.rolling(signal).mean()]


def _bollinger(case: Case) -> Prepared:
    close, period, k = pd.Series(case.array("close")), case.size("period"), case.number("k")

    def call() -> list[pd.Series]:
        window = close.rolling(period)
        middle, width = window.mean(), k * window.std(ddof=0)
        return [middle + width, middle, middle - width]

    return Prepared(call)


def _vwap(high: pd.Series, low: pd.Series, close: pd.Series, volume: pd.Series) -> pd.Series:
    return ((high + low + close) / 3 * volume).cumsum() / volume.cumsum()


def _vwma(close: pd.Series, volume: pd.Series, period: int) -> pd.Series:
    return (close * volume).rolling(period).sum() / volume.rolling(period).sum()


def _obv(close: pd.Series, volume: pd.Series) -> pd.Series:
    # At the first bar, which has no change, all of the volume.
    return (np.sign(close.diff()).fillna(1) * volume).cumsum()


OPERATIONS: Operations = {
    "smma": _of(_smma, "close", sizes=("period",), seeded=True),
    "ema": _of(_ema, "close", sizes=("period",), seeded=True),
    "dema": _of(_dema, "close", sizes=("period",), seeded=True),
    "tema": _of(_tema, "close", sizes=("period",), seeded=True),
    "macd": _of(_macd, "close", sizes=("fast", "slow", "signal"), seeded=True),
    "rsi": _of(_rsi, "close", sizes=("period",), seeded=True),
    "atr": _of(
        lambda high, low, close, period: _smma(_true_range(high, low, close), period),
        *PRICES,
        sizes=("period",),
        seeded=True,
    ),
    "sma": _of(lambda close, period: close.rolling(period).mean(), "close", sizes=("period",)),
    "stddev": _of(lambda close, period: close.rolling(period).std(ddof=0), "close", sizes=("period",)),
    "bollinger": _bollinger,
    "true_range": _of(_true_range, *PRICES),
    "stochastic": _of(_stochastic, *PRICES, sizes=("period", "slow", "signal")),
    "obv": _of(_obv, "close", "volume"),
    "vwma": _of(_vwma, "close", "volume", sizes=("period",)),
    "vwap": _of(_vwap, *PRICES, "volume"),
}
