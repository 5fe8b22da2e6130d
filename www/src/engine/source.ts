/** The bytes of a file, piece by piece, without ever holding it whole. The engine's side of `reader.ts`. */
import { address, startWorker } from "./script.js";

/** Bytes of one piece: below 1 MiB the calls are seen, and above 4 MiB only memory grows. */
export const PIECE = 4 * 1024 * 1024;
/** Pieces that go round: one is judged while the others are read or wait. */
const PIECES = 5;
/** Bytes of the first piece: a file that the engine hands back by them costs no Worker and no buffers. */
const HEAD = 64 * 1024;

/** From the engine's Worker to the reader's: a file to read, or a buffer to fill again. */
export type ToReader = { file: Blob; buffers: ArrayBuffer[] } | { buffer: ArrayBuffer };

/** From the reader's Worker: the next piece, the end, or why there is none. */
export type FromReader = { buffer: ArrayBuffer; length: number } | { end: true } | { error: string };

let readerUrl: string | null = null;

/** Names the script of the Worker that reads. */
export function readThrough(script: string): void {
  readerUrl = address(script);
}

/**
 * Calls `take` with one piece after the other, as views that are valid until it returns, and ends early when it says false.
 *
 * Large files are read by a Worker of their own, so that one piece is read while another is judged. It ends with its file: what it
 * leaves behind, its buffers among it, would otherwise be there while the report is made.
 */
export async function readPieces(file: Blob, take: (piece: Uint8Array) => boolean): Promise<void> {
  const head = file.slice(0, HEAD);
  if (!take(new Uint8Array(await head.arrayBuffer()))) return;
  const rest = file.slice(head.size);
  if (rest.size <= PIECE || readerUrl === null || typeof Worker === "undefined") {
    for (let at = 0; at < rest.size; at += PIECE) {
      if (!take(new Uint8Array(await rest.slice(at, at + PIECE).arrayBuffer()))) return;
    }
    return;
  }
  const reader = startWorker(readerUrl, "tlvet-reader");
  try {
    await through(reader, rest, take);
  } finally {
    reader.terminate();
  }
}

function through(reader: Worker, file: Blob, take: (piece: Uint8Array) => boolean): Promise<void> {
  const send = (message: ToReader, moved: Transferable[]): void => reader.postMessage(message, moved);
  return new Promise((resolve, reject) => {
    reader.onmessage = ({ data }: MessageEvent<FromReader>) => {
      if ("error" in data) reject(new Error(data.error));
      else if ("end" in data) resolve();
      else {
        try {
          if (take(new Uint8Array(data.buffer, 0, data.length))) send({ buffer: data.buffer }, [data.buffer]);
          else resolve();
        } catch (error) {
          reject(error);
        }
      }
    };
    reader.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    const buffers = Array.from({ length: PIECES }, () => new ArrayBuffer(PIECE));
    send({ file, buffers }, buffers);
  });
}
