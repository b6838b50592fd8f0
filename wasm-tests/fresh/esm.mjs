// A process that imports the package.

import * as kernel from "KERNEL";
import { run } from "./environment.mjs";

process.send(await run(kernel, JSON.parse(process.argv[2])));
