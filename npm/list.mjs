// Lists a package's tarball: `node list.mjs TARBALL` prints a JSON array of `{ path, size, gzip }`, in bytes.

import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";

const BLOCK = 512;

function* files(tar) {
  const text = (start, length) => tar.toString("utf8", start, start + length).split("\0")[0];
  for (let at = 0; at < tar.length && tar[at] !== 0;) {
    const size = parseInt(text(at + 124, 12), 8);
    const kind = text(at + 156, 1);
    const prefix = text(at + 345, 155);
    const content = tar.subarray(at + BLOCK, at + BLOCK + size);
    // Other kinds are folders, and notes on the file that follows.
    if (kind === "0" || kind === "") yield { path: (prefix && `${prefix}/`) + text(at, 100), content };
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

const list = Array.from(files(gunzipSync(readFileSync(process.argv[2]))), ({ path, content }) => ({
  // npm puts everything into a folder of this name.
  path: path.replace(/^package\//, ""),
  size: content.length,
  gzip: gzipSync(content, { level: 9 }).length,
}));
console.log(JSON.stringify(list));
