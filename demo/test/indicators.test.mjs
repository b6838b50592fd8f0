// The page that `cargo xtask demo indicators` writes, as it lies on the disk, in Chromium.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { launch } from "../../wasm-tests/lib/chromium.mjs";
import { SCREENSHOTS, SIZES, fitsItsWidth, lowContrasts } from "./browser.mjs";

const PAGE = pathToFileURL(resolve(process.env.KERNELS_INDICATORS ?? "target/demo/indicators.html")).href;
const CHARTS = 14;
/** What lines need before what is behind them, by WCAG. */
const CONTRAST = 3;

let browser;
before(async () => {
  await mkdir(SCREENSHOTS, { recursive: true });
  browser = await launch();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
after(() => browser?.close());

/** Opens the file. What it asks for is listed in `page.asked`, and what goes wrong in `page.wrong`. */
async function open({ size = "desktop", hash = "", ...options } = {}) {
  const context = await browser.newContext({ viewport: SIZES[size], ...options });
  const page = await context.newPage();
  [page.asked, page.wrong] = [[], []];
  await context.route("**/*", (route) => (route.request().url().startsWith(PAGE) ? route.fallback() : route.abort()));
  page.on("request", (request) => page.asked.push(request.url()));
  page.on("console", (message) => page.wrong.push(message.text()));
  page.on("pageerror", (error) => page.wrong.push(String(error)));
  await page.goto(PAGE + hash);
  await page.waitForLoadState("networkidle");
  return page;
}

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
      const page = await open({ size, colorScheme });
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
      assert.deepEqual([page.asked, page.wrong], [[PAGE], []]);
    });
  }
}

for (const colorScheme of ["light", "dark"]) {
  test(`lines stand out and differ in more than their colour, ${colorScheme}`, async () => {
    const page = await open({ colorScheme });
    const figures = await page.$$eval("figure", (figures) => {
      const luminance = (colour) => {
        const linear = colour.match(/\d+/g).slice(0, 3).map((c) => (c / 255 <= 0.04045 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
      };
      return figures.map((figure) => {
        const back = luminance(getComputedStyle(figure).backgroundColor);
        const style = (part) => {
          const { stroke, fill, strokeDasharray, strokeWidth } = getComputedStyle(part);
          const front = luminance(part.matches(".line") ? stroke : fill);
          const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
          return { name: part.classList[1], contrast, pattern: `${part.tagName} ${strokeDasharray} ${strokeWidth}` };
        };
        const keys = [...figure.querySelectorAll(".key > *")].map(style);
        const drawn = [...figure.querySelectorAll(".wide :is(polyline, polygon):not(.grid, .level, .band)")].map(style);
        return { title: figure.querySelector("h2").textContent, keys, drawn };
      });
    });
    for (const { title, keys, drawn } of figures) {
      for (const { name, contrast } of [...keys, ...drawn]) {
        assert.ok(contrast >= CONTRAST, `${title}, ${name}: ${contrast}`);
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
  const page = await open();
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
  const page = await open({ size: "phone" });
  await page.click("a[href='#values']");
  assert.ok(await page.$eval("#values", (table) => table.getBoundingClientRect().top < innerHeight / 2));
  assert.deepEqual([page.asked, page.wrong], [[PAGE], []]);
});
