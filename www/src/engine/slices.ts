/** The report, put together from the slices in which an engine tells it: its whole text is never there. */
import type { Report } from "../generated/report.js";

/** `Slices` of the engine: the report with its lists empty, then what its lists and those of its captures hold. */
type Slice = { capture: null; list: null; items: [Report] } | { capture: number | null; list: string; items: unknown[] };

export class Assembly {
  #report: Report | null = null;
  #decoder = new TextDecoder();

  /** The next slice. The first one of a report begins anew. */
  take(json: Uint8Array<ArrayBuffer>): void {
    const slice = JSON.parse(this.#decoder.decode(json)) as Slice;
    // Given back now, where the browser can: the collector would come when all of them are here.
    (json.buffer as { transfer?(length: number): ArrayBuffer }).transfer?.(0);
    if (slice.list === null) {
      [this.#report] = slice.items;
      return;
    }
    const owner = slice.capture === null ? this.#report : this.#report?.captures[slice.capture];
    const list = (owner as { [list: string]: unknown } | null | undefined)?.[slice.list];
    if (!Array.isArray(list)) throw new Error(`a slice of ${slice.list} belongs to no report`);
    for (const item of slice.items) list.push(item);
  }

  /** The report, once it was told. */
  end(): Report {
    const report = this.#report;
    if (report === null) throw new Error("no report was told");
    this.#report = null;
    return report;
  }
}
