// Imports nothing, so that it works wherever the page is built.
export default {
  // The page may be served from any folder.
  base: "./",
  build: { outDir: "../dist", emptyOutDir: true, target: "es2022", modulePreload: false },
  worker: { format: "es" },
};
