// The browser, with the network blocked.

import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the one that `CHROMIUM` names. */
export function launch(...flags) {
  const executablePath = process.env.CHROMIUM;
  if (!executablePath) throw new Error("run by `cargo xtask test browser page`, which says where the browser is");
  return chromium.launch({ executablePath, args: [...ARGUMENTS, ...flags] });
}

/**
 * Lets no page of the context reach another origin.
 *
 * @param {import("playwright-core").BrowserContext} context
 * @param {string} origin
 * @param {(url: string) => void} notice is told what they asked for
 */
export function keepTo(context, origin, notice) {
  return context.route("**/*", (route) => {
    const { href, origin: asked, protocol } = new URL(route.request().url());
    if (asked === origin || protocol === "data:") return route.fallback();
    notice(href);
    return route.abort();
  });
}

/**
 * Opens a page of that origin, calls with it when it says that it is ready, and closes it.
 *
 * @template T
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @param {(page: import("playwright-core").Page) => Promise<T>} call
 * @param {{ mayComplain?: boolean }} options whether the page may write errors to the console
 * @returns {Promise<T>}
 */
export async function withPage(browser, url, call, { mayComplain = false } = {}) {
  const { origin } = new URL(url);
  const context = await browser.newContext();
  const [strangers, complaints] = [[], []];
  try {
    await keepTo(context, origin, (url) => strangers.push(url));
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(String(error.stack ?? error)));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(`${message.text()} ${message.location().url}`);
    });
    page.on("crash", () => complaints.push("the page crashed"));
    await page.goto(url);
    await page.waitForFunction(() => globalThis.isReady, undefined, { timeout: 20_000 }).catch((error) => {
      throw new Error(`the page is not ready: ${complaints.join("; ") || error.message}`);
    });
    const result = await call(page);
    if (strangers.length > 0) throw new Error(`asked for ${strangers.join(", ")}`);
    if (!mayComplain && complaints.length > 0) throw new Error(`the page complains: ${complaints.join("; ")}`);
    return result;
  } finally {
    await context.close();
  }
}
