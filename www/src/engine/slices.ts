/** The report, put together from the slices in which an engine tells it: its whole text is never there. */
import { STORED, type Report } from "../report.js";
import { pack } from "./packed.js";
import { elements, parsed, Stored } from "./stored.js";

/** `Slices` of the engine: the report with its lists empty, then what its lists and those of its captures hold. */
export interface Slice {
  /** The capture whose list it is; null for one of the report. */
  capture: number | null;
  /** Null for the report. */
  list: string | null;
  count: number;
  /** A JSON list: packed, unless it is the report, which is read as soon as it is here. */
  items: Uint8Array<ArrayBuffer>;
}

/** Begins the items; nothing before them has one. */
const BRACKET = "[".charCodeAt(0);

/** A slice as the engine wrote it, whose bytes are given up. */
export function sliceOf(json: Uint8Array<ArrayBuffer>): Slice {
  const items = json.indexOf(BRACKET);
  const slice = JSON.parse(`${new TextDecoder().decode(json.subarray(0, items))}null}`) as Omit<Slice, "items">;
  if (slice.list === null) return { ...slice, items: json.slice(items, -1) };
  const packed = pack(json.subarray(items, -1));
  // Given back now, where the browser can: the collector would come when there are many.
  (json.buffer as { transfer?(length: number): ArrayBuffer }).transfer?.(0);
  return { ...slice, items: packed };
}

export class Assembly {
  #report: Report | null = null;

  /** The next slice. The first one of a report begins anew. */
  take({ capture, list: name, count, items }: Slice): void {
    if (name === null) {
      const [report] = parsed(items) as [Report];
      store(report, STORED.report);
      report.captures.forEach((one) => store(one, STORED.capture));
      this.#report = report;
      return;
    }
    const owner = capture === null ? this.#report : this.#report?.captures[capture];
    const list = (owner as { [list: string]: unknown } | null | undefined)?.[name];
    if (list instanceof Stored) list.add(items, count);
    else if (Array.isArray(list)) {
      for (const item of elements(items)) {
        if (name === "captures") store(item, STORED.capture);
        list.push(item);
      }
    } else throw new Error(`a slice of ${name} belongs to no report`);
  }

  /** The report, once it was told. */
  end(): Report {
    const report = this.#report;
    if (report === null) throw new Error("no report was told");
    this.#report = null;
    return report;
  }
}

/** Has these lists of an object stored, whatever they hold already. */
function store(object: unknown, lists: readonly string[]): void {
  const owner = object as { [list: string]: unknown[] | Stored<unknown> };
  for (const list of lists) owner[list] = new Stored((owner[list] ?? []) as unknown[]);
}
