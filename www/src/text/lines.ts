/** Bytes of a text to lines, in the encodings that the engine reads: UTF-8, Latin-1 line by line, UTF-16. */

export type Encoding = "bytes" | "utf-16le" | "utf-16be";

/** The encoding, by the first four bytes of a text. */
export function encodingOf(head: Uint8Array): Encoding {
  const [a, b, c, d] = head;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (head.length === 4 && b === 0 && d === 0 && a !== 0 && c !== 0) return "utf-16le";
  if (head.length === 4 && a === 0 && c === 0 && b !== 0 && d !== 0) return "utf-16be";
  return "bytes";
}

/** Where the line behind each line end begins; pieces of UTF-16 begin at even places. */
export function* lineEnds(bytes: Uint8Array, encoding: Encoding): Generator<number> {
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) {
    if (encoding === "bytes") yield at + 1;
    else if (encoding === "utf-16le" && at % 2 === 0 && bytes[at + 1] === 0) yield at + 2;
    else if (encoding === "utf-16be" && at % 2 === 1 && bytes[at - 1] === 0) yield at + 1;
  }
}

/** All lines, without their ends; the last one may be half a line. */
export function linesOf(bytes: Uint8Array, encoding: Encoding): string[] {
  const lines: string[] = [];
  let from = 0;
  for (const end of lineEnds(bytes, encoding)) {
    lines.push(decoded(bytes.subarray(from, end), encoding));
    from = end;
  }
  if (from < bytes.length) lines.push(decoded(bytes.subarray(from), encoding));
  return lines;
}

const strict = new TextDecoder("utf-8", { fatal: true });
const latin = new TextDecoder("latin1");

function decoded(bytes: Uint8Array, encoding: Encoding): string {
  let text: string;
  if (encoding === "bytes") {
    try {
      text = strict.decode(bytes);
    } catch {
      text = latin.decode(bytes);
    }
  } else {
    text = new TextDecoder(encoding).decode(bytes);
  }
  return text.replace(/\r?\n$/, "");
}
