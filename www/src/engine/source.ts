/** The bytes of a file, piece by piece, without ever holding it whole. */

/**
 * Bytes of one piece. Between 1 and 4 MiB the speed is the same; below, the calls are seen, and above, only memory grows.
 */
export const PIECE = 2 * 1024 * 1024;

/**
 * What is read from now, kept where everything sees it: Chromium's collector takes a reader that only its own pending read
 * refers to, and then that read never ends.
 */
declare const self: { tlvetReader: ReadableStreamBYOBReader | null };

/**
 * Calls `take` with one piece after the other, as views that are valid until it returns, and ends early when it says false.
 *
 * A stream of bytes is read into one buffer that goes back and forth; browsers whose files have no such stream give slices.
 */
export async function readPieces(file: Blob, take: (piece: Uint8Array) => boolean): Promise<void> {
  const reader = file.size > PIECE ? byteReader(file) : null;
  self.tlvetReader = reader;
  if (reader === null) {
    for (let at = 0; at < file.size; at += PIECE) {
      if (!take(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()))) return;
    }
    return;
  }
  let buffer = new ArrayBuffer(PIECE);
  let filled = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read(new Uint8Array(buffer, filled, PIECE - filled));
      // A cancelled stream gives no buffer back.
      if (value === undefined) return;
      buffer = value.buffer;
      filled += value.byteLength;
      // The stream gives what it has at hand: small gifts are collected.
      if (filled < PIECE && !done) continue;
      if (filled > 0 && !take(new Uint8Array(buffer, 0, filled))) return;
      if (done) return;
      filled = 0;
    }
  } finally {
    // Not awaited: nothing is wanted from the file any more, and one that cannot be read has said so already.
    reader.cancel().catch(() => undefined);
    self.tlvetReader = null;
  }
}

function byteReader(file: Blob): ReadableStreamBYOBReader | null {
  try {
    return file.stream().getReader({ mode: "byob" });
  } catch {
    return null;
  }
}
