// What the engine validates, found without the package.

/** A module that does nothing but `i32.const 0; i8x16.splat; OP; drop`. */
const module = (...instructions) => {
  const body = [0, ...instructions, 0x0b];
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const [types, functions] = [[1, 4, 1, 0x60, 0, 0], [3, 2, 1, 0]];
  return Uint8Array.of(...header, ...types, ...functions, 10, body.length + 2, 1, body.length, ...body);
};

const [CONST, SPLAT, DROP] = [[0x41, 0], [0xfd, 0x0f], 0x1a];

export const simd = () => WebAssembly.validate(module(...CONST, ...SPLAT, DROP));

/** Of two: `i8x16.relaxed_swizzle`. */
export const relaxedSimd = () =>
  WebAssembly.validate(module(...CONST, ...SPLAT, ...CONST, ...SPLAT, 0xfd, 0x80, 0x02, DROP));
