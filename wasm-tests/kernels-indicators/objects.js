// Objects in the wasm memory: what they are, and that they can be freed.

import { equal, fails, ok, sameNumbers } from "../check.js";
import { STREAMED, settings, streamOf } from "./table.js";
import { works } from "./works.js";

const FREED = /an object was used after free\(\)$/;

const makers = (kernel) => [
  () => new kernel.F64Buffer(5),
  () => new kernel.F32Buffer(5),
  ...STREAMED.map(([name, indicator]) => () => new (streamOf(kernel, name))(...settings(indicator))),
];

/** A use of any of these objects. */
const use = (object) => (object.view ? object.length : object.reset());

export const objects = {
  "info()": ({ kernel }) => {
    const { variant, memory } = kernel.info();
    ok(["relaxed-simd", "simd128", "scalar"].includes(variant), `variant ${variant}`);
    ok(memory > 0 && memory % 65_536 === 0, `memory ${memory}`);
  },

  "buffers: zeros at first, their lengths, their views": ({ kernel }) => {
    for (const [Buffer, Array] of [
      [kernel.F64Buffer, Float64Array],
      [kernel.F32Buffer, Float32Array],
    ]) {
      for (const length of [0, 1, 7, 1000]) {
        const buffer = new Buffer(length);
        equal(buffer.length, length, "length");
        equal(buffer.byteLength, Array.BYTES_PER_ELEMENT * length, "byteLength");
        ok(buffer.view() instanceof Array, `no ${Array.name}`);
        sameNumbers(buffer.view(), new Array(length), "its values");
        buffer.free();
      }
    }
  },

  "used after free(): an error that says so, and the rest works on": ({ kernel }) => {
    const [freed, live] = [new kernel.F64Buffer(2), new kernel.F64Buffer(2)];
    const stream = new kernel.AtrStream(2);
    freed.free();
    stream.free();
    fails(() => kernel.smma(freed, 1), "Error", /^data: kernels-indicators: an object was used/);
    fails(() => kernel.smmaInto(live, 1, freed), "Error", /^out: kernels-indicators: an object was used/);
    for (const call of [
      () => freed.view(),
      () => freed.length,
      () => freed.byteLength,
      () => kernel.smma(freed, 1),
      () => kernel.smmaInto(live, 1, freed),
      () => kernel.smmaMany(freed, 1, 1),
      () => kernel.atr(live, live, freed, 1),
      () => kernel.bollingerInto(live, 1, 1, { upper: freed, middle: live, lower: live }),
      () => stream.update(1, 1, 1),
      () => stream.peek(1, 1, 1),
      () => stream.reset(),
    ]) {
      fails(call, "Error", FREED);
      sameNumbers(live.view(), [0, 0], "another buffer");
      works(kernel);
    }
    live.free();
  },

  "a second free() does nothing": ({ kernel }) => {
    for (const make of makers(kernel)) {
      const object = make();
      object.free();
      object.free();
      // What takes its place must not be freed by a third.
      const other = new kernel.F64Buffer(5);
      object.free();
      other.view().fill(3);
      sameNumbers(other.view(), [3, 3, 3, 3, 3], "what came after it");
      other.free();
    }
  },

  "Symbol.dispose frees": ({ kernel }) => {
    if (!Symbol.dispose) return "this engine has no Symbol.dispose";
    for (const make of makers(kernel)) {
      const object = make();
      object[Symbol.dispose]();
      fails(() => use(object), "Error", FREED);
      object[Symbol.dispose]();
    }
  },

  "free() gives the memory back": ({ kernel }) => {
    const once = () => {
      const objects = makers(kernel).map((make) => make());
      for (const object of [...objects, new kernel.F64Buffer(1 << 18), new kernel.SmaStream(100_000)]) object.free();
    };
    once();
    const before = kernel.info().memory;
    for (let i = 0; i < 50; i++) once();
    equal(kernel.info().memory - before, 0, "growth");
  },

  "a class's method on something else": ({ kernel }) => {
    const stranger = /: SmmaStream\.\w+ was called on something else$/;
    const { update, reset, free } = kernel.SmmaStream.prototype;
    const [ema, buffer] = [new kernel.EmaStream(2), new kernel.F64Buffer(2)];
    const posing = Object.setPrototypeOf(new kernel.EmaStream(2), kernel.SmmaStream.prototype);
    for (const other of [{}, undefined, null, 5, ema, buffer, posing]) {
      for (const method of [update, reset, free]) {
        // More would end an instance that each of them has reached.
        for (let i = 0; i < 600; i++) fails(() => method.call(other, 1), "TypeError", stranger);
        works(kernel);
      }
    }
    equal(ema.update(1), undefined, "the other stream");
    ema.free();
    buffer.free();
  },

  "buffers while others come and go": ({ kernel }) => {
    const data = Float64Array.of(1, 2, 3, 6);
    const held = [];
    for (let i = 0; i < 200; i++) {
      const buffer = new kernel.F64Buffer(4);
      buffer.view().set(data);
      held.push(buffer);
      if (i % 3 === 0) held.splice((i * 7) % held.length, 1)[0].free();
    }
    for (const buffer of held) {
      kernel.smmaInto(buffer, 2, buffer);
      sameNumbers(buffer.view(), [NaN, 1.5, 2.25, 4.125], "values");
      buffer.free();
    }
  },
};
