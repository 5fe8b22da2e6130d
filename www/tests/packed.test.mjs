// What long reports are kept as: packed bytes come back as they were, and lists give their elements, however they are asked.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { before, describe, test } from "node:test";
import { build } from "vite";

/** A module of the page, built as it builds it. */
async function moduleOf(path) {
  const entry = fileURLToPath(new URL(`../src/${path}`, import.meta.url));
  const [{ output }] = await build({ configFile: false, logLevel: "warn", build: { write: false, minify: false, lib: { entry, formats: ["es"] } } });
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}

/** Bytes that repeat nothing. */
function noise(length) {
  const parts = [];
  for (let size = 0, block = Buffer.from("tlvet"); size < length; size += block.length) parts.push((block = createHash("sha256").update(block).digest()));
  return Buffer.concat(parts).subarray(0, length);
}

describe("packed lists", () => {
  let packing;
  let storing;
  before(async () => {
    packing = await moduleOf("engine/packed.ts");
    storing = await moduleOf("engine/stored.ts");
  });

  test("bytes come back as they were, at every length", () => {
    const { pack, unpack } = packing;
    const back = (bytes) => Buffer.from(unpack(pack(bytes)));
    for (const literals of [0, 1, 14, 15, 16, 269, 270, 271, 525, 70_000]) {
      for (const repeated of [0, 1, 3, 4, 5, 18, 19, 20, 273, 274, 275, 600]) {
        const bytes = Buffer.concat([noise(literals), Buffer.alloc(repeated, "x"), Buffer.from("end")]);
        assert.ok(back(bytes).equals(bytes), `${literals}, ${repeated}`);
      }
    }
  });

  test("what was said is not said again, and what is too far back is", () => {
    const { pack, unpack } = packing;
    const said = noise(1000);
    for (const [between, fits] of [[1000, true], [31_000, true], [33_000, false], [300_000, false]]) {
      const bytes = Buffer.concat([said, noise(between + 1000).subarray(1000), said]);
      const packed = pack(bytes);
      assert.ok(Buffer.from(unpack(packed)).equals(bytes), String(between));
      assert.equal(packed.length < bytes.length, fits, String(between));
    }
  });

  test("a list in pieces gives what the list gives", () => {
    const { Stored } = storing;
    const { pack } = packing;
    const all = Array.from({ length: 1000 }, (_, index) => ({ index, name: `host-${index % 7}.example` }));
    const list = new Stored([]);
    for (let at = 0; at < all.length; at += 90) {
      const items = all.slice(at, at + 90);
      list.add(pack(Buffer.from(JSON.stringify(items))), items.length);
    }
    assert.equal(list.length, 1000);
    for (const [from, to] of [[0, 50], [85, 95], [89, 90], [90, 91], [0, 1000], [990, 2000], [1000, 1001], [5, 5]]) assert.deepEqual(list.slice(from, to), all.slice(from, to));
    assert.deepEqual([list.at(0), list.at(181), list.at(1000)], [all[0], all[181], undefined]);
    assert.deepEqual([...list], all);
    // 999 stands in the last piece alone.
    assert.deepEqual([...list.mentioning('"index":999,')], all.slice(990));
    assert.deepEqual([...list.mentioning("nobody")], []);
    assert.equal(JSON.stringify({ list }), JSON.stringify({ list: all }));
    const kept = list.all();
    assert.deepEqual(kept, all);
    assert.equal(list.all(), kept);
    assert.equal(list.at(500), kept[500]);
    assert.equal(JSON.stringify(list), JSON.stringify(all));
  });
});
