// Prints the size of the engine and of the page: raw, gzip, brotli.
import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

const files = {
  "engine (wasm)": new URL("../node_modules/.cache/tlvet/tlvet.wasm", import.meta.url),
  "page, served (script)": new URL("../dist/tlvet.js", import.meta.url),
  "page, one file": new URL("../dist/tlvet-offline.html", import.meta.url),
};
const sizes = {};
for (const [name, url] of Object.entries(files)) {
  const bytes = readFileSync(url);
  sizes[name] = { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length };
}
if (process.argv.includes("--json")) console.log(JSON.stringify(sizes));
else console.table(sizes);
