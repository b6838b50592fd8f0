// How a package loads its binary: the same for every package, in a browser and in node.

import { relaxedSimd, simd } from "wasm-feature-detect";

/** @typedef {import("./glue_bg.js").Variant} Variant */
/** @typedef {import("./glue_bg.js").Info} Info */

/**
 * What wasm-bindgen writes: functions that call the instance they are given, and those that it calls.
 * @typedef {typeof import("./glue_bg.js")} Glue
 */

/**
 * From the fastest to the one that runs everywhere, and whether this engine validates it.
 * @type {[Variant, () => Promise<boolean>][]}
 */
const VARIANTS = [
  ["relaxed-simd", relaxedSimd],
  ["simd128", simd],
  ["scalar", async () => true],
];

/** What wasm-bindgen says of an object, and what it means. */
const MESSAGES = new Map([
  [
    "recursive use of an object detected which would lead to unsafe aliasing in rust",
    "an object was used while another call on it was running",
  ],
  [
    "attempted to take ownership of Rust value while it was borrowed",
    "an object was freed while a call on it was running",
  ],
]);

/**
 * Makes `init` and `initSync` of a package.
 *
 * @param {string} name the package
 * @param {Glue} glue
 * @param {(variant: Variant) => Promise<WebAssembly.Module>} compile fetches a variant and compiles it
 */
export function loader(name, glue, compile) {
  const imports = { "./glue_bg.js": withClearErrors(name, glue) };
  const notReady = new Proxy(
    {},
    {
      get() {
        throw new Error(`${name}: call init() and await it first`);
      },
    },
  );
  glue.__wbg_set_wasm(notReady);
  guardObjects(name, glue);

  let ready = false;
  /** @type {{ variant: Variant, done: Promise<void> } | undefined} */
  let loading;

  /** @param {WebAssembly.Instance} instance */
  function start(instance) {
    const exports = /** @type {Record<string, any>} */ (instance.exports);
    if (!exports.__wbindgen_start || !exports.info) stranger();
    glue.__wbg_set_wasm(exports);
    try {
      exports.__wbindgen_start();
      ready = true;
    } finally {
      if (!ready) glue.__wbg_set_wasm(notReady);
    }
  }

  /** @param {Variant} variant */
  async function load(variant) {
    const module = await compile(variant);
    const instance = await WebAssembly.instantiate(module, imports).catch(stranger);
    // `initSync` may have been faster.
    if (!ready) start(instance);
  }

  /**
   * What is thrown for a binary that is of something else: of another version, most likely.
   *
   * @param {unknown} [cause]
   * @returns {never}
   */
  function stranger(cause) {
    const isOther = cause === undefined || cause instanceof WebAssembly.LinkError || cause instanceof TypeError;
    if (!isOther) throw cause;
    throw new Error(`${name}: the binary is not of this version of the package`, { cause });
  }

  /** @param {Variant | undefined} pinned */
  function loaded(pinned) {
    const info = glue.info();
    if (pinned !== undefined && pinned !== info.variant) {
      throw new Error(`${name}: cannot load ${pinned}, since ${info.variant} is loaded already`);
    }
    return info;
  }

  /** @param {unknown} pinned */
  async function choose(pinned) {
    if (pinned !== undefined && VARIANTS.every(([variant]) => variant !== pinned)) {
      const names = VARIANTS.map(([variant]) => `"${variant}"`).join(", ");
      const got = typeof pinned === "string" ? `"${pinned}"` : typeof pinned;
      throw new RangeError(`${name}: variant: expected one of ${names}, got ${got}`);
    }
    for (const [variant, validates] of VARIANTS) {
      if (pinned !== undefined && pinned !== variant) continue;
      if (await validates()) return variant;
    }
    throw new Error(`${name}: this engine does not run the variant ${pinned}`);
  }

  /**
   * @param {{ variant?: Variant }} [options]
   * @returns {Promise<Info>}
   */
  async function init(options) {
    const pinned = options?.variant;
    const variant = await choose(pinned);
    while (!ready) {
      if (loading === undefined) {
        const done = load(variant).finally(() => (loading = undefined));
        loading = { variant, done };
      }
      // Another call's failure to load another variant is not this call's.
      await (loading.variant === variant ? loading.done : loading.done.catch(() => {}));
    }
    return loaded(pinned);
  }

  /**
   * @param {BufferSource | WebAssembly.Module} binary
   * @returns {Info}
   */
  function initSync(binary) {
    if (!ready) {
      const module = isModule(binary) ? binary : new WebAssembly.Module(binary);
      let instance;
      try {
        instance = new WebAssembly.Instance(module, imports);
      } catch (error) {
        stranger(error);
      }
      start(instance);
    }
    return loaded(undefined);
  }

  return { init, initSync };
}

/**
 * Whether it is compiled, be it in another realm: an iframe, a test runner's sandbox.
 *
 * @param {BufferSource | WebAssembly.Module} binary
 * @returns {binary is WebAssembly.Module}
 */
function isModule(binary) {
  return Object.prototype.toString.call(binary) === "[object WebAssembly.Module]";
}

/**
 * The glue with errors in the words of a caller who has not heard of Rust.
 *
 * @param {string} name
 * @param {Glue} glue
 * @returns {Record<string, any>}
 */
function withClearErrors(name, glue) {
  /** @type {Record<string, any>} */
  const imports = { ...glue };
  for (const [key, raise] of Object.entries(imports)) {
    if (!key.startsWith("__wbg___wbindgen_throw_")) continue;
    imports[key] = (/** @type {number} */ text, /** @type {number} */ length) => {
      try {
        raise(text, length);
      } catch (error) {
        const message = MESSAGES.get(error instanceof Error ? error.message : "");
        throw message === undefined ? error : new Error(`${name}: ${message}`);
      }
    };
  }
  return imports;
}

/**
 * Stops calls that would reach the instance with the address of something else: on an object that was freed, or by a
 * class's method on an object of no such class. What is thrown from within the instance leaves behind what the call had
 * taken of its stacks, and some hundreds of such calls would be its end. A second `free()` does nothing.
 *
 * @param {string} name
 * @param {Record<string, any>} glue
 */
function guardObjects(name, glue) {
  for (const [title, value] of Object.entries(glue)) {
    const { prototype } = value;
    if (!prototype?.__destroy_into_raw) continue;
    // Bundlers rename classes, and errors name them.
    Object.defineProperty(value, "name", { value: title });
    // Where an object is in the wasm memory; 0 once it was freed. Only those of this class have it.
    const ADDRESS = Symbol("address");
    const { free } = prototype;
    prototype.free = function () {
      if (this[ADDRESS]) free.call(this);
    };
    for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (key !== "constructor") Object.defineProperty(prototype, key, guarded(property, ADDRESS, `${title}.${key}`));
    }
    if (Symbol.dispose) prototype[Symbol.dispose] = prototype.free;
    Object.defineProperty(prototype, "__wbg_ptr", {
      get() {
        const address = this[ADDRESS];
        if (!address) throw new Error(`${name}: an object was used after free()`);
        return address;
      },
      set(address) {
        this[ADDRESS] = address;
      },
    });
  }

  /**
   * @param {PropertyDescriptor & Record<string, any>} property a method, or a getter
   * @param {symbol} ADDRESS
   * @param {string} title
   */
  function guarded(property, ADDRESS, title) {
    for (const kind of ["value", "get"]) {
      const call = property[kind];
      if (!call) continue;
      property[kind] = /** @this {any} @param {unknown[]} values */ function (...values) {
        if (this?.[ADDRESS] === undefined) throw new TypeError(`${name}: ${title} was called on something else`);
        return call.apply(this, values);
      };
    }
    return property;
  }
}
