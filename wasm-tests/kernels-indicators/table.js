// What there is: the series that each indicator reads, its parameters with values that it can have, its outputs.

import { random } from "../random.js";

const one = (...params) => ({ inputs: ["data"], params });
const bars = (...params) => ({ inputs: ["high", "low", "close"], params });
const PERIOD = ["period", 3];

/** By name. Those without `outputs` have one, which has no name. */
export const INDICATORS = {
  smma: one(PERIOD),
  ema: one(PERIOD),
  sma: one(PERIOD),
  wma: one(PERIOD),
  alma: one(PERIOD, ["offset", 0.85], ["sigma", 6]),
  stddev: one(PERIOD),
  bollinger: { ...one(PERIOD, ["k", 2]), outputs: ["upper", "middle", "lower"] },
  dema: one(PERIOD),
  tema: one(PERIOD),
  hma: one(PERIOD),
  macd: { ...one(["fast", 2], ["slow", 4], ["signal", 3]), outputs: ["line", "signal", "histogram"] },
  rsi: one(PERIOD),
  trueRange: bars(),
  atr: bars(PERIOD),
  adx: { ...bars(PERIOD), outputs: ["adx", "plusDi", "minusDi"] },
  stochastic: { ...bars(["kPeriod", 4], ["kSlow", 2], ["dPeriod", 3]), outputs: ["k", "d"] },
  obv: { inputs: ["close", "volume"], params: [] },
  vwma: { inputs: ["data", "volume"], params: [PERIOD] },
  vwap: { inputs: ["high", "low", "close", "volume"], params: [] },
  vwapAnchored: { inputs: ["high", "low", "close", "volume"], params: [["starts", [1, 4]]] },
};

export const entries = Object.entries(INDICATORS);

/** Those with one series and one output. */
export const ONE_TO_ONE = entries.filter(([, { inputs, outputs }]) => inputs.length === 1 && !outputs);

/** Those with parameters that are numbers. */
export const SWEPT = entries.filter(([name, { params }]) => params.length > 0 && name !== "vwapAnchored");

/** Those with a stream. */
export const STREAMED = entries.filter(([name]) => name !== "vwapAnchored");

export const streamOf = (kernel, name) => kernel[`${name[0].toUpperCase()}${name.slice(1)}Stream`];

/** Values of parameters that an indicator can have. */
export const settings = ({ params }) => params.map(([, value]) => value);

/** Series by name, a walk of that length. */
export function walk(length, seed = 1, Type = Float64Array) {
  const next = random(seed);
  const [high, low, close, volume] = Array.from({ length: 4 }, () => new Type(length));
  let price = 100;
  for (let i = 0; i < length; i++) {
    price += next();
    const [above, below] = [Math.abs(next()), Math.abs(next())];
    [high[i], low[i], close[i], volume[i]] = [price + above, price - below, price, 10 + 9 * next()];
  }
  return { high, low, close, volume, data: close };
}

/** What an indicator reads of them. */
export const read = ({ inputs }, series) => inputs.map((name) => series[name]);

/** Each of a result's arrays: of one output, or of several. */
export const arrays = ({ outputs }, result) => (outputs ? outputs.map((name) => result[name]) : [result]);

/** Arrays to write to, or whatever else is made for a length, as the functions take them. */
export function outs({ outputs }, make) {
  return outputs ? Object.fromEntries(outputs.map((name) => [name, make()])) : make();
}
