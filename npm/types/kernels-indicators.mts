// A project that calls all of kernels-indicators, as its compiler sees it.

import * as kernel from "kernels-indicators";
import {
  type Adx,
  type Bands,
  F32Buffer,
  F64Buffer,
  type F32Series,
  type F64Series,
  type Macd,
  type Numbers,
  type Periods,
  type Range,
  type Stochastic,
} from "kernels-indicators";

const [data, data32] = [new Float64Array(9), new Float32Array(9)];
const ks: Numbers = Float32Array.of(1, 2);
const range: Range = { start: 2, end: 6, step: 2 };
const lists: Periods[] = [3, range, [2, 3], [2, 3] as const, Uint32Array.of(2, 3), Float64Array.of(2, 3)];

// Each indicator: of 64 bits, of 32, into a series, many series, a sweep.
const arrays: Float64Array[] = [
  kernel.smma(data, 2),
  kernel.rma(data, 2),
  kernel.wilders(data, 2),
  kernel.ema(data, 2),
  kernel.sma(data, 2),
  kernel.wma(data, 2),
  kernel.alma(data, 2, 0.85, 6),
  kernel.stddev(data, 2),
  kernel.dema(data, 2),
  kernel.tema(data, 2),
  kernel.hma(data, 2),
  kernel.rsi(data, 2),
  kernel.trueRange(data, data, data),
  kernel.atr(data, data, data, 2),
  kernel.obv(data, data),
  kernel.vwma(data, data, 2),
  kernel.vwap(data, data, data, data),
  kernel.vwapAnchored(data, data, data, data, [0, 4]),
  kernel.vwapAnchoredMany(data, data, data, data, 3, Uint32Array.of(0)),
  kernel.smmaMany(data, 3, 2),
  kernel.atrMany(data, data, data, 3, 2),
  ...lists.map((periods) => kernel.smmaSweep(data, periods)),
  kernel.almaSweep(data, range, 0.85, [4, 5, 6]),
  kernel.vwmaSweep(data, data, [2, 3]),
];
const arrays32: Float32Array[] = [
  kernel.smma(data32, 2),
  kernel.atr(data32, data32, data32, 2),
  kernel.emaMany(data32, 3, 2),
  kernel.rsiSweep(data32, range),
];
const either = [data, data32][0] as Float64Array | Float32Array;
const ofEither: (Float64Array | Float32Array)[] = [kernel.smma(either, 2), kernel.vwma(either, either, 2)];
ofEither.push(kernel.bollingerSweep(either, 2, [1, 2]).upper);
kernel.smmaInto(either, 2, either);
kernel.bollingerInto(either, 2, 2, { upper: either, middle: either, lower: either });
const bands: Bands<Float64Array> = kernel.bollinger(data, 2, 2);
const bands32: Bands<Float32Array> = kernel.bollingerSweep(data32, 2, ks);
const macd: Macd<Float64Array> = kernel.macdSweep(data, [1, 2], [3, 4], 2);
const adx: Adx<Float64Array> = kernel.adx(data, data, data, 2);
const stochastic: Stochastic<Float64Array> = kernel.stochastic(data, data, data, 3, 1, 2);
kernel.smmaInto(data, 2, data);
kernel.smmaManyInto(data32, 3, 2, data32);
kernel.bollingerInto(data, 2, 2, bands);
kernel.adxInto(data, data, data, 2, adx);
kernel.stochasticInto(data, data, data, 3, 1, 2, stochastic);
kernel.macdSweepInto(data, 1, 2, 1, { line: data, signal: data, histogram: data });
export const results: [Float64Array[], Float32Array[], Float32Array, Float64Array] = [
  arrays,
  arrays32,
  bands32.upper,
  macd.line,
];

{
  using buffer = new F64Buffer(9);
  using buffer32 = new F32Buffer(9);
  const [series, series32]: [F64Series, F32Series] = [buffer, buffer32];
  buffer.view().set(data);
  arrays.push(buffer.view(), kernel.smma(series, 2), kernel.vwma(series, data, 2));
  arrays32.push(kernel.smma(series32, 2));
  kernel.smmaInto(buffer, 2, data);
  kernel.smmaInto(data, 2, buffer);
  kernel.bollingerInto(buffer, 2, 2, { upper: buffer, middle: data, lower: data });

  using smma = new kernel.SmmaStream(2);
  using atr = new kernel.AtrStream(2);
  using bollinger = new kernel.BollingerStream(2, 2);
  using vwap = new kernel.VwapStream();
  const values: (number | undefined)[] = [smma.update(1), smma.peek(2), atr.update(3, 1, 2), vwap.update(3, 1, 2, 9)];
  const band: Bands<number> | undefined = bollinger.update(1);
  const first: number = smma.lookback;
  smma.reset();
  smma.free();
  arrays.push(Float64Array.from([...values, band?.upper, first], (value) => value ?? NaN));

  // @ts-expect-error: two types of numbers in one call
  kernel.vwma(buffer, data32, 2);
  // @ts-expect-error: results of 64 bits into an array of 32
  kernel.smmaInto(data, 2, data32);
  // @ts-expect-error: a bar has three prices
  atr.update(3);
  // @ts-expect-error: a value is a number
  smma.update("1");
}

// @ts-expect-error: a list is no series
kernel.smma([1, 2, 3], 2);
// @ts-expect-error: no period
kernel.smma(data);
// @ts-expect-error: a text is no period
kernel.smma(data, "2");
// @ts-expect-error: a list of periods is for a sweep
kernel.smma(data, [2, 3]);
// @ts-expect-error: a range has steps
kernel.smmaSweep(data, { start: 1, end: 2 });
// @ts-expect-error: three outputs
kernel.bollingerInto(data, 2, 2, { upper: data, middle: data });
// @ts-expect-error: nothing comes back
export const nothing: Float64Array = kernel.smmaInto(data, 2, data);
// @ts-expect-error: there is no period to sweep over
kernel.vwapSweep;
// @ts-expect-error: a stream has a period
new kernel.SmmaStream();
