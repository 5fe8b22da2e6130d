// What a page waits for before it can read a list stays small.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";

const LIMIT = 350_000;

test("the first engine weighs at most 350 KB, compressed as a server hands it out", () => {
  const engine = readFileSync(new URL("../node_modules/.cache/tlvet/tlvet-first.wasm", import.meta.url));
  const size = brotliCompressSync(engine).length;
  assert.ok(size <= LIMIT, `${size} bytes`);
});
