// All checks of kernels-pool, and the call that must work after each.

export { works } from "./works.js";
import { badArrays } from "./bad-arrays.js";
import { badInputs } from "./bad-inputs.js";
import { forms } from "./forms.js";
import { memory } from "./memory.js";
import { objects } from "./objects.js";
import { readme } from "./readme.js";
import { strangeArrays } from "./strange-arrays.js";
import { values } from "./values.js";
import { vectors } from "./vectors.js";

export const checks = {
  // First: what takes memory shows only where there is none free.
  ...memory,
  ...readme,
  ...values,
  ...forms,
  ...vectors,
  ...objects,
  ...badInputs,
  ...badArrays,
  // Last: what goes wrong there may be the end of the instance.
  ...strangeArrays,
};
