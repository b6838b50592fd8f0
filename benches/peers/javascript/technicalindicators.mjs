// technicalindicators: functions of objects that hold arrays, from a generator for each bar.

import library from "technicalindicators";
import { padded, single } from "./case.mjs";

const PRICES = ["high", "low", "close"];
const SEED = { skip: 0.5, note: "begins by another convention: the first half is not compared" };

/** A function of these columns; `outputs` are the names of what it gives for each bar, if that is an object. */
function of(call, columns, settings, { outputs, ...known } = {}) {
  return (given) => {
    const input = settings(given);
    for (const [column, name] of Object.entries(columns)) input[column] = Array.from(given.array(name));
    const bars = given.array("close").length;
    let found;
    return {
      run: () => (found = call(input)),
      values() {
        if (!outputs) return found && padded(found, bars);
        return outputs.map((output) => padded(found.map((bar) => bar[output] ?? NaN), bars));
      },
      ...known,
    };
  };
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
    { outputs: ["upper", "middle", "lower"] },
  ),
  macd: of(
    library.macd,
    values,
    (given) => {
      const [fastPeriod, slowPeriod, signalPeriod] = given.numbers("fast", "slow", "signal");
      return { fastPeriod, slowPeriod, signalPeriod, SimpleMAOscillator: false, SimpleMASignal: false };
    },
    { outputs: ["MACD", "signal", "histogram"], ...SEED },
  ),
  true_range: of(library.truerange, prices, nothing),
  atr: of(library.atr, prices, period),
  adx: of(library.adx, prices, period, { outputs: ["adx", "pdi", "mdi"], ...SEED }),
  stochastic: of(
    library.stochastic,
    prices,
    (given) => ({ ...period(given), signalPeriod: given.number("signal") }),
    { outputs: ["k", "d"], note: "its %K is the fast one, which is not averaged" },
  ),
  obv: (given) => {
    const work = of(library.obv, { close: "close", ...volume }, nothing)(given);
    const [first] = given.array("volume");
    const values = () => work.values()?.map((total, i) => (i === 0 ? first : total + first));
    return { ...work, values, note: "it begins with 0, to which the first volume is added" };
  },
  vwap: of(library.vwap, { ...prices, ...volume }, nothing),
};

export const load = () => single("technicalindicators", OPERATIONS);
