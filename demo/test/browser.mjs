// A browser that reaches nothing but the page's own server, and what it sees of the page.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { keepTo, launch as launchChromium } from "../../wasm-tests/lib/chromium.mjs";
import { serve } from "../serve.mjs";

/** The built page. */
const FOLDER = resolve(process.env.KERNELS_PAGE ?? "target/demo/dist");
export const SCREENSHOTS = join(FOLDER, "../screenshots");

export const SIZES = {
  phone: { width: 360, height: 740 },
  tablet: { width: 900, height: 1100 },
  desktop: { width: 1440, height: 900 },
};

export async function launch(...flags) {
  await mkdir(SCREENSHOTS, { recursive: true });
  const server = await serve(FOLDER, 0);
  const browser = await launchChromium(...flags);
  return {
    url: server.url,
    /** Opens the page; `prepare` sees it before it loads. What goes wrong in it is listed in `page.wrong`. */
    async open({ size = "desktop", hash = "#14", prepare = () => {}, ...options } = {}) {
      const context = await browser.newContext({ viewport: SIZES[size], ...options });
      const page = await context.newPage();
      page.wrong = [];
      await keepTo(context, new URL(server.url).origin, (url) => page.wrong.push(`asked for ${url}`));
      page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.wrong.push(message.text()));
      page.on("pageerror", (error) => page.wrong.push(String(error)));
      page.on("requestfailed", (request) => page.wrong.push(`failed: ${request.url()}`));
      await prepare(page);
      await page.goto(server.url + hash);
      return page;
    },
    /** Closes what was opened: each page has four workers with a copy of the book. */
    async closePages() {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Waits until the question is ranked and timed, and the chart is there. */
export function settled(page) {
  return begins(page, "#agree", "Their");
}

/** Waits until the passages are those of a question. */
export function asked(page, number) {
  return begins(page, "#status", `Question ${number},`);
}

/** Waits for how a text begins; what the page says of a failure ends the waiting. */
async function begins(page, selector, text) {
  const failed = await page.waitForFunction(
    ([selector, text]) => {
      const failure = document.querySelector("#failure");
      if (!failure.hidden) return failure.textContent;
      return document.querySelector(selector).textContent.startsWith(text) && "no";
    },
    [selector, text],
  );
  assert.equal(await failed.jsonValue(), "no");
}

/** The passages as they are shown. */
export function shown(page) {
  return page.$$eval("#passages > li", (items) =>
    items.map((item) => ({
      title: item.querySelector("h3").firstChild.textContent,
      chapter: item.querySelector(".chapter").textContent,
      score: Number(item.querySelector(".score b").textContent),
      right: item.querySelector(".badge") !== null,
      text: item.querySelector(".text").textContent,
      marks: [...item.querySelectorAll("mark")].map((mark) => ({
        text: mark.textContent,
        title: mark.title,
        strength: Number(mark.style.getPropertyValue("--strength")),
        background: getComputedStyle(mark).backgroundColor,
      })),
      pairs: [...item.querySelectorAll(".pairs li")].map((pair) => pair.textContent),
    })),
  );
}

/** Fails if the page is wider than the window, or anything in it stands out of it. */
export async function fitsItsWidth(page) {
  const [width, room] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  assert.ok(width <= room, `${width} pixels in a window of ${room}`);
  const out = await page.evaluate(() =>
    [...document.querySelectorAll("main *, header *, footer *")]
      .filter((element) => element.checkVisibility() && !element.closest(".unseen, label > input"))
      .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
      .map((element) => element.outerHTML.slice(0, 100)),
  );
  assert.deepEqual(out, []);
}

/** How far things moved by themselves since the page began to load: the sum of the browser's own measure. */
export function shifts(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const sum = (list) => list.getEntries().reduce((sum, { value }) => sum + value, 0);
        const observer = new PerformanceObserver((list) => resolve(sum(list)));
        observer.observe({ type: "layout-shift", buffered: true });
        setTimeout(resolve, 300, 0);
      }),
  );
}

/** The texts whose contrast with what is behind them is below WCAG's AA. */
export function lowContrasts(page) {
  return page.evaluate(() => {
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const painted = (...colours) => {
      context.clearRect(0, 0, 1, 1);
      for (const colour of colours) {
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
      }
      return context.getImageData(0, 0, 1, 1).data;
    };
    const luminance = ([r, g, b]) => {
      const linear = [r / 255, g / 255, b / 255].map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const low = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const element = text.parentElement;
      if (text.data.trim() === "" || !element.checkVisibility()) continue;
      if (element.closest(".unseen, .skip, noscript, label:has(:disabled), button:disabled")) continue;
      const behind = [];
      for (let at = element; at; at = at.parentElement) behind.unshift(getComputedStyle(at).backgroundColor);
      const { color, fontSize, fontWeight } = getComputedStyle(element);
      const [front, back] = [luminance(painted(...behind, color)), luminance(painted(...behind))];
      const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
      const pixels = parseFloat(fontSize);
      const large = pixels >= 24 || (pixels >= 18.66 && Number(fontWeight) >= 700);
      if (contrast < (large ? 3 : 4.5)) low.push(`${contrast.toFixed(2)}: ${text.data.trim()}`);
    }
    return low;
  });
}
