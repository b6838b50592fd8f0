// A project that imports the package, as its compiler sees it. `KERNEL` stands for the package's name.

import * as everything from "KERNEL";
import { info, init, initSync, type Info, type InitOptions, type Variant } from "KERNEL";

const variant: Variant = "simd128";
const options: InitOptions = { variant };
const running: Info[] = [await init(), await init({}), await init(options), initSync(new Uint8Array(8)), info()];
export const memory: number = running.reduce((sum, { memory }) => sum + memory, 0);
export const names: string[] = Object.keys(everything);

// @ts-expect-error: no such variant
await init({ variant: "avx2" });
