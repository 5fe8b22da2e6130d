/**
 * Bytes made smaller, and back, at once: what browsers have for it answers later, and a row is drawn now.
 *
 * The block format of LZ4 (github.com/lz4/lz4, doc/lz4_Block_format.md), behind the length of what is inside as 32 bits, little
 * endian. JSON of connections becomes a fifth.
 */

/** Bytes that are worth a reference. */
const SHORTEST = 4;
/** How far back one reaches. */
const FARTHEST = 0xffff;
/** A length that goes on in the bytes behind it. */
const LONG = 15;
/** Bits of a hash of the next four bytes. */
const BITS = 14;
/** Bytes of the length in front. */
const HEAD = 4;
/** Room that is kept for the next time; what needs more is rare. */
const KEPT = 256 * 1024;

/** Where four bytes of that hash stood last, plus one. */
const places = new Int32Array(1 << BITS);
let room = new Uint8Array(0);

/** Room for so many bytes, whose content is anything. */
function roomFor(size: number): Uint8Array {
  if (size > KEPT) return new Uint8Array(size);
  if (room.length < size) room = new Uint8Array(KEPT);
  return room;
}

export function pack(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  // All literals: one more byte for each 255, and a token.
  const out = roomFor(HEAD + bytes.length + Math.ceil(bytes.length / 255) + LONG);
  new DataView(out.buffer).setUint32(0, bytes.length, true);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  places.fill(0);
  let to = HEAD;
  let told = 0;
  const more = (length: number): void => {
    let left = length - LONG;
    if (left < 0) return;
    for (; left >= 255; left -= 255) out[to++] = 255;
    out[to++] = left;
  };
  const put = (end: number, distance: number, length: number): void => {
    const literals = end - told;
    out[to++] = (Math.min(literals, LONG) << 4) | Math.min(Math.max(length - SHORTEST, 0), LONG);
    more(literals);
    out.set(bytes.subarray(told, end), to);
    to += literals;
    told = end + length;
    if (length === 0) return;
    out[to++] = distance & 0xff;
    out[to++] = distance >> 8;
    more(length - SHORTEST);
  };
  for (let at = 0; at + SHORTEST <= bytes.length; ) {
    const next = view.getUint32(at, true);
    const hash = Math.imul(next, 0x9e3779b1) >>> (32 - BITS);
    const before = (places[hash] ?? 0) - 1;
    places[hash] = at + 1;
    if (before < 0 || at - before > FARTHEST || view.getUint32(before, true) !== next) {
      at += 1;
      continue;
    }
    let length = SHORTEST;
    while (at + length < bytes.length && bytes[before + length] === bytes[at + length]) length += 1;
    put(at, at - before, length);
    at += length;
  }
  put(bytes.length, 0, 0);
  return out.slice(0, to);
}

/** What was packed, as a view that is valid until the next call of this module. */
export function unpack(packed: Uint8Array): Uint8Array {
  const size = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);
  const out = roomFor(size);
  let from = HEAD;
  let to = 0;
  const whole = (length: number): number => {
    if (length < LONG) return length;
    let [all, byte] = [length, 255];
    while (byte === 255) {
      byte = packed[from++] ?? 0;
      all += byte;
    }
    return all;
  };
  for (;;) {
    const token = packed[from++] ?? 0;
    for (let left = whole(token >> 4); left > 0; left -= 1) out[to++] = packed[from++] ?? 0;
    if (from >= packed.length) break;
    const distance = (packed[from++] ?? 0) | ((packed[from++] ?? 0) << 8);
    for (let left = whole(token & LONG) + SHORTEST; left > 0; left -= 1, to += 1) out[to] = out[to - distance] ?? 0;
  }
  return out.subarray(0, size);
}
