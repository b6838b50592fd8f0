// How much of the wasm memory is taken.

const MB = 1 << 20;

/** Calls, and says by how much the wasm memory has grown. */
export function growth(kernel, call) {
  const before = kernel.info().memory;
  call();
  return kernel.info().memory - before;
}

/** Takes all memory that is free in blocks of a megabyte, so that whatever needs more than that makes it grow. */
export function exhaust(kernel, Buffer = kernel.F32Buffer) {
  const held = [];
  const before = kernel.info().memory;
  while (kernel.info().memory === before) {
    held.push(new Buffer(Buffer === kernel.F32Buffer ? MB / 4 : MB / 8));
  }
  return () => held.forEach((buffer) => buffer.free());
}

/** A buffer of these values. */
export function filled(kernel, values, Buffer = kernel.F32Buffer) {
  const buffer = new Buffer(values.length);
  buffer.view().set(values);
  return buffer;
}
