// A case as it lies in a folder, and what modules of peers share.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const ELEMENTS = { f32: Float32Array, f64: Float64Array, i64: BigInt64Array, i8: Int8Array, u8: Uint8Array };

/** What is to be computed, on what. */
export class Case {
  #parameters;
  #inputs;

  constructor(folder) {
    const { operation, parameters, inputs, outputs } = JSON.parse(readFileSync(join(folder, "case.json"), "utf8"));
    this.operation = operation;
    this.outputs = outputs;
    this.#parameters = parameters;
    this.#inputs = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, read(folder, name, input)]));
  }

  /** The numbers of the input of this name. */
  array(name) {
    return this.#input(name).values;
  }

  /** Those of several. */
  arrays(...names) {
    return names.map((name) => this.array(name));
  }

  /** The shape of the input of this name. */
  shape(name) {
    return this.#input(name).shape;
  }

  /** A parameter. */
  number(name) {
    return own(this.#parameters, name, `${this.operation} has no parameter`);
  }

  /** Several of them. */
  numbers(...names) {
    return names.map((name) => this.number(name));
  }

  /** How many tokens each document of `doc_lens` has. */
  docLens() {
    return Uint32Array.from(this.array("doc_lens"), Number);
  }

  /** The same, if all have as many, at least one; none otherwise. */
  docLen() {
    const [first, ...others] = this.docLens();
    return first > 0 && others.every((len) => len === first) ? first : null;
  }

  #input(name) {
    return own(this.#inputs, name, `${this.operation} has no input`);
  }
}

/** Where the arrays of packages in WebAssembly lie: a copy costs as much as many a call. */
export const STAYS = "inputs and results stay in wasm memory";
export const COPIED = "inputs and results are copied in each call";

/** Of libraries whose stochastic oscillator is the fast one: raw %K, and its average as %D. */
export const FAST_STOCHASTIC = "its %D is the slow %K here, which its sma averages once more";

/** What is to be known, in one note. */
export const together = (...notes) => notes.filter(Boolean).join("; ");

function own(object, name, missing) {
  if (Object.hasOwn(object, name)) return object[name];
  throw new Error(`${missing} ${name}; there are ${Object.keys(object).join(", ") || "none"}`);
}

function read(folder, name, { file, element, shape }) {
  const Elements = own(ELEMENTS, element, `${name}: there are no elements`);
  const bytes = readFileSync(join(folder, file));
  const length = shape.reduce((product, size) => product * size, 1);
  if (bytes.length !== length * Elements.BYTES_PER_ELEMENT) {
    throw new Error(`${name} has ${bytes.length} bytes, expected those of ${element} of shape ${shape}`);
  }
  const values = new Elements(length);
  new Uint8Array(values.buffer).set(bytes);
  return { values, shape };
}

/** The version that is installed: package.json names it to the last digit. */
function versionOf(name) {
  const manifest = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8"));
  return own(manifest.dependencies, name, "package.json has no dependency");
}

/** A module that holds one contestant, a package if no version is given: what it makes of a case, by operation. */
export function single(name, operations, version = versionOf(name)) {
  return {
    contestants: [{ name, version }],
    prepare: (_, given) => (Object.hasOwn(operations, given.operation) ? operations[given.operation](given) : null),
  };
}

/** Values at the last bars, and NaN before. */
export function padded(values, bars) {
  const out = new Float64Array(bars).fill(NaN);
  out.set(values, bars - values.length);
  return out;
}
