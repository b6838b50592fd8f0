// The page that `cargo xtask bench --against` writes, as it lies on the disk, in Chromium.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { CONTRAST, SCREENSHOTS, contrast, fitsItsWidth, launchFile, lowContrasts } from "./browser.mjs";

const FILE = process.env.KERNELS_REPORT;
assert.ok(FILE, "KERNELS_REPORT: expected the file of a report, got none");
/** What a chart draws its values with: seen, each of them has a size. */
const MARKS = ".bar, .line:not(.grid, .key *), .area:not(.text, .key *)";

let browser;
before(async () => {
  browser = await launchFile(FILE);
});
afterEach(() => browser.closePages());
after(() => browser?.close());

/** Each chart: its marks that are seen, and which of its texts meet, stand out of it, or are too small. */
function charts(page) {
  return page.$$eval(
    "figure.chart",
    (figures, marks) =>
      figures.map((figure) => {
        const seen = (selector) => [...figure.querySelectorAll(selector)].filter((part) => part.checkVisibility());
        const frame = figure.getBoundingClientRect();
        const inside = ({ left, right, top, bottom }) =>
          left >= frame.left - 1 && right <= frame.right + 1 && top >= frame.top - 1 && bottom <= frame.bottom + 1;
        const boxes = seen(marks).map((mark) => mark.getBoundingClientRect());
        const walker = document.createTreeWalker(figure, NodeFilter.SHOW_TEXT);
        const texts = [];
        for (let text = walker.nextNode(); text; text = walker.nextNode()) {
          if (text.data.trim() === "" || !text.parentElement.checkVisibility()) continue;
          const range = document.createRange();
          range.selectNodeContents(text);
          // A text of several lines is several boxes; with a pixel less all round, lines that touch do not overlap.
          for (const { left, right, top, bottom } of range.getClientRects()) {
            const box = { text, left: left + 1, right: right - 1, top: top + 2, bottom: bottom - 2 };
            if (box.left < box.right && box.top < box.bottom) texts.push(box);
          }
        }
        const meet = (a, b) => a.text !== b.text && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
        const pairs = texts.flatMap((a, i) => texts.slice(i + 1).filter((b) => meet(a, b)).map((b) => [a, b]));
        return {
          label: figure.getAttribute("aria-label"),
          role: figure.getAttribute("role"),
          bars: figure.matches(".bars"),
          rows: seen("li:not(.wrong) > .who").length,
          wrong: seen("li.wrong").map((row) => row.textContent),
          ticks: seen(".ticks > span, svg text").length,
          drawn: boxes.filter(({ width, height }) => width > 0 && height > 0).length,
          widest: Math.max(0, ...boxes.map(({ width }) => width)) / frame.width,
          outside: boxes.filter((box) => !inside(box)).length,
          cut: texts.filter((box) => !inside(box)).map(({ text }) => text.data),
          overlapping: pairs.map((pair) => pair.map(({ text }) => text.data).join(" | ")),
          smallest: Math.min(...texts.map(({ top, bottom }) => bottom - top + 4)),
        };
      }),
    MARKS,
  );
}

for (const size of ["desktop", "tablet", "phone"]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`every chart shows something, ${size}, ${colorScheme}, and the page asks for nothing`, async () => {
      const page = await browser.open({ size, colorScheme });
      const all = await charts(page);
      assert.ok(all.length > 0, "no chart");
      for (const { label, role, bars, rows, ticks, drawn, widest, outside, cut, overlapping, smallest } of all) {
        assert.equal(role, "group");
        assert.match(label, /\S+.*: \S+/);
        assert.ok(drawn > 0, `${label}: nothing is drawn`);
        if (bars) assert.equal(drawn, rows, `${label}: bars`);
        // The fastest, or a line from the smallest size to the largest.
        assert.ok(widest > 0.1, `${label}: the widest mark takes ${widest} of the width`);
        assert.ok(ticks >= 2, `${label}: ${ticks} numbers at its axis`);
        assert.equal(outside, 0, label);
        assert.deepEqual(cut, [], label);
        assert.deepEqual(overlapping, [], label);
        assert.ok(smallest >= 10, `${label}: text of ${smallest} pixels`);
      }
      assert.deepEqual(await lowContrasts(page), []);
      await page.screenshot({ path: join(SCREENSHOTS, `report-${size}-${colorScheme}.png`) });
      await fitsItsWidthButForFrames(page);
      assert.deepEqual([page.asked, page.wrong], [[browser.url], []]);
    });
  }
}

/** Tables may be wider than the window: each scrolls in a frame of its own, which itself fits. */
async function fitsItsWidthButForFrames(page) {
  const frames = await page.$$eval(".frame", (frames) =>
    frames.map((frame) => {
      const { overflowX } = getComputedStyle(frame);
      frame.replaceChildren();
      return overflowX;
    }),
  );
  assert.ok(frames.length > 0 && frames.every((overflow) => overflow === "auto"), "frames scroll");
  await fitsItsWidth(page);
}

test("nothing but frames scrolls sideways on a phone", async () => {
  const page = await browser.open({ size: "phone" });
  const [width, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(width <= room, `${width} pixels in a window of ${room}`);
  const wide = await page.$$eval(".frame", (frames) => frames.filter((frame) => frame.scrollWidth > frame.clientWidth).length);
  assert.ok(wide > 0, "no table is as wide as this test needs");
});

for (const colorScheme of ["light", "dark"]) {
  test(`marks stand out, and lines differ in more than their colour, ${colorScheme}`, async () => {
    const page = await browser.open({ colorScheme });
    const figures = await page.$$eval(
      "figure.chart",
      (figures, marks) => {
        const colour = (mark) => {
          const { stroke, fill, backgroundColor } = getComputedStyle(mark);
          return mark.matches(".line") ? stroke : mark.matches(".area") ? fill : backgroundColor;
        };
        return figures.map((figure) => {
          const pattern = (key) => `${getComputedStyle(key).strokeDasharray} ${getComputedStyle(key).strokeWidth}`;
          const names = (selector) => [...new Set([...figure.querySelectorAll(selector)].map((part) => part.classList[1]))].sort();
          return {
            label: figure.getAttribute("aria-label"),
            back: getComputedStyle(figure).backgroundColor,
            colours: [...figure.querySelectorAll(`${marks}, .limit, .key > *`)].map(colour),
            patterns: [...figure.querySelectorAll(".key > *")].map(pattern),
            keys: names(".key > *"),
            drawn: names("svg.wide .line:not(.grid)"),
          };
        });
      },
      MARKS,
    );
    for (const { label, back, colours, patterns, keys, drawn } of figures) {
      const lowest = Math.min(...colours.map((colour) => contrast(colour, back)));
      assert.ok(lowest >= CONTRAST, `${label}: ${lowest}`);
      assert.equal(new Set(patterns).size, patterns.length, `${label}: ${patterns}`);
      assert.deepEqual(keys, drawn, label);
    }
  });
}

test("who is wrong has an error and no bar", async () => {
  const page = await browser.open();
  for (const { label, wrong } of await charts(page)) {
    for (const text of wrong) {
      assert.match(text, /wrong: (off by \S+, \S+ is allowed|no finite result)|no time was measured|failed: ./, label);
      assert.doesNotMatch(text, /\d (ns|µs|ms|s)\b|\/s/, label);
    }
  }
});
