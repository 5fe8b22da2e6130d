/** A Worker that reads one large file for the engine's Worker, into a few buffers that go back and forth, until that ends it. */
import { PIECE, type FromReader, type ToReader } from "./source.js";

declare const self: {
  onmessage: ((event: MessageEvent<ToReader>) => void) | null;
  postMessage(message: FromReader, moved?: Transferable[]): void;
  /**
   * What is read from, kept where everything sees it: Chromium's collector takes a stream that only its own pending read
   * refers to, and then that read never ends.
   */
  tlvetStreams: Set<ReadableStreamBYOBReader>;
};

self.tlvetStreams = new Set();

let file = new Blob();
/** Where the next piece begins. */
let next = 0;
/** Done when every piece that was begun is sent, in their order. */
let sent: Promise<void> = Promise.resolve();

self.onmessage = ({ data }) => {
  if ("file" in data) {
    file = data.file;
    for (const buffer of data.buffers) begin(buffer);
  } else begin(data.buffer);
};

/**
 * Begins to read the next piece of the file into a buffer, beside those that are being read. They are sent in the order of the file.
 *
 * Each is a stream of its own: of one stream Chromium moves a part of a piece at a time, with a message between its processes for
 * each, and most of the time goes by between them. Several are on their way at once.
 */
function begin(buffer: ArrayBuffer): void {
  if (next >= file.size) return;
  const part = file.slice(next, next + PIECE);
  next += PIECE;
  const isLast = next >= file.size;
  const filled = fill(part, buffer);
  sent = Promise.all([filled, sent]).then(
    ([[full, length]]) => {
      self.postMessage({ buffer: full, length }, [full]);
      if (isLast) self.postMessage({ end: true });
    },
    (error: unknown) => self.postMessage({ error: error instanceof Error ? error.message : String(error) }),
  );
}

/** A part of a file, in the buffer where the browser can read into one; with its length. */
async function fill(part: Blob, free: ArrayBuffer): Promise<[ArrayBuffer, number]> {
  const stream = bytesOf(part);
  if (stream === null) {
    const buffer = await part.arrayBuffer();
    return [buffer, buffer.byteLength];
  }
  let buffer: ArrayBufferLike = free;
  let filled = 0;
  self.tlvetStreams.add(stream);
  try {
    while (filled < part.size) {
      const { value, done }: ReadableStreamReadResult<Uint8Array> = await stream.read(new Uint8Array(buffer as ArrayBuffer, filled, part.size - filled));
      if (value !== undefined) {
        buffer = value.buffer;
        filled += value.byteLength;
      }
      if (done) break;
    }
    return [buffer as ArrayBuffer, filled];
  } finally {
    release(stream);
  }
}

/** Nothing more is wanted of it. */
function release(stream: ReadableStreamBYOBReader): void {
  self.tlvetStreams.delete(stream);
  // Not awaited: one that cannot be read has said so already.
  stream.cancel().catch(() => undefined);
}

/** A part of a file as a stream of bytes; null where the browser has none. */
function bytesOf(part: Blob): ReadableStreamBYOBReader | null {
  try {
    return part.stream().getReader({ mode: "byob" });
  } catch {
    return null;
  }
}
