// All checks of kernels-nn, and the call that must work after each.

export { works } from "./works.js";
import { badInputs } from "./bad-inputs.js";
import { forms } from "./forms.js";
import { layers } from "./layers.js";
import { memory } from "./memory.js";
import { objects } from "./objects.js";
import { readme } from "./readme.js";
import { strangeArrays } from "./strange-arrays.js";
import { values } from "./values.js";

export const checks = {
  // First: what takes memory shows only where there is none free.
  ...memory,
  ...readme,
  ...values,
  ...forms,
  ...layers,
  ...objects,
  ...badInputs,
  // Last: what goes wrong there may be the end of the instance.
  ...strangeArrays,
};
