// The worker of the page that a bundler builds.

import * as kernel from "KERNEL";
import { awaitTask } from "../browser.js";

awaitTask(kernel);
