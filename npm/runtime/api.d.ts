// What the package exports of the glue: its own list stands in this place.

export { info } from "./glue_bg.js";
