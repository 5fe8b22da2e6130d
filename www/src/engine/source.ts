/** The bytes of a file, piece by piece, without ever holding it whole. The engine's side of `reader.ts`. */

/** Bytes of one piece: below 1 MiB the calls are seen, and above 4 MiB only memory grows. */
export const PIECE = 4 * 1024 * 1024;
/** Pieces that go round: one is judged while the others are read or wait. */
const PIECES = 5;

/** From the engine's Worker to the reader's: a file to read, a buffer to fill again, or enough of the file. */
export type ToReader = { id: number; file: Blob; buffers: ArrayBuffer[] } | { id: number; buffer: ArrayBuffer } | { id: number; enough: true };

/** From the reader's Worker: the next piece, the end, or why there is none. */
export type FromReader = { id: number; buffer: ArrayBuffer; length: number } | { id: number; end: true } | { id: number; error: string };

let port: MessagePort | null = null;
let files = 0;

/** Names the way to the Worker that reads. */
export function readThrough(way: MessagePort): void {
  port = way;
}

/**
 * Calls `take` with one piece after the other, as views that are valid until it returns, and ends early when it says false.
 *
 * Large files are read by a Worker of their own, so that one piece is read while another is judged.
 */
export async function readPieces(file: Blob, take: (piece: Uint8Array) => boolean): Promise<void> {
  if (file.size <= PIECE || port === null) {
    for (let at = 0; at < file.size; at += PIECE) {
      if (!take(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()))) return;
    }
    return;
  }
  const way = port;
  const id = ++files;
  const send = (message: ToReader, moved: Transferable[] = []): void => way.postMessage(message, moved);
  await new Promise<void>((resolve, reject) => {
    way.onmessage = ({ data }: MessageEvent<FromReader>) => {
      if (data.id !== id) return;
      if ("error" in data) reject(new Error(data.error));
      else if ("end" in data) resolve();
      else {
        try {
          if (take(new Uint8Array(data.buffer, 0, data.length))) send({ id, buffer: data.buffer }, [data.buffer]);
          else {
            send({ id, enough: true });
            resolve();
          }
        } catch (error) {
          reject(error);
        }
      }
    };
    const buffers = Array.from({ length: PIECES }, () => new ArrayBuffer(PIECE));
    send({ id, file, buffers }, buffers);
  });
}
