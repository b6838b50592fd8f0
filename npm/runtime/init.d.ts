/** What `init` may be told. */
export interface InitOptions {
  /** Load this variant, and not the fastest one that the engine validates. */
  variant?: Variant;
}

/**
 * Loads the fastest variant that the engine validates. Await it before anything else is called.
 *
 * Calls that come later, or at the same time, load nothing more. After a failure it may be called again.
 *
 * # Errors
 * If the binary cannot be had; if the engine does not validate the variant asked for, or another one is loaded.
 */
export function init(options?: InitOptions): Promise<Info>;

/**
 * Loads a binary that the caller has: the content of one of the package's `.wasm` files, or a module compiled from
 * it. If one is loaded already, that one stays.
 *
 * # Errors
 * If it is not such a binary, or the engine does not validate it.
 */
export function initSync(binary: ArrayBuffer | ArrayBufferView | WasmModule): Info;

/** `WebAssembly.Module`, in a project that has the types of a browser or of node. */
type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : never;
