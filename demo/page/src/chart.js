// The speed of the engines beside each other: a bar each, from zero, the shorter the better.

import { byId, digits, element, milliseconds } from "./text.js";

/** What each engine is, for somebody who does not know its name. */
const ABOUT = {
  "relaxed-simd": "4 lanes, fused multiply-add",
  simd128: "4 lanes",
  scalar: "one value at a time",
  loop: "three nested loops, Float32Array",
};

const NAMES = { loop: "plain JS loop" };

export function showBars(engines) {
  byId("bars").replaceChildren(
    ...engines.map((name) =>
      element(
        "li",
        { id: `bar-${name}`, className: name === "loop" ? "is-loop" : "" },
        element("span", { className: "bar-name" }, NAMES[name] ?? name),
        element("span", { className: "bar-value" }, "–"),
        element("small", {}, ABOUT[name]),
        element("span", { className: "bar-track", "aria-hidden": "true" }, element("span", { className: "bar" })),
      ),
    ),
  );
}

/** Shows the times in milliseconds by engine; of one that does not run, why. */
export function showTimes(times, reasons) {
  const most = Math.max(...Object.values(times));
  for (const item of byId("bars").children) {
    const name = item.id.slice("bar-".length);
    const value = item.querySelector(".bar-value");
    if (times[name] === undefined) {
      value.textContent = reasons[name] ? "not here" : "–";
      item.style.setProperty("--share", "0");
      continue;
    }
    const faster = times.loop / times[name];
    const ratio = name === "loop" || !Number.isFinite(faster) ? [] : [" ", element("b", {}, `${digits(faster)}×`)];
    value.replaceChildren(milliseconds(times[name]), ...ratio);
    item.style.setProperty("--share", (times[name] / most).toFixed(4));
  }
}

/** Marks the bar of the engine that ranks. */
export function markBar(name) {
  for (const item of byId("bars").children) item.classList.toggle("is-current", item.id === `bar-${name}`);
}
