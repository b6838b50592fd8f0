// Moving averages in JavaScript: what the package's results are checked against, and what its speed is compared with.

/** A smoothed moving average, as one would write it in JavaScript for speed. */
export function plainSmma(data, period, out) {
  recurrence(data, period, 1 / period, out);
}

/** An exponential one. */
export function plainEma(data, period, out) {
  recurrence(data, period, 2 / (period + 1), out);
}

function recurrence(data, period, weight, out) {
  let p = 0;
  for (let i = 0; i < period; i++) {
    p += data[i];
    out[i] = NaN;
  }
  p /= period;
  out[period - 1] = p;
  for (let i = period; i < data.length; i++) {
    p += (data[i] - p) * weight;
    out[i] = p;
  }
}

/** A simple one, by a running sum. */
export function plainSma(data, period, out) {
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    sum += data[i];
    if (i >= period) sum -= data[i - period];
    out[i] = i < period - 1 ? NaN : sum / period;
  }
}

/** Prices, the same in every run: xorshift32 (Marsaglia, 2003). */
export function walk(length) {
  const values = new Float64Array(length);
  let [x, price] = [7, 100];
  for (let i = 0; i < length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    values[i] = price += x / 2 ** 31;
  }
  return values;
}
