// Serves the built page on this machine only: `node serve.mjs FOLDER PORT [QUESTION …]`, until it is interrupted.

import { pathToFileURL } from "node:url";
import { preview } from "vite";

const HOST = "127.0.0.1";

/** With these the browser lets the page reach nothing but this server, and lends it the finest clock. */
const HEADERS = {
  "Content-Security-Policy": [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "img-src data:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; "),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  // A page of an earlier build is never shown.
  "Cache-Control": "no-store",
};

/** Starts the server; port 0 is any that is free. Returns its address and what stops it. */
export async function serve(folder, port) {
  const server = await preview({
    configFile: false,
    root: folder,
    logLevel: "silent",
    // What is not there is not there, and is not the start page.
    appType: "mpa",
    build: { outDir: "." },
    preview: { host: HOST, port, strictPort: true, headers: HEADERS, open: false },
  });
  const address = server.httpServer.address();
  return { url: `http://${HOST}:${address.port}/`, close: () => server.close() };
}

async function main([folder, port, ...question]) {
  const server = await serve(folder, Number(port)).catch((error) => {
    console.error(`error: the page cannot be served: ${error.message}`);
    process.exit(1);
  });
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => process.exit(0));
  }
  const asked = question.join(" ");
  console.log(`\n  The page is at ${server.url}${asked && `#${encodeURIComponent(asked)}`}\n  Ctrl-C stops it.\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv.slice(2));
