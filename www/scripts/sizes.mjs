// Prints the sizes of the engine's two builds and of the page: raw, gzip, brotli. The first build is what a page waits for:
// at most 350 KB compressed.
import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

const files = {
  "first engine (wasm), at most 350 KB": new URL("../node_modules/.cache/tlvet/tlvet-first.wasm", import.meta.url),
  "whole engine (wasm)": new URL("../node_modules/.cache/tlvet/tlvet-whole.wasm", import.meta.url),
  "page, served (script)": new URL("../dist/tlvet.js", import.meta.url),
  "page, served (script of the whole engine)": new URL("../dist/tlvet-whole.js", import.meta.url),
  "page, one file": new URL("../dist/tlvet-offline.html", import.meta.url),
};
const sizes = {};
for (const [name, url] of Object.entries(files)) {
  const bytes = readFileSync(url);
  sizes[name] = { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length };
}
if (process.argv.includes("--json")) console.log(JSON.stringify(sizes));
else console.table(sizes);
