/** A Worker that reads large files for the engine's Worker, into a few buffers that go back and forth. */
import { PIECE, type FromReader, type ToReader } from "./source.js";

/** The file that is read now. */
interface Reading {
  id: number;
  free: ArrayBuffer[];
  /** Goes on when a buffer comes back. */
  wake: (() => void) | null;
  over: boolean;
}

declare const self: {
  onmessage: ((event: MessageEvent<MessagePort>) => void) | null;
  /**
   * What is read from, kept where everything sees it: Chromium's collector takes a stream that only its own pending read
   * refers to, and then that read never ends.
   */
  tlvetStream: ReadableStreamBYOBReader | null;
};

let reading: Reading | null = null;

self.onmessage = ({ data: port }) => {
  port.onmessage = ({ data }: MessageEvent<ToReader>) => {
    if ("file" in data) {
      if (reading !== null) end(reading);
      reading = { id: data.id, free: data.buffers, wake: null, over: false };
      void read(reading, data.file, port);
    } else if (reading?.id === data.id) {
      if ("enough" in data) {
        end(reading);
        return;
      }
      reading.free.push(data.buffer);
      reading.wake?.();
    }
  };
};

function end(reading: Reading): void {
  reading.over = true;
  reading.wake?.();
}

async function read(reading: Reading, file: Blob, port: MessagePort): Promise<void> {
  const send = (message: FromReader, moved: Transferable[] = []): void => port.postMessage(message, moved);
  const { id } = reading;
  const stream = bytesOf(file);
  self.tlvetStream = stream;
  try {
    for (let at = 0; at < file.size; ) {
      const free = await freeBuffer(reading);
      if (reading.over) return;
      const [buffer, length] = stream === null ? await slice(file, at) : await fill(stream, free);
      at += length;
      if (length === 0) break;
      send({ id, buffer, length }, [buffer]);
    }
    send({ id, end: true });
  } catch (error) {
    send({ id, error: error instanceof Error ? error.message : String(error) });
  } finally {
    // Not awaited: nothing is wanted from the file any more, and one that cannot be read has said so already.
    stream?.cancel().catch(() => undefined);
    if (self.tlvetStream === stream) self.tlvetStream = null;
  }
}

async function freeBuffer(reading: Reading): Promise<ArrayBuffer> {
  for (;;) {
    const buffer = reading.free.pop();
    if (buffer !== undefined || reading.over) return buffer ?? new ArrayBuffer(0);
    await new Promise<void>((resolve) => (reading.wake = resolve));
  }
}

/** The next piece of a stream, which gives what it has at hand: small gifts are collected. */
async function fill(stream: ReadableStreamBYOBReader, free: ArrayBuffer): Promise<[ArrayBuffer, number]> {
  let buffer: ArrayBufferLike = free;
  let filled = 0;
  while (filled < PIECE) {
    const { value, done }: ReadableStreamReadResult<Uint8Array> = await stream.read(new Uint8Array(buffer as ArrayBuffer, filled, PIECE - filled));
    if (value !== undefined) {
      buffer = value.buffer;
      filled += value.byteLength;
    }
    if (done) break;
  }
  return [buffer as ArrayBuffer, filled];
}

/** A file as a stream of bytes; null where the browser has none. */
function bytesOf(file: Blob): ReadableStreamBYOBReader | null {
  try {
    return file.stream().getReader({ mode: "byob" });
  } catch {
    return null;
  }
}

async function slice(file: Blob, at: number): Promise<[ArrayBuffer, number]> {
  const buffer = await file.slice(at, at + PIECE).arrayBuffer();
  return [buffer, buffer.byteLength];
}
