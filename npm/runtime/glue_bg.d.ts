// What the loader needs of what wasm-bindgen writes, which a package has in this place.

export type Variant = "relaxed-simd" | "simd128" | "scalar";
export interface Info {
  variant: Variant;
  memory: number;
}
export function info(): Info;
export function __wbg_set_wasm(exports: object): void;
