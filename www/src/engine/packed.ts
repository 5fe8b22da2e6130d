/**
 * Bytes made smaller, and back, at once: what browsers have for it answers later, and a row is drawn now.
 *
 * DEFLATE (RFC 1951), behind the length of what is inside as 32 bits, little endian. JSON of connections becomes an eighth.
 */
import { deflateSync, inflateSync } from "fflate";

/** Bytes of the length in front. */
const HEAD = 4;
/** Room that is kept for the next time; what needs more is rare. */
const KEPT = 256 * 1024;

let room = new Uint8Array(0);

/** Room for so many bytes, whose content is anything. */
function roomFor(size: number): Uint8Array<ArrayBuffer> {
  if (size > KEPT) return new Uint8Array(size);
  if (room.length < size) room = new Uint8Array(KEPT);
  return room.subarray(0, size);
}

export function pack(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const packed = deflateSync(bytes, { level: 1, mem: 2 });
  const out = new Uint8Array(HEAD + packed.length);
  new DataView(out.buffer).setUint32(0, bytes.length, true);
  out.set(packed, HEAD);
  return out;
}

/** What was packed, as a view that is valid until the next call of this module. */
export function unpack(packed: Uint8Array): Uint8Array {
  const size = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);
  return inflateSync(packed.subarray(HEAD), { out: roomFor(size) });
}
