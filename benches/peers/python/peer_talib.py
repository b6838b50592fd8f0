"""TA-Lib, the library in C."""

from collections.abc import Callable
from typing import Any

import talib

from case import Case, Operations, Prepared

VERSION = talib.__version__
PRICES = ("high", "low", "close")


def _of(function: Callable, *columns: str, sizes: tuple[str, ...] = ("period",)) -> Callable[[Case], Prepared]:
    """A function of these columns and parameters."""

    def prepare(case: Case) -> Prepared:
        arguments: list[Any] = case.arrays(*columns)
        arguments += [case.size(name) for name in sizes]
        return Prepared(lambda: function(*arguments))

    return prepare


def _bollinger(case: Case) -> Prepared:
    close, period, k = case.array("close"), case.size("period"), case.number("k")
    return Prepared(lambda: talib.BBANDS(close, period, k, k))


def _adx(case: Case) -> Prepared:
    prices, period = case.arrays(*PRICES), case.size("period")
    functions = (talib.ADX, talib.PLUS_DI, talib.MINUS_DI)
    return Prepared(lambda: [function(*prices, period) for function in functions], "a call for each of the three")


def _stochastic(case: Case) -> Prepared:
    prices = case.arrays(*PRICES)
    period, slow, signal = (case.size(name) for name in ("period", "slow", "signal"))
    return Prepared(
        lambda: talib.STOCH(*prices, fastk_period=period, slowk_period=slow, slowd_period=signal)
    )


OPERATIONS: Operations = {
    "smma": _of(talib.RMA, "close"),
    "ema": _of(talib.EMA, "close"),
    "sma": _of(talib.SMA, "close"),
    "wma": _of(talib.WMA, "close"),
    "dema": _of(talib.DEMA, "close"),
    "tema": _of(talib.TEMA, "close"),
    "hma": _of(talib.HMA, "close"),
    "stddev": _of(talib.STDDEV, "close"),
    "rsi": _of(talib.RSI, "close"),
    "bollinger": _bollinger,
    "macd": _of(talib.MACD, "close", sizes=("fast", "slow", "signal")),
    "true_range": _of(talib.TRANGE, *PRICES, sizes=()),
    "atr": _of(talib.ATR, *PRICES),
    "adx": _adx,
    "stochastic": _stochastic,
    "obv": _of(talib.OBV, "close", "volume", sizes=()),
    "vwma": _of(talib.VWMA, "close", "volume"),
    "vwap": _of(talib.VWAP, *PRICES, "volume", sizes=()),
}
