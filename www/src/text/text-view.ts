/**
 * The lines of a text around one of them. Reads the file in slices and keeps the place of every so many lines, so that a log of
 * gigabytes opens without being held.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { messages as m } from "../messages/index.js";
import { encodingOf, lineEnds, linesOf, type Encoding } from "./lines.js";

const SLICE = 1024 * 1024;
/** Lines shown before and behind the one that was asked for, and added by each press of a button. */
const BEFORE = 60;
const BEHIND = 140;
/** One in so many lines has its place kept. */
const STRIDE = 256;
/** Characters of a line that are shown. */
const LONGEST = 4000;

export class TextView extends LitElement {
  static override properties = {
    file: { attribute: false },
    line: { type: Number },
    label: { type: String },
    lines: { state: true },
    first: { state: true },
    looked: { state: true },
    atEnd: { state: true },
  };

  declare file: Blob | null;
  /** The line to show, from 1. */
  declare line: number;
  declare label: string;
  /** The lines on screen; the first of them is number `first`. */
  declare private lines: string[];
  declare private first: number;
  /** Bytes that were looked through while the line is not found yet; null when there is nothing to wait for. */
  declare private looked: number | null;
  declare private atEnd: boolean;

  /** Byte where line `STRIDE * index + 1` begins. */
  #places: number[] = [0];
  #encoding: Encoding | null = null;
  /** A newer question makes older answers worthless. */
  #question = 0;
  #jump = false;

  constructor() {
    super();
    this.file = null;
    this.line = 1;
    this.label = "";
    this.lines = [];
    this.first = 1;
    this.looked = null;
    this.atEnd = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Moves the keyboard to the lines. */
  focusBytes(): void {
    this.querySelector<HTMLElement>(".text-scroll")?.focus({ preventScroll: true });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("file")) {
      this.#places = [0];
      this.#encoding = null;
      this.lines = [];
    }
    if (changed.has("file") || changed.has("line")) {
      this.#jump = true;
      const shown = this.line >= this.first && this.line < this.first + this.lines.length;
      if (!shown) void this.#show(Math.max(1, this.line - BEFORE), BEFORE + BEHIND);
    }
  }

  protected override updated(): void {
    const marked = this.querySelector<HTMLElement>(".text-row.mark");
    if (!this.#jump || marked === null) return;
    this.#jump = false;
    const scroller = marked.closest<HTMLElement>(".text-scroll");
    if (scroller !== null) scroller.scrollTop = marked.offsetTop - scroller.clientHeight / 3;
  }

  /** Reads `count` lines from line `first` on. */
  async #show(first: number, count: number): Promise<void> {
    const { file } = this;
    if (file === null) return;
    this.#question += 1;
    const question = this.#question;
    const wanted = (): boolean => question === this.#question && file === this.file;
    try {
      this.#encoding ??= encodingOf(new Uint8Array(await file.slice(0, 4).arrayBuffer()));
      const encoding = this.#encoding;
      const index = Math.min(this.#places.length - 1, Math.floor((first - 1) / STRIDE));
      let at = this.#places[index] ?? 0;
      let number = index * STRIDE + 1;
      // To the beginning of the line.
      let begins = number === first ? at : null;
      while (begins === null && at < file.size) {
        const slice = new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer());
        if (!wanted()) return;
        for (const end of lineEnds(slice, encoding)) {
          number += 1;
          if ((number - 1) % STRIDE === 0) this.#places[(number - 1) / STRIDE] ??= at + end;
          if (number === first) {
            begins = at + end;
            break;
          }
        }
        at += slice.length;
        this.looked = at;
      }
      if (begins === null) begins = file.size;
      // And as far as the lines go, or a few slices for lines without end.
      let end = begins;
      let lines: string[] = [];
      let bytes = new Uint8Array();
      while (lines.length <= count && end < file.size && bytes.length < 4 * SLICE) {
        end = Math.min(file.size, end + SLICE);
        bytes = new Uint8Array(await file.slice(begins, end).arrayBuffer());
        if (!wanted()) return;
        lines = linesOf(bytes, encoding);
      }
      this.atEnd = end >= file.size && lines.length <= count;
      this.lines = lines.slice(0, count);
      this.first = first;
    } catch {
      if (wanted()) this.lines = [];
    }
    if (wanted()) this.looked = null;
  }

  #more(earlier: boolean): void {
    const last = this.first + this.lines.length;
    if (earlier) {
      const first = Math.max(1, this.first - BEHIND);
      void this.#show(first, last - first);
    } else {
      void this.#show(this.first, this.lines.length + BEHIND);
    }
  }

  protected override render(): TemplateResult {
    return html`<div class="text-scroll" tabindex="0" role="group" aria-label=${this.label} data-testid="text" data-line=${this.line}>
      ${this.first > 1 && this.lines.length > 0 ? html`<button type="button" class="more" @click=${() => this.#more(true)}>${m.earlierLines}</button>` : nothing}
      <div class="text-rows">${this.lines.map((line, index) => {
        const number = this.first + index;
        return html`<div class="text-row ${number === this.line ? "mark" : ""}"><span class="text-number">${number}</span><span class="text-line">${line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line}</span></div>`;
      })}</div>
      ${this.atEnd || this.lines.length === 0 ? nothing : html`<button type="button" class="more" @click=${() => this.#more(false)}>${m.laterLines}</button>`}
    </div>
    <p class="hex-status" role="status">${this.looked !== null && this.lines.length === 0 ? m.lookingForLine(this.line, this.looked) : m.line(this.line)}</p>`;
  }
}

customElements.define("tlvet-text", TextView);
