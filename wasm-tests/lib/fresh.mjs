// A project in a folder of its own, outside of the repository, with the package as npm installs it.

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL("..", import.meta.url));

/** What `cargo xtask test` says: the package's name, its tarball, the folder of data that its checks read, npm. */
const { KERNEL, KERNEL_TARBALL, KERNEL_DATA, NPM = "npm" } = process.env;

/** Makes the folder, and says where it is. It is gone when the process ends. */
export function freshProject() {
  if (!KERNEL || !KERNEL_TARBALL || !KERNEL_DATA) throw new Error("run by `cargo xtask test wasm browser`");
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `${KERNEL}-`)));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  install(folder);
  cpSync(join(HERE, "fresh"), folder, { recursive: true });
  cpSync(join(HERE, KERNEL), join(folder, "checks"), { recursive: true });
  cpSync(KERNEL_DATA, join(folder, "data"), { recursive: true });
  putName(folder);
  return { folder, kernel: KERNEL };
}

function install(folder) {
  const quoted = (word) => (process.platform === "win32" ? `"${word}"` : word);
  // The tarball holds all that is needed: no registry is asked.
  const flags = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const words = ["install", ...flags, quoted(KERNEL_TARBALL)];
  // There, npm is a script of the shell's.
  const options = { cwd: folder, stdio: "inherit", shell: process.platform === "win32" };
  const { status, error } = spawnSync(quoted(NPM), words, options);
  if (status !== 0) throw new Error(`npm could not install ${KERNEL_TARBALL}`, { cause: error });
}

/** `KERNEL` stands for the package's name in the files. */
function putName(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile() || !/\.(m?js|cjs|html)$/.test(path) || path.includes("node_modules")) continue;
    const text = readFileSync(path, "utf8");
    if (text.includes("KERNEL")) writeFileSync(path, text.replaceAll("KERNEL", KERNEL));
  }
}
