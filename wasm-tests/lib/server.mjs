// Serves folders on loopback, and remembers what was asked for.

import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/**
 * Serves a folder at `/`.
 *
 * @param {string} folder
 * @param {{ wasmType?: string | null }} options what it says a `.wasm` is; nothing if null
 */
export async function serve(folder, { wasmType = TYPES[".wasm"] } = {}) {
  /** The paths that were asked for. */
  const requests = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    requests.push(path);
    const file = join(folder, normalize(path));
    const type = path.endsWith(".wasm") ? wasmType : (TYPES[extname(path)] ?? "application/octet-stream");
    if (!file.startsWith(folder) || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      ...(type === null ? {} : { "Content-Type": type }),
      // With these a page may share memory.
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Embedder-Policy": "require-corp",
      "Cache-Control": "no-store",
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    requests,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
