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
