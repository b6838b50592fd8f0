// indicatorts: functions of arrays.

import * as library from "indicatorts";
import { FAST_STOCHASTIC, single } from "./case.mjs";

const SEED = { skip: 0.5, note: "begins with the first value, not with a mean" };

/** A function of these columns and settings, and what is to be known of it. */
function of(call, columns, settings = (given) => ({ period: given.number("period") }), known = {}) {
  return (given) => {
    const [arrays, options] = [given.arrays(...columns).map((column) => Array.from(column)), settings(given)];
    let found;
    return { run: () => (found = call(...arrays, options)), values: () => found, ...known };
  };
}

const PRICES = ["high", "low", "close"];
const nothing = () => undefined;

const OPERATIONS = {
  smma: of(library.rma, ["close"]),
  ema: of(library.ema, ["close"], undefined, SEED),
  sma: of(library.sma, ["close"]),
  dema: of(library.dema, ["close"], undefined, SEED),
  tema: of(library.tema, ["close"], undefined, SEED),
  stddev: of(library.mstd, ["close"]),
  rsi: of(library.rsi, ["close"], undefined, SEED),
  bollinger(given) {
    // Its bands are two deviations wide.
    if (given.number("k") !== 2) return null;
    const bands = (close, options) => {
      const { upper, middle, lower } = library.bb(close, options);
      return [upper, middle, lower];
    };
    return of(bands, ["close"])(given);
  },
  macd: of(
    (close, options) => {
      const { macdLine, signalLine } = library.macd(close, options);
      return [macdLine, signalLine, library.subtract(macdLine, signalLine)];
    },
    ["close"],
    (given) => ({ fast: given.number("fast"), slow: given.number("slow"), signal: given.number("signal") }),
    SEED,
  ),
  true_range: of(library.tr, PRICES, nothing),
  atr: of((high, low, close, options) => library.atr(high, low, close, options).atrLine, PRICES, undefined, {
    note: "its average is a plain mean, not Wilder's",
  }),
  stochastic: of(
    (high, low, close, options) => {
      const { d: k } = library.stoch(high, low, close, options);
      return [k, library.sma(k, options)];
    },
    PRICES,
    // Each function takes what it knows of them.
    (given) => ({ kPeriod: given.number("period"), dPeriod: given.number("slow"), period: given.number("signal") }),
    { note: FAST_STOCHASTIC },
  ),
  obv(given) {
    const work = of(library.obv, ["close", "volume"], nothing)(given);
    const [first] = given.array("volume");
    const values = () => work.values()?.map((total) => total + first);
    return { ...work, values, note: "it begins with 0, to which the first volume is added" };
  },
  vwma: of(library.vwma, ["close", "volume"]),
  // Over windows: the longest is all there is.
  vwap: of(
    (high, low, close, volume, options) => library.vwap(library.typprice(high, low, close), volume, options),
    [...PRICES, "volume"],
    (given) => ({ period: given.array("close").length }),
  ),
};

export const load = () => single("indicatorts", OPERATIONS);
