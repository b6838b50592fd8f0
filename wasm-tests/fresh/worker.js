// A module worker without a bundler. Import maps are not for workers.

import * as kernel from "./node_modules/KERNEL/index.js";
import { awaitTask } from "./browser.js";

awaitTask(kernel);
