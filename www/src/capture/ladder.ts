/** A ladder diagram: one line down for each side, one arrow across for each thing that was said. Drawn for the width that it has. */
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { Measured } from "../measured.js";
import { messages as m } from "../messages/index.js";
import rules from "../styles/ladder.css?raw";
import { fit, measure } from "./text.js";
import { duration, type Sequence, type SequenceEvent } from "./sequence.js";

const TITLE = "620 13px system-ui, sans-serif";
const BOLD = "650 13px system-ui, sans-serif";
const TEXT = "13px system-ui, sans-serif";
const SMALL = "11.5px ui-monospace, monospace";
/** Width of the column with frame and time. */
const GUTTER = 100;
/** Two lines nearer than this cannot be read apart. */
const NARROWEST_LANE = 88;
/** The same where words do not stand between them. */
const NARROWEST_TIGHT = 64;
const WIDEST = 1100;
/** Border and padding around the picture. */
const FRAME = 16;
const HEAD = 46;
const ROW = 36;
/** Narrower than this, words stand above frame and time and have the whole width. */
const TIGHT = 480;
const TIGHT_ROW = 52;
const PAUSE = 24;
/** Silence of this many microseconds is drawn. */
const SILENCE = 1_000_000;
const TIP = 7;

interface Row {
  y: number;
  event: SequenceEvent;
  /** Silence before it, in microseconds, where there is much. */
  silence: number | null;
}

export class Ladder extends Measured {
  static override properties = { ...Measured.properties, sequence: { attribute: false } };

  /** Makes what is drawn, when there is room for it: nobody may ever come near. */
  declare sequence: () => Sequence;
  #made: { by: () => Sequence; sequence: Sequence } | null = null;

  protected override readonly frame = FRAME;

  protected override render(): TemplateResult | typeof nothing {
    if (this.room === 0) return nothing;
    const words = m.ladder;
    const { title, events, lanes, notes } = this.#sequence();
    const name = (lane: number): string => lanes[lane]?.title ?? "";
    return html`<div class="ladder-scroll" tabindex="0" role="region" aria-label=${words.diagramOf(title)}>${this.#picture()}</div>
      ${notes.map((note) => html`<p class="quiet ladder-note">${note}</p>`)}
      <div class="ladder-foot">
        <details class="fold"><summary>${words.inWords}</summary><ol class="ladder-words">${events.map((event) => html`<li><span class="mono quiet">${m.frame(event.frame)}, ${this.#since(event)}</span> ${name(event.from)} → ${name(event.to)}: ${event.text}</li>`)}</ol></details>
        <button type="button" data-testid="export-svg" @click=${() => this.#export()}>${words.save}</button>
      </div>`;
  }

  #sequence(): Sequence {
    const { sequence: by } = this;
    if (this.#made?.by !== by) this.#made = { by, sequence: by() };
    return this.#made.sequence;
  }

  #since(event: SequenceEvent): string {
    return `+${duration(event.time - (this.#sequence().events[0]?.time ?? event.time))}`;
  }

  #picture(): SVGTemplateResult | TemplateResult {
    const { lanes, events, title } = this.#sequence();
    const spacing = Math.max(this.room < TIGHT ? NARROWEST_TIGHT : NARROWEST_LANE, Math.floor((Math.min(this.room, WIDEST) - GUTTER) / lanes.length));
    const width = GUTTER + spacing * lanes.length;
    const x = (lane: number): number => Math.round(GUTTER + (lane + 0.5) * spacing);
    const step = width < TIGHT ? TIGHT_ROW : ROW;
    let y = HEAD + 8;
    const rows = events.map((event, index): Row => {
      const passed = event.time - (events[index - 1]?.time ?? event.time);
      const silence = passed >= SILENCE ? passed : null;
      if (silence !== null) y += PAUSE;
      y += step;
      return { y, event, silence };
    });
    const bottom = y + 18;
    const height = bottom + 2;
    return html`<svg class="ladder" role="img" aria-label=${m.ladder.pictureOf(title, events.length)} viewBox="0 0 ${width} ${height}" width=${width} height=${height}>
      <rect class="ground" width=${width} height=${height}/>
      <text class="small" x=${GUTTER - 14} y="19" text-anchor="end">${m.ladder.since}</text>
      <text class="small" x=${GUTTER - 14} y="35" text-anchor="end">${/T(\d\d:\d\d:\d\d\.\d\d\d)/.exec(new Date((events[0]?.time ?? 0) / 1000).toISOString())?.[1] ?? ""}</text>
      ${lanes.map((_, lane) => svg`<path class="line" d="M${x(lane)} ${HEAD}V${bottom}"/>`)}
      ${lanes.map(({ title: name, subtitle }, lane) => {
        const middle = x(lane);
        const room = spacing - 8;
        return svg`<g class="head"><title>${name} ${subtitle}</title><rect x=${middle - room / 2} y="1" width=${room} height=${HEAD - 4} rx="6"/>
          <text class="title" x=${middle} y="19" text-anchor="middle">${fit(name, TITLE, room - 10)}</text>
          <text class="small" x=${middle} y="35" text-anchor="middle">${fit(subtitle, SMALL, room - 10)}</text></g>`;
      })}
      ${rows.map((row) => this.#row(row, x, width))}
    </svg>`;
  }

  #row({ y, event, silence }: Row, x: (lane: number) => number, width: number): SVGTemplateResult {
    const { from, to, tone, closed, text } = event;
    const [begin, end] = [x(from), x(to)];
    const right = end >= begin;
    const left = Math.min(begin, end);
    // The words stand over the arrow and may run on to the right of it; where there is no room they begin further left.
    const tight = width < TIGHT;
    const border = tight ? 4 : GUTTER;
    const font = tone === "error" || tone === "warning" ? BOLD : TEXT;
    const shown = fit(text, font, width - border - 8);
    const length = measure(shown, font);
    const start = Math.max(border, Math.min(left + 9, width - 6 - length));
    const words = tight ? y - 15 : y - 8;
    const step = tight ? TIGHT_ROW : ROW;
    return svg`<g class="row ${tone ?? ""} ${closed ? "closed" : ""}" data-testid="ladder-event" data-frame=${event.frame}>
      <title>${m.frame(event.frame)}, ${this.#since(event)}: ${text}</title>
      ${silence === null ? nothing : svg`<text class="silence" x=${border} y=${y - step + 4}>${m.ladder.silence(duration(silence))}</text>`}
      <text class="frame" x=${GUTTER - 14} y=${tight ? y + 1 : y - 11} text-anchor="end">${event.frame}</text>
      <text class="small" x=${GUTTER - 14} y=${tight ? y + 14 : y + 3} text-anchor="end">${this.#since(event)}</text>
      <rect class="behind" x=${start - 3} y=${words - 13} width=${length + 6} height="17"/>
      <text class="said" x=${start} y=${words}>${shown}</text>
      <path class="arrow" d="M${begin} ${y}H${right ? end - TIP : end + TIP}"/>
      <path class="tip" d="M${end} ${y}l${right ? -TIP - 2 : TIP + 2} -4.5v9z"/>
    </g>`;
  }

  /** The picture as a file of its own, with the colours that it has here. */
  #export(): void {
    const picture = this.querySelector("svg.ladder");
    if (picture === null) return;
    const copy = picture.cloneNode(true) as SVGElement;
    const colours = getComputedStyle(this);
    // The properties are `light-dark()` themselves: a probe tells what they are now.
    const probe = document.createElement("span");
    this.append(probe);
    const resolved = rules.replace(/var\((--[a-z-]+)\)/g, (_, name: string) => {
      if (name === "--sans" || name === "--mono") return colours.getPropertyValue(name);
      probe.style.color = `var(${name})`;
      return getComputedStyle(probe).color;
    });
    probe.remove();
    const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
    style.textContent = resolved;
    copy.prepend(style);
    // Of its namespace the serialiser speaks by itself.
    const text = new XMLSerializer().serializeToString(copy).replace(/<!--[^]*?-->/g, "");
    const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `tlvet-${this.#sequence().file}`;
    link.click();
    URL.revokeObjectURL(url);
  }
}

customElements.define("tlvet-ladder", Ladder);
