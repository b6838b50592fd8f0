// How a package loads: the same for all packages. Each of these has a fresh instance of the package, not loaded yet.
//
// `kernel` is the package, `binary(variant)` one of its files, `supported` the variants that the engine validates,
// fastest first.

import { equal, fails, ok, rejects, sameNumbers } from "./check.js";

export const loading = {
  "before init() every call is an error that says so": async ({ kernel }) => {
    const names = Object.keys(kernel).filter((name) => !["init", "initSync", "default"].includes(name));
    ok(names.length > 1, "the package exports nothing");
    for (const name of names) {
      const isClass = /^class\b/.test(String(kernel[name]));
      const call = () => (isClass ? new kernel[name](1) : kernel[name](new Float32Array(1), new Float32Array(1), 1));
      // The second: of a class that nobody has an instance of before that.
      fails(call, "Error", /: call init\(\) and await it first$|^expected instance of /);
    }
    await kernel.init();
  },

  "init() picks the fastest variant that the engine validates": async ({ kernel, supported }) => {
    const info = await kernel.init();
    equal(info.variant, supported[0], "variant");
    equal(kernel.info().variant, supported[0], "variant in info()");
  },

  "init() again, or at once, gives the same instance": async ({ kernel }) => {
    const { variant } = (await Promise.all([kernel.init(), kernel.init(), kernel.init({})]))[0];
    // Another instance would have other memory.
    const buffer = new kernel.F32Buffer(3);
    buffer.view().set([1, 2, 3]);
    for (const info of await Promise.all([kernel.init(), kernel.init({ variant })])) {
      equal(info.variant, variant, "variant");
      sameNumbers(buffer.view(), [1, 2, 3], "what was there before");
    }
    buffer.free();
  },

  "a variant that is not the loaded one is refused": async ({ kernel }) => {
    await kernel.init({ variant: "scalar" });
    await rejects(kernel.init({ variant: "simd128" }), "Error", /cannot load simd128, since scalar is loaded already/);
    equal((await kernel.init({ variant: "scalar" })).variant, "scalar", "variant");
    equal((await kernel.init()).variant, "scalar", "variant");
  },

  "an unknown variant is refused, before and after loading": async ({ kernel }) => {
    for (const variant of ["avx2", "", null, 1, {}, Symbol("simd128")]) {
      await rejects(kernel.init({ variant }), "RangeError", /variant: expected one of "relaxed-simd", "simd128"/);
    }
    await kernel.init();
    await rejects(kernel.init({ variant: "avx2" }), "RangeError", /variant: expected one of/);
  },

  "two variants at once: one is loaded, the other is refused": async ({ kernel }) => {
    const [first, second] = await Promise.allSettled([
      kernel.init({ variant: "scalar" }),
      kernel.init({ variant: "simd128" }),
    ]);
    equal(first.value?.variant, "scalar", "variant");
    equal(second.status, "rejected", "the other");
  },

  "a variant that the engine does not validate is refused, and another one loads": async ({ kernel, supported }) => {
    const lacks = ["relaxed-simd", "simd128"].filter((variant) => !supported.includes(variant));
    for (const variant of lacks) {
      await rejects(kernel.init({ variant }), "Error", new RegExp(`engine does not run the variant ${variant}`));
    }
    await kernel.init();
    if (lacks.length === 0) return "this engine validates all of them";
  },

  "initSync() takes bytes, a buffer or a module": async ({ kernel, binary }) => {
    const buffer = await binary("simd128");
    const bytes = new Uint8Array(buffer.byteLength + 3).subarray(3);
    bytes.set(new Uint8Array(buffer));
    equal(kernel.initSync(bytes).variant, "simd128", "variant");
    equal(kernel.initSync(await binary("scalar")).variant, "simd128", "the variant that was first");
    equal((await kernel.init()).variant, "simd128", "variant");
  },

  "initSync() takes a module": async ({ kernel, binary }) => {
    const module = await WebAssembly.compile(await binary("scalar"));
    equal(kernel.initSync(module).variant, "scalar", "variant");
  },

  "initSync() refuses what is no such binary, and init() works on": async ({ kernel }) => {
    fails(() => kernel.initSync(new Uint8Array(8)), "CompileError", /./);
    fails(() => kernel.initSync(undefined), "TypeError", /./);
    const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    fails(() => kernel.initSync(empty), "Error", /the binary is not of this version of the package/);
    await kernel.init();
  },

  "initSync() while init() is under way": async ({ kernel, binary }) => {
    const bytes = await binary("scalar");
    const later = kernel.init();
    equal(kernel.initSync(bytes).variant, "scalar", "variant");
    equal((await later).variant, "scalar", "the variant that was first");
  },
};
