// Indicators in JavaScript, as one would write them for speed: one pass, with what is known of the window so far.

/** The weighted sum moves by the newest value, `period` times, less the sum of those before. */
export function wma(data, period, out) {
  const scale = 2 / (period * (period + 1));
  let [sum, weighted] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    if (i < period) {
      sum += data[i];
      weighted += (i + 1) * data[i];
    } else {
      weighted += period * data[i] - sum;
      sum += data[i] - data[i - period];
    }
    out[i] = i < period - 1 ? NaN : weighted * scale;
  }
}

/** Each window is summed anew: with these weights, the sum of the last one is of no use. */
export function alma(data, period, offset, sigma, out) {
  const weights = new Float64Array(period);
  const [peak, width] = [offset * (period - 1), period / sigma];
  let total = 0;
  for (let i = 0; i < period; i++) total += weights[i] = Math.exp(-((i - peak) ** 2) / (2 * width * width));
  for (let i = 0; i < period; i++) weights[i] /= total;
  out.fill(NaN, 0, period - 1);
  for (let i = period - 1; i < data.length; i++) {
    const first = i - period + 1;
    let sum = 0;
    for (let j = 0; j < period; j++) sum += weights[j] * data[first + j];
    out[i] = sum;
  }
}

/** `ahead` is room for a number for each bar. */
export function hma(data, period, ahead, out) {
  wma(data, Math.max(Math.floor(period / 2), 1), ahead);
  wma(data, period, out);
  // Not those before, which a running sum would never lose.
  const first = Math.min(period - 1, data.length);
  for (let i = first; i < data.length; i++) ahead[i] = 2 * ahead[i] - out[i];
  wma(ahead.subarray(first), Math.floor(Math.sqrt(period)), out.subarray(first));
}

/** An average of averages of `data`: what `combine` makes of all of them, where the last has a value. */
function cascade(data, period, depth, combine, out) {
  const weight = 2 / (period + 1);
  const [sums, states] = [new Float64Array(depth), new Float64Array(depth)];
  for (let i = 0; i < data.length; i++) {
    let value = data[i];
    let there = true;
    for (let level = 0; level < depth; level++) {
      // Each begins where the one before has its first value.
      const bar = i - level * (period - 1);
      if (bar < period - 1) {
        sums[level] += value;
        there = false;
        break;
      }
      if (bar === period - 1) states[level] = (sums[level] + value) / period;
      else states[level] += (value - states[level]) * weight;
      value = states[level];
    }
    out[i] = there ? combine(states) : NaN;
  }
}

export function dema(data, period, out) {
  cascade(data, period, 2, (states) => 2 * states[0] - states[1], out);
}

export function tema(data, period, out) {
  cascade(data, period, 3, (states) => 3 * (states[0] - states[1]) + states[2], out);
}

/** Each window twice: the difference of running sums of squares would lose its digits. */
export function stddev(data, period, out) {
  for (let i = 0; i < data.length; i++) {
    out[i] = i < period - 1 ? NaN : deviation(data, i, period, mean(data, i, period));
  }
}

function mean(data, last, period) {
  let sum = 0;
  for (let i = last - period + 1; i <= last; i++) sum += data[i];
  return sum / period;
}

function deviation(data, last, period, mean) {
  let squares = 0;
  for (let i = last - period + 1; i <= last; i++) {
    const apart = data[i] - mean;
    squares += apart * apart;
  }
  return Math.sqrt(squares / period);
}

export function bollinger(data, period, k, upper, middle, lower) {
  for (let i = 0; i < data.length; i++) {
    if (i < period - 1) {
      upper[i] = middle[i] = lower[i] = NaN;
      continue;
    }
    const centre = mean(data, i, period);
    const width = k * deviation(data, i, period, centre);
    middle[i] = centre;
    upper[i] = centre + width;
    lower[i] = centre - width;
  }
}

export function macd(data, fast, slow, signal, line, signals, histogram) {
  const [fastWeight, slowWeight, signalWeight] = [2 / (fast + 1), 2 / (slow + 1), 2 / (signal + 1)];
  const first = slow + signal - 2;
  let [fastMean, slowMean, signalMean] = [0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    line[i] = signals[i] = histogram[i] = NaN;
    // Both averages have their first value at the same bar.
    if (i < slow) {
      slowMean += data[i] / slow;
      if (i >= slow - fast) fastMean += data[i] / fast;
    } else {
      slowMean += (data[i] - slowMean) * slowWeight;
      fastMean += (data[i] - fastMean) * fastWeight;
    }
    if (i < slow - 1) continue;
    const apart = fastMean - slowMean;
    if (i <= first) signalMean += apart / signal;
    else signalMean += (apart - signalMean) * signalWeight;
    if (i < first) continue;
    line[i] = apart;
    signals[i] = signalMean;
    histogram[i] = apart - signalMean;
  }
}

export function rsi(data, period, out) {
  let [gains, losses] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const change = i > 0 ? data[i] - data[i - 1] : 0;
    const gain = change > 0 ? change : 0;
    const loss = change < 0 ? -change : 0;
    if (i <= period) {
      gains += gain / period;
      losses += loss / period;
    } else {
      gains += (gain - gains) / period;
      losses += (loss - losses) / period;
    }
    const sum = gains + losses;
    out[i] = i < period ? NaN : sum === 0 ? 0 : (100 * gains) / sum;
  }
}

export function trueRange(high, low, close, out) {
  if (high.length > 0) out[0] = high[0] - low[0];
  for (let i = 1; i < high.length; i++) out[i] = range(high, low, close, i);
}

function range(high, low, close, i) {
  const before = close[i - 1];
  return Math.max(high[i] - low[i], Math.abs(high[i] - before), Math.abs(low[i] - before));
}

export function atr(high, low, close, period, out) {
  let average = 0;
  for (let i = 0; i < high.length; i++) {
    if (i > 0) {
      const value = range(high, low, close, i);
      if (i <= period) average += value / period;
      else average += (value - average) / period;
    }
    out[i] = i < period ? NaN : average;
  }
}

/** Sums of which a part fades at each bar: of the ranges, and of the moves in both directions. */
export function adx(high, low, close, period, adx, plusDi, minusDi) {
  const first = 2 * period - 1;
  let [ranges, ups, downs, dx, average] = [0, 0, 0, 0, 0];
  for (let i = 0; i < high.length; i++) {
    adx[i] = plusDi[i] = minusDi[i] = NaN;
    if (i === 0) continue;
    const up = high[i] - high[i - 1];
    const down = low[i - 1] - low[i];
    if (i >= period) {
      ranges -= ranges / period;
      ups -= ups / period;
      downs -= downs / period;
    }
    ranges += range(high, low, close, i);
    if (up > down && up > 0) ups += up;
    else if (down > up && down > 0) downs += down;
    if (i < period) continue;
    plusDi[i] = ranges === 0 ? 0 : (100 * ups) / ranges;
    minusDi[i] = ranges === 0 ? 0 : (100 * downs) / ranges;
    // The ranges cancel; and where nothing has moved, the last value holds.
    if (ups + downs !== 0) dx = (100 * Math.abs(ups - downs)) / (ups + downs);
    if (i <= first) average += dx / period;
    else average += (dx - average) / period;
    if (i >= first) adx[i] = average;
  }
}

/** Where the highest value of the window is, or the lowest if `sign` is -1: searched when the last one has left. */
function extreme(values, sign, at, i, period) {
  if (at > i - period) return sign * values[i] >= sign * values[at] ? i : at;
  let best = i;
  for (let j = i - 1; j > i - period; j--) if (sign * values[j] > sign * values[best]) best = j;
  return best;
}

export function stochastic(high, low, close, period, slow, signal, k, d) {
  // What leaves the sums.
  const [fast, means] = [new Float64Array(slow), new Float64Array(signal)];
  let [highest, lowest, fastSum, sum] = [0, 0, 0, 0];
  for (let i = 0; i < close.length; i++) {
    k[i] = d[i] = NaN;
    highest = extreme(high, 1, highest, i, period);
    lowest = extreme(low, -1, lowest, i, period);
    if (i < period - 1) continue;
    const span = high[highest] - low[lowest];
    const value = span === 0 ? 0 : (100 * (close[i] - low[lowest])) / span;
    fastSum += value - fast[i % slow];
    fast[i % slow] = value;
    if (i < period + slow - 2) continue;
    const mean = fastSum / slow;
    sum += mean - means[i % signal];
    means[i % signal] = mean;
    if (i < period + slow + signal - 3) continue;
    k[i] = mean;
    d[i] = sum / signal;
  }
}

export function obv(close, volume, out) {
  let total = 0;
  for (let i = 0; i < close.length; i++) {
    if (i === 0 || close[i] > close[i - 1]) total += volume[i];
    else if (close[i] < close[i - 1]) total -= volume[i];
    out[i] = total;
  }
}

export function vwma(data, volume, period, out) {
  let [prices, volumes] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    prices += data[i] * volume[i];
    volumes += volume[i];
    if (i >= period) {
      prices -= data[i - period] * volume[i - period];
      volumes -= volume[i - period];
    }
    out[i] = i < period - 1 ? NaN : prices / volumes;
  }
}

export function vwap(high, low, close, volume, out) {
  let [prices, volumes] = [0, 0];
  for (let i = 0; i < close.length; i++) {
    prices += ((high[i] + low[i] + close[i]) / 3) * volume[i];
    volumes += volume[i];
    out[i] = prices / volumes;
  }
}
