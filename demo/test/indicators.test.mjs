// The page that `cargo xtask demo indicators` writes, as it lies on the disk, in Chromium.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { CONTRAST, SCREENSHOTS, contrast, fitsItsWidth, launchFile, lowContrasts } from "./browser.mjs";

const FILE = process.env.KERNELS_INDICATORS ?? "target/demo/indicators.html";
const CHARTS = 14;

let browser;
before(async () => {
  browser = await launchFile(FILE);
});
afterEach(() => browser.closePages());
after(() => browser?.close());

/** The drawings that are seen, and what is in each. */
function drawings(page) {
  return page.$$eval("figure > svg", (drawings) =>
    drawings
      .filter((drawing) => drawing.checkVisibility())
      .map((drawing) => {
        const { width, height } = drawing.viewBox.baseVal;
        const boxes = (selector) => [...drawing.querySelectorAll(selector)].map((part) => part.getBBox());
        const inside = ({ x, y, width: w, height: h }) => x >= 0 && y >= 0 && x + w <= width && y + h <= height;
        const data = boxes("polyline:not(.grid, .level), polygon");
        const texts = [...drawing.querySelectorAll("text")].map((text) => [text.textContent, inside(text.getBBox())]);
        return {
          label: drawing.getAttribute("aria-label"),
          role: drawing.getAttribute("role"),
          outside: data.filter((box) => !inside(box)).length,
          widest: Math.max(...data.map((box) => box.width)) / width,
          highest: Math.max(...data.map((box) => box.height)) / height,
          cut: texts.filter(([, fits]) => !fits).map(([text]) => text),
          texts: texts.length,
          height: drawing.querySelector("text").getBoundingClientRect().height,
        };
      }),
  );
}

for (const size of ["desktop", "tablet", "phone"]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`draws every chart, ${size}, ${colorScheme}, and asks for nothing`, async () => {
      const page = await browser.open({ size, colorScheme });
      const seen = await drawings(page);
      assert.equal(seen.length, CHARTS);
      for (const { label, role, outside, widest, highest, cut, texts, height } of seen) {
        assert.equal(role, "img");
        assert.match(label, /^.+, \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d\. .+: from .+ to .+, .+ at the end\./);
        assert.equal(outside, 0, label);
        assert.ok(widest > 0.75 && highest > 0.3, `${label}: ${widest} by ${highest}`);
        assert.deepEqual(cut, [], label);
        assert.ok(texts >= 4, `${label}: ${texts} texts`);
        assert.ok(height >= 10, `${label}: text of ${height} pixels`);
      }
      await fitsItsWidth(page);
      assert.deepEqual(await lowContrasts(page), []);
      await page.screenshot({ path: join(SCREENSHOTS, `indicators-${size}-${colorScheme}.png`), fullPage: true });
      assert.deepEqual([page.asked, page.wrong], [[browser.url], []]);
    });
  }
}

for (const colorScheme of ["light", "dark"]) {
  test(`lines stand out and differ in more than their colour, ${colorScheme}`, async () => {
    const page = await browser.open({ colorScheme });
    const figures = await page.$$eval("figure", (figures) =>
      figures.map((figure) => {
        const style = (part) => {
          const { stroke, fill, strokeDasharray, strokeWidth } = getComputedStyle(part);
          const colour = part.matches(".line") ? stroke : fill;
          return { name: part.classList[1], colour, pattern: `${part.tagName} ${strokeDasharray} ${strokeWidth}` };
        };
        const back = getComputedStyle(figure).backgroundColor;
        const keys = [...figure.querySelectorAll(".key > *")].map(style);
        const drawn = [...figure.querySelectorAll(".wide :is(polyline, polygon):not(.grid, .level, .band)")].map(style);
        return { title: figure.querySelector("h2").textContent, back, keys, drawn };
      }),
    );
    for (const { title, back, keys, drawn } of figures) {
      for (const { name, colour } of [...keys, ...drawn]) {
        const reached = contrast(colour, back);
        assert.ok(reached >= CONTRAST, `${title}, ${name}: ${reached}`);
      }
      const names = (parts) => [...new Set(parts.map(({ name }) => name))].sort();
      assert.deepEqual(names(keys), names(drawn), title);
      const patterns = new Map(keys.map(({ name, pattern }) => [name, pattern]));
      // The two edges of a band are told apart by where they are.
      patterns.delete("edge");
      assert.equal(new Set(patterns.values()).size, patterns.size, `${title}: ${[...patterns]}`);
    }
  });
}

test("every indicator is in a chart, with the value that the table has", async () => {
  const page = await browser.open();
  const legends = (await page.$$eval("figure li", (items) => items.map((item) => item.textContent))).join("\n");
  const rows = await page.$$eval("tbody", (groups) =>
    groups.map((group) => ({
      label: group.querySelector("th").textContent,
      values: [...group.querySelectorAll("td:has(.output)")].map((cell) => cell.lastChild.textContent),
      ms: Number(group.querySelector("td[rowspan]").textContent),
    })),
  );
  assert.equal(rows.length, 20);
  for (const { label, values, ms } of rows) {
    assert.ok(values.length > 0 && ms > 0, label);
    for (const value of values) {
      assert.match(value, /^-?[\d,]+\.\d\d$/);
      assert.ok(legends.includes(` ${value}`), `${label}: ${value}`);
    }
  }
});

test("the link leads to the table, without a request", async () => {
  const page = await browser.open({ size: "phone" });
  await page.click("a[href='#values']");
  assert.ok(await page.$eval("#values", (table) => table.getBoundingClientRect().top < innerHeight / 2));
  assert.deepEqual([page.asked, page.wrong], [[browser.url], []]);
});
