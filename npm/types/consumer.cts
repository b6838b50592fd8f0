// A project that requires the package, as its compiler sees it. `KERNEL` stands for the package's name.

import kernel = require("KERNEL");

export const running: Promise<kernel.Info> = kernel.init({ variant: "scalar" });
export const memory: number = kernel.initSync(new ArrayBuffer(8)).memory;
