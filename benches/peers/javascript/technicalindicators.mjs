// technicalindicators: functions of objects that hold arrays, from a generator for each bar.

import library from "technicalindicators";
import { FAST_STOCHASTIC, padded, single } from "./case.mjs";

const PRICES = ["high", "low", "close"];
const SEED = { skip: 0.5, note: "begins by another convention" };

/** A function of these columns; `split` makes the outputs, which end at the last bar, of what it gives. */
function of(call, columns, settings, { split = (found) => [found], ...known } = {}) {
  return (given) => {
    const input = settings(given);
    for (const [column, name] of Object.entries(columns)) input[column] = Array.from(given.array(name));
    const bars = given.array("close").length;
    let found;
    return {
      run: () => (found = call(input)),
      values: () => found && split(found).map((output) => padded(output, bars)),
      ...known,
    };
  };
}

/** Of an object for each bar. */
function named(...outputs) {
  return (found) => outputs.map((output) => found.map((bar) => bar[output] ?? NaN));
}

const values = { values: "close" };
const prices = Object.fromEntries(PRICES.map((name) => [name, name]));
const volume = { volume: "volume" };
const period = (given) => ({ period: given.number("period") });
const nothing = () => ({});

const OPERATIONS = {
  smma: of(library.wema, values, period),
  ema: of(library.ema, values, period),
  sma: of(library.sma, values, period),
  wma: of(library.wma, values, period),
  stddev: of(library.sd, values, period),
  rsi: of(library.rsi, values, period, { note: "it rounds to two decimals" }),
  bollinger: of(
    library.bollingerbands,
    values,
    (given) => ({ ...period(given), stdDev: given.number("k") }),
    { split: named("upper", "middle", "lower") },
  ),
  macd: of(
    library.macd,
    values,
    (given) => {
      const [fastPeriod, slowPeriod, signalPeriod] = given.numbers("fast", "slow", "signal");
      return { fastPeriod, slowPeriod, signalPeriod, SimpleMAOscillator: false, SimpleMASignal: false };
    },
    { split: named("MACD", "signal", "histogram"), ...SEED },
  ),
  true_range: of(library.truerange, prices, nothing),
  atr: of(library.atr, prices, period),
  adx: of(library.adx, prices, period, { split: named("adx", "pdi", "mdi"), ...SEED }),
  stochastic(given) {
    const signal = given.number("signal");
    const call = (input) => {
      const k = library.stochastic(input).flatMap(({ d }) => d ?? []);
      return [k, library.sma({ period: signal, values: k })];
    };
    const settings = (given) => ({ ...period(given), signalPeriod: given.number("slow") });
    return of(call, prices, settings, { split: (lines) => lines, note: FAST_STOCHASTIC })(given);
  },
  obv: (given) => {
    const [first] = given.array("volume");
    const known = { note: "it begins with 0, to which the first volume is added" };
    const split = (totals) => [[0, ...totals].map((total) => total + first)];
    return of(library.obv, { close: "close", ...volume }, nothing, { split, ...known })(given);
  },
  vwap: of(library.vwap, { ...prices, ...volume }, nothing),
};

export const load = () => single("technicalindicators", OPERATIONS);
