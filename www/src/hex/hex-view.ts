/**
 * The hex view: draws only the rows in sight and reads only the pages of the file that they need, so
 * that a file of any size opens at once.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { messages as m } from "../messages/index.js";
import { regionAt, regionsOf, type Layout, type Region } from "./regions.js";

const ROW = 20;
const PAGE = 16 * 1024;
/** Pixels that a row of 16 bytes takes, by the measures of hex.css; a narrower view shows 8. */
const WIDE = 530;
/** Pages kept; a screen needs one or two. */
const PAGES = 64;
/** Browsers cap an element's height at some 16 to 33 million pixels; beyond this, scrolling is scaled. */
const MAX_HEIGHT = 8_000_000;
/** Bytes in which elements are named: more than the largest header and records of any phone's list. */
const NAMED = 2 * 1024 * 1024;

export class HexView extends LitElement {
  static override properties = {
    file: { attribute: false },
    layout: { attribute: false },
    start: { type: Number },
    end: { type: Number },
    label: { type: String },
    cursor: { state: true },
    first: { state: true },
    columns: { state: true },
  };

  declare file: Blob | null;
  declare layout: Layout | null;
  /** The range to show. */
  declare start: number;
  declare end: number;
  declare label: string;
  declare private cursor: number;
  declare private first: number;
  declare private columns: number;

  #pages = new Map<number, Uint8Array | null>();
  #regions: Region[] = [];
  #height = 400;
  #observer: ResizeObserver | null = null;
  #jump = false;
  /** Where this view itself last scrolled to. */
  #own: number | null = null;

  constructor() {
    super();
    this.file = null;
    this.layout = null;
    this.start = 0;
    this.end = 0;
    this.label = "";
    this.cursor = 0;
    this.first = 0;
    this.columns = 16;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new ResizeObserver(() => this.#measure());
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
  }

  /** Moves the keyboard to the bytes. */
  focusBytes(): void {
    this.#scroller?.focus({ preventScroll: true });
  }

  get #scroller(): HTMLElement | null {
    return this.querySelector<HTMLElement>(".hex-scroll");
  }

  get #rows(): number {
    return Math.max(1, Math.ceil((this.file?.size ?? 0) / this.columns));
  }

  /** The largest `first`: what is left to scroll when the last row is in sight. */
  get #lastFirst(): number {
    return Math.max(0, this.#rows - this.#shown);
  }

  /** Whole rows in sight. */
  get #shown(): number {
    return Math.max(1, Math.floor(this.#height / ROW));
  }

  get #visible(): number {
    return Math.ceil(this.#height / ROW) + 1;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("file") || changed.has("layout")) {
      if (changed.has("file")) this.#pages.clear();
      this.#regions = [];
      void this.#name();
    }
    if (changed.has("file") || changed.has("start") || changed.has("end")) {
      this.cursor = this.start;
      this.#jump = true;
    }
  }

  protected override updated(): void {
    const scroller = this.#scroller;
    if (scroller === null) return;
    // Through the object model: the page's policy allows no style attributes.
    const sizer = scroller.querySelector<HTMLElement>(".hex-sizer");
    const rows = scroller.querySelector<HTMLElement>(".hex-rows");
    if (sizer !== null) sizer.style.height = `${Math.min(this.#rows * ROW, MAX_HEIGHT)}px`;
    if (this.#jump) {
      this.#jump = false;
      this.#reveal(this.start, true);
    }
    if (rows !== null) rows.style.transform = `translateY(${scroller.scrollTop}px)`;
    this.#load();
  }

  #measure(): void {
    const scroller = this.#scroller;
    if (scroller === null) return;
    this.#height = scroller.clientHeight;
    const columns = scroller.clientWidth < WIDE ? 8 : 16;
    if (columns !== this.columns) {
      this.columns = columns;
      this.#jump = true;
    }
    this.requestUpdate();
  }

  /** Scrolls so that the byte is in sight; a jump puts it a third down. */
  #reveal(offset: number, jump: boolean): void {
    const scroller = this.#scroller;
    if (scroller === null) return;
    const row = Math.floor(offset / this.columns);
    const shown = this.#shown;
    let first = this.first;
    if (jump) first = row - Math.floor(shown / 3);
    else if (row < first) first = row;
    else if (row >= first + shown) first = row - shown + 1;
    first = Math.max(0, Math.min(first, this.#lastFirst));
    if (first !== this.first || jump) {
      const most = scroller.scrollHeight - scroller.clientHeight;
      scroller.scrollTop = this.#lastFirst === 0 ? 0 : (first / this.#lastFirst) * most;
      this.#own = scroller.scrollTop;
      this.first = first;
    }
  }

  #scrolled(): void {
    const scroller = this.#scroller;
    if (scroller === null) return;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    // In a scaled view a pixel is many rows: the place that was asked for is exact, the pixel is not.
    if (scrollTop !== this.#own) {
      const most = scrollHeight - clientHeight;
      this.first = most <= 0 ? 0 : Math.round((scrollTop / most) * this.#lastFirst);
      this.#own = null;
    }
    this.requestUpdate();
  }

  #load(): void {
    const file = this.file;
    if (file === null) return;
    const from = Math.floor((this.first * this.columns) / PAGE);
    const to = Math.floor(((this.first + this.#visible) * this.columns) / PAGE);
    for (let page = from; page <= to && page * PAGE < file.size; page += 1) {
      if (this.#pages.has(page)) continue;
      if (this.#pages.size > PAGES) this.#pages.clear();
      this.#pages.set(page, null);
      void file.slice(page * PAGE, (page + 1) * PAGE).arrayBuffer().then((bytes) => {
        if (file !== this.file) return;
        this.#pages.set(page, new Uint8Array(bytes));
        this.requestUpdate();
      }, () => this.#pages.delete(page));
    }
  }

  async #name(): Promise<void> {
    const { file, layout } = this;
    if (file === null || layout === null) return;
    const bytes = new Uint8Array(await file.slice(0, NAMED).arrayBuffer());
    if (file !== this.file || layout !== this.layout) return;
    this.#regions = regionsOf(bytes, layout, m.hexHeader, m.record);
    this.requestUpdate();
  }

  #byte(offset: number): number | undefined {
    return this.#pages.get(Math.floor(offset / PAGE))?.[offset % PAGE];
  }

  #key(event: KeyboardEvent): void {
    const size = this.file?.size ?? 0;
    const page = this.#shown * this.columns;
    const moves: { [key: string]: number } = {
      ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns,
      PageUp: -page, PageDown: page, Home: -size, End: size,
    };
    const move = moves[event.key];
    if (move === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.cursor = Math.max(0, Math.min(size - 1, this.cursor + move));
    this.#reveal(this.cursor, false);
  }

  #click(event: MouseEvent): void {
    const at = (event.target as HTMLElement).dataset["at"];
    if (at !== undefined) this.cursor = Number(at);
  }

  /** The range to mark: the one that was asked for, or the element that holds the place. */
  #marked(): [start: number, end: number] {
    if (this.end > this.start) return [this.start, this.end];
    const region = regionAt(this.#regions, this.start);
    return region === null ? [this.start, this.start + 1] : [region.start, region.end];
  }

  protected override render(): TemplateResult {
    const size = this.file?.size ?? 0;
    const rows: TemplateResult[] = [];
    const [start, end] = this.#marked();
    const last = Math.min(this.#rows, this.first + this.#visible);
    for (let row = this.first; row < last; row += 1) rows.push(this.#row(row * this.columns, size, start, end));
    return html`
      <div class="hex-scroll" tabindex="0" role="group" aria-label=${this.label} aria-describedby="hex-status hex-keys"
        data-testid="hex" data-start=${start} data-end=${end} data-columns=${this.columns}
        @scroll=${this.#scrolled} @keydown=${this.#key} @click=${this.#click}>
        <div class="hex-sizer"></div>
        <div class="hex-rows" aria-hidden="true">${rows}</div>
      </div>
      <p class="hex-status" id="hex-status" role="status" data-testid="hex-status">${this.#status(size)}</p>
      <p class="visually-hidden" id="hex-keys">${m.hexKeys}</p>
    `;
  }

  #row(at: number, size: number, start: number, end: number): TemplateResult {
    const hex: TemplateResult[] = [];
    const text: TemplateResult[] = [];
    for (let column = 0; column < this.columns; column += 1) {
      const offset = at + column;
      if (offset >= size) break;
      const byte = this.#byte(offset);
      const region = regionAt(this.#regions, offset);
      let style = column % 8 === 0 && column > 0 ? "b gap" : "b";
      if (region !== null) style += offset < region.value ? " t" : "";
      if (offset >= start && offset < end) style += " mark";
      if (offset === this.cursor) style += " cursor";
      hex.push(html`<span class=${style} data-at=${offset}>${byte === undefined ? "··" : byte.toString(16).padStart(2, "0")}</span>`);
      text.push(html`<span class=${style.replace(" gap", "")} data-at=${offset}>${byte === undefined ? " " : printable(byte)}</span>`);
    }
    return html`<div class="hex-row"><span class="hex-offset">${at.toString(16).padStart(6, "0")}</span><span class="hex-bytes">${hex}</span><span class="hex-text">${text}</span></div>`;
  }

  #status(size: number): TemplateResult | typeof nothing {
    if (size === 0) return html`${m.kinds["empty"]}`;
    const region = regionAt(this.#regions, this.cursor);
    const byte = this.#byte(this.cursor);
    return html`<b>${m.hexAt(this.cursor)}</b>${byte === undefined ? nothing : html` <code>${byte.toString(16).padStart(2, "0")}</code>`}
      ${region === null ? nothing : html`<span>${region.place} · ${region.name} · ${m.bytes(region.end - region.value)}</span>`}`;
  }
}

function printable(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : byte === 0x20 ? " " : "·";
}

customElements.define("tlvet-hex", HexView);
