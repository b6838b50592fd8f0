// A browser that reaches nothing but the page's own server, or its file, and what it sees of the page.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
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

/** Starts the browser, for the built page, which is served. */
export async function launch(...flags) {
  const server = await serve(FOLDER, 0);
  const browser = await launchEmpty(...flags);
  return {
    url: server.url,
    /** Opens the page; `prepare` sees it before it loads. What goes wrong in it is listed in `page.wrong`. */
    async open({ hash = "#14", prepare = () => {}, ...options } = {}) {
      const page = await browser.openEmpty(options);
      await keepTo(page.context(), new URL(server.url).origin, (url) => page.wrong.push(`asked for ${url}`));
      page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.wrong.push(message.text()));
      await prepare(page);
      await page.goto(server.url + hash);
      return page;
    },
    closePages: browser.closePages,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Starts the browser, for a page that is one file, as it lies on the disk. */
export async function launchFile(file) {
  const url = pathToFileURL(resolve(file)).href;
  const browser = await launchEmpty();
  return {
    url,
    /** Opens the page, and all that is folded in it. What it asks for is listed in `page.asked`, and what goes wrong in `page.wrong`. */
    async open(options) {
      const page = await browser.openEmpty(options);
      page.asked = [];
      await page.context().route("**/*", (route) => (route.request().url() === url ? route.fallback() : route.abort()));
      page.on("request", (request) => page.asked.push(request.url()));
      page.on("console", (message) => page.wrong.push(message.text()));
      await page.goto(url);
      await page.waitForLoadState("networkidle");
      await page.$$eval("details", (all) => all.forEach((details) => (details.open = true)));
      return page;
    },
    closePages: browser.closePages,
    close: browser.close,
  };
}

async function launchEmpty(...flags) {
  await mkdir(SCREENSHOTS, { recursive: true });
  const browser = await launchChromium(...flags);
  return {
    async openEmpty({ size = "desktop", ...options } = {}) {
      const context = await browser.newContext({ viewport: SIZES[size], ...options });
      const page = await context.newPage();
      page.wrong = [];
      page.on("pageerror", (error) => page.wrong.push(String(error)));
      page.on("requestfailed", (request) => page.wrong.push(`failed: ${request.url()}`));
      return page;
    },
    /** Closes what was opened: a page may have four workers with a copy of the book. */
    async closePages() {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    close: () => browser.close(),
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

/** What lines and areas need before what is behind them, by WCAG. */
export const CONTRAST = 3;

/** WCAG's contrast of two colours, each of which begins with its red, green and blue, from 0 to 255. */
export function contrast(a, b) {
  const luminance = (colour) => {
    const [red, green, blue] = colour.match(/[\d.]+/g).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** The texts whose contrast with what is behind them is below WCAG's AA. */
export async function lowContrasts(page) {
  const texts = await page.evaluate(() => {
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const painted = (...colours) => {
      context.clearRect(0, 0, 1, 1);
      for (const colour of colours) {
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
      }
      return context.getImageData(0, 0, 1, 1).data.join();
    };
    const seen = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const element = text.parentElement;
      if (text.data.trim() === "" || !element.checkVisibility()) continue;
      if (element.closest(".unseen, .skip, noscript, label:has(:disabled), button:disabled")) continue;
      const behind = [];
      for (let at = element; at; at = at.parentElement) behind.unshift(getComputedStyle(at).backgroundColor);
      const { color, fontSize, fontWeight } = getComputedStyle(element);
      const pixels = parseFloat(fontSize);
      const large = pixels >= 24 || (pixels >= 18.66 && Number(fontWeight) >= 700);
      seen.push({ text: text.data.trim(), front: painted(...behind, color), back: painted(...behind), large });
    }
    return seen;
  });
  const measured = texts.map(({ text, front, back, large }) => ({ text, large, by: contrast(front, back) }));
  return measured.filter(({ large, by }) => by < (large ? 3 : 4.5)).map(({ text, by }) => `${by.toFixed(2)}: ${text}`);
}
