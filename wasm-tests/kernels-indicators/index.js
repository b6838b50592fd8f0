// All checks of kernels-indicators, and the call that must work after each.

export { works } from "./works.js";
import { badInputs } from "./bad-inputs.js";
import { forms } from "./forms.js";
import { memory } from "./memory.js";
import { objects } from "./objects.js";
import { strangeArrays } from "./strange-arrays.js";
import { streams } from "./streams.js";
import { values } from "./values.js";

export const checks = {
  // First: what takes memory shows only where there is none free.
  ...memory,
  ...values,
  ...forms,
  ...streams,
  ...objects,
  ...badInputs,
  // Last: what goes wrong there may be the end of the instance.
  ...strangeArrays,
};
