/** A Worker that reads large files for the engine's Worker, into a few buffers that go back and forth. */
import { PIECE, type FromReader, type ToReader } from "./source.js";

/** The file that is read now. */
interface Reading {
  id: number;
  file: Blob;
  port: MessagePort;
  /** Where the next piece begins. */
  next: number;
  /** Done when every piece that was begun is sent, in their order. */
  sent: Promise<void>;
  over: boolean;
}

declare const self: {
  onmessage: ((event: MessageEvent<MessagePort>) => void) | null;
  /**
   * What is read from, kept where everything sees it: Chromium's collector takes a stream that only its own pending read
   * refers to, and then that read never ends.
   */
  tlvetStreams: Set<ReadableStreamBYOBReader>;
};

self.tlvetStreams = new Set();

let reading: Reading | null = null;

self.onmessage = ({ data: port }) => {
  port.onmessage = ({ data }: MessageEvent<ToReader>) => {
    if ("file" in data) {
      if (reading !== null) end(reading);
      reading = { id: data.id, file: data.file, port, next: 0, sent: Promise.resolve(), over: false };
      for (const buffer of data.buffers) begin(reading, buffer);
    } else if (reading?.id === data.id) {
      if ("enough" in data) end(reading);
      else begin(reading, data.buffer);
    }
  };
};

function end(reading: Reading): void {
  reading.over = true;
  for (const stream of self.tlvetStreams) release(stream);
}

/**
 * Begins to read the next piece of the file into a buffer, beside those that are being read. They are sent in the order of the file.
 *
 * Each is a stream of its own: of one stream Chromium moves a part of a piece at a time, with a message between its processes for
 * each, and most of the time goes by between them. Several are on their way at once.
 */
function begin(reading: Reading, buffer: ArrayBuffer): void {
  const { id, file, port } = reading;
  const send = (message: FromReader, moved: Transferable[] = []): void => port.postMessage(message, moved);
  if (reading.over || reading.next >= file.size) return;
  const part = file.slice(reading.next, reading.next + PIECE);
  reading.next += PIECE;
  const isLast = reading.next >= file.size;
  const filled = fill(part, buffer);
  reading.sent = Promise.all([filled, reading.sent]).then(
    ([[full, length]]) => {
      if (reading.over) return;
      send({ id, buffer: full, length }, [full]);
      if (isLast) send({ id, end: true });
    },
    (error: unknown) => {
      if (reading.over) return;
      end(reading);
      send({ id, error: error instanceof Error ? error.message : String(error) });
    },
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
