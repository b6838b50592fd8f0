// All checks of kernels-maxsim, and the call that must work after each.

export { works } from "./works.js";
import { badInputs } from "./bad-inputs.js";
import { documents } from "./documents.js";
import { memory } from "./memory.js";
import { objects } from "./objects.js";
import { ranking } from "./ranking.js";
import { scores } from "./scores.js";
import { strangeArrays } from "./strange-arrays.js";
import { strangeValues } from "./strange-values.js";

export const checks = {
  // First: what takes memory shows only where there is none free.
  ...memory,
  ...scores,
  ...ranking,
  ...documents,
  ...objects,
  ...badInputs,
  // Last: what goes wrong there may be the end of the instance.
  ...strangeArrays,
  ...strangeValues,
};
