// A process that imports the package and requires it: one instance.

import { createRequire } from "node:module";
import * as imported from "KERNEL";
import { works } from "./checks/index.js";
import { equal } from "./check.js";

const required = createRequire(import.meta.url)("KERNEL");
await required.init({ variant: "scalar" });
works(imported);
for (const name of Object.keys(required)) equal(imported[name], required[name], name);
equal(Object.keys(imported).filter((name) => name !== "default").length, Object.keys(required).length, "exports");
process.send("one instance");
