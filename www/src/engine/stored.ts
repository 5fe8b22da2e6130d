/** Lists that may be long: their elements stay packed JSON, as the engine told them, until somebody looks at them. */
import { unpack } from "./packed.js";

/** Elements that came together. */
type Piece<T> = { count: number } & ({ packed: Uint8Array } | { items: T[] });

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The elements of a JSON list. */
export function parsed(json: Uint8Array): unknown[] {
  return JSON.parse(decoder.decode(json)) as unknown[];
}

/** Those of a packed one. */
export function elements(packed: Uint8Array): unknown[] {
  return parsed(unpack(packed));
}

export class Stored<T> implements Iterable<T> {
  #pieces: Piece<T>[];
  #length: number;
  /** The piece that was looked at last: rows that are drawn together come from one or two. */
  #last: { piece: Piece<T>; items: T[] } | null = null;

  constructor(items: T[]) {
    this.#pieces = [{ count: items.length, items }];
    this.#length = items.length;
  }

  /** Goes on with so many elements of a packed JSON list. */
  add(packed: Uint8Array, count: number): void {
    this.#pieces.push({ count, packed });
    this.#length += count;
  }

  get length(): number {
    return this.#length;
  }

  at(index: number): T | undefined {
    return this.slice(index, index + 1)[0];
  }

  slice(from: number, to: number): T[] {
    const found: T[] = [];
    let first = 0;
    for (const piece of this.#pieces) {
      const end = first + piece.count;
      if (first < to && end > from) found.push(...this.#kept(piece).slice(Math.max(0, from - first), to - first));
      first = end;
    }
    return found;
  }

  /** One after the other, anew each time: what nobody keeps is gone. */
  *[Symbol.iterator](): Iterator<T> {
    for (const piece of this.#pieces) yield* itemsOf(piece);
  }

  /** At least those in whose JSON this stands somewhere. */
  *mentioning(json: string): Iterable<T> {
    const wanted = encoder.encode(json);
    for (const piece of this.#pieces) {
      if ("items" in piece || includes(unpack(piece.packed), wanted)) yield* itemsOf(piece);
    }
  }

  /** All of them, which stay: for what goes over all again and again. */
  all(): T[] {
    const [piece] = this.#pieces;
    if (piece !== undefined && "items" in piece && piece.count === this.#length) return piece.items;
    const items = [...this];
    this.#pieces = [{ count: items.length, items }];
    this.#last = null;
    return items;
  }

  /** As JSON it is the list that it stands for. */
  toJSON(): T[] {
    return [...this];
  }

  #kept(piece: Piece<T>): T[] {
    if (this.#last?.piece !== piece) this.#last = { piece, items: itemsOf(piece) };
    return this.#last.items;
  }
}

/** A list, kept in either way. */
export type Rows<T> = Stored<T> | T[];

export function all<T>(rows: Rows<T>): T[] {
  return Array.isArray(rows) ? rows : rows.all();
}

function itemsOf<T>(piece: Piece<T>): T[] {
  return "items" in piece ? piece.items : (elements(piece.packed) as T[]);
}

function includes(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const [first = 0] = wanted;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return true;
  }
  return false;
}
