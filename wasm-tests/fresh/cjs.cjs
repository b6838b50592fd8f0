// A process that requires the package.

const kernel = require("KERNEL");

import("./environment.mjs").then(async ({ run }) => process.send(await run(kernel, JSON.parse(process.argv[2]))));
