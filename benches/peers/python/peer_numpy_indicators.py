"""Indicators in numpy, those that need no loop: convolutions, windows and sums so far."""

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from case import Case, Operations, Prepared


def _linear(period: int) -> np.ndarray:
    weights = np.arange(1, period + 1)
    return weights / weights.sum()


def _average(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Of each full window, the last weight for the last value."""
    return np.convolve(x, weights[::-1], "valid")


def _padded(values: np.ndarray, bars: int) -> np.ndarray:
    """At the bar of each, and NaN before."""
    out = np.full(bars, np.nan)
    out[bars - len(values) :] = values
    return out


def _weighted(weights: Callable[[Case], np.ndarray]) -> Callable[[Case], Prepared]:
    def prepare(case: Case) -> Prepared:
        close, of = case.array("close"), weights(case)
        return Prepared(lambda: _padded(_average(close, of), len(close)))

    return prepare


def _equal(period: int) -> np.ndarray:
    return np.full(period, 1 / period)


def _gaussian(case: Case) -> np.ndarray:
    period, offset, sigma = case.size("period"), case.number("offset"), case.number("sigma")
    weights = np.exp(-((np.arange(period) - offset * (period - 1)) ** 2) / (2 * (period / sigma) ** 2))
    return weights / weights.sum()


def _hma(case: Case) -> Prepared:
    close, period = case.array("close"), case.size("period")
    half, whole, root = (_linear(n) for n in (max(period // 2, 1), period, max(int(period**0.5), 1)))

    def call() -> np.ndarray:
        slow = _average(close, whole)
        fast = _average(close, half)[-len(slow) :]
        return _padded(_average(2 * fast - slow, root), len(close))

    return Prepared(call)


def _deviation(close: np.ndarray, period: int) -> np.ndarray:
    return sliding_window_view(close, period).std(axis=1)


def _stddev(case: Case) -> Prepared:
    close, period = case.array("close"), case.size("period")
    return Prepared(lambda: _padded(_deviation(close, period), len(close)))


def _bollinger(case: Case) -> Prepared:
    close, period, k = case.array("close"), case.size("period"), case.number("k")
    weights = _equal(period)

    def call() -> list[np.ndarray]:
        middle, width = _average(close, weights), k * _deviation(close, period)
        return [_padded(band, len(close)) for band in (middle + width, middle, middle - width)]

    return Prepared(call)


def _true_range(case: Case) -> Prepared:
    high, low, close = case.arrays("high", "low", "close")

    def call() -> np.ndarray:
        out = high - low
        before = close[:-1]
        np.maximum(out[1:], np.abs(high[1:] - before), out=out[1:])
        np.maximum(out[1:], np.abs(low[1:] - before), out=out[1:])
        return out

    return Prepared(call)


def _stochastic(case: Case) -> Prepared:
    high, low, close = case.arrays("high", "low", "close")
    period, slow, signal = (case.size(name) for name in ("period", "slow", "signal"))
    by_slow, by_signal = _equal(slow), _equal(signal)

    def call() -> list[np.ndarray]:
        lowest = sliding_window_view(low, period).min(axis=1)
        highest = sliding_window_view(high, period).max(axis=1)
        k = _average(100 * (close[period - 1 :] - lowest) / (highest - lowest), by_slow)
        return [_padded(line, len(close)) for line in (k, _average(k, by_signal))]

    return Prepared(call)


def _obv(case: Case) -> Prepared:
    close, volume = case.arrays("close", "volume")

    def call() -> np.ndarray:
        flow = volume.copy()
        flow[1:] *= np.sign(np.diff(close))
        return np.cumsum(flow)

    return Prepared(call)


def _vwma(case: Case) -> Prepared:
    close, volume, period = case.array("close"), case.array("volume"), case.size("period")
    ones = np.ones(period)
    return Prepared(
        lambda: _padded(_average(close * volume, ones) / _average(volume, ones), len(close)),
    )


def _vwap(case: Case) -> Prepared:
    high, low, close, volume = case.arrays("high", "low", "close", "volume")
    return Prepared(lambda: np.cumsum((high + low + close) / 3 * volume) / np.cumsum(volume))


OPERATIONS: Operations = {
    "sma": _weighted(lambda case: _equal(case.size("period"))),
    "wma": _weighted(lambda case: _linear(case.size("period"))),
    "alma": _weighted(_gaussian),
    "hma": _hma,
    "stddev": _stddev,
    "bollinger": _bollinger,
    "true_range": _true_range,
    "stochastic": _stochastic,
    "obv": _obv,
    "vwma": _vwma,
    "vwap": _vwap,
}
