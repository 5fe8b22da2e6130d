/** Small pieces that several views share. */
import { html, nothing, svg, type TemplateResult } from "lit";
import type { Key } from "../generated/report.js";
import { messages as m } from "../messages/index.js";
import { PAGE_SIZE, type Actions } from "../state.js";

export type Piece = TemplateResult | typeof nothing;

/** Shape and colour of a state; the word stands beside it, so that colour is never alone. */
export type Tone = "error" | "warning" | "info" | "good" | "unknown";

export function icon(tone: Tone): TemplateResult {
  const shapes = {
    error: svg`<path class="fill" d="M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2z"/><path class="cut" d="M5.4 5.4l5.2 5.2m0-5.2l-5.2 5.2"/>`,
    warning: svg`<path class="fill" d="M8 1.6L15 14H1z"/><path class="cut" d="M8 6v4m0 1.6v.8"/>`,
    info: svg`<circle class="fill" cx="8" cy="8" r="6.7"/><path class="cut" d="M8 7.2v4.4M8 4.3v1"/>`,
    good: svg`<circle class="fill" cx="8" cy="8" r="6.7"/><path class="cut" d="M4.7 8.3l2.4 2.4 4.3-5"/>`,
    unknown: svg`<rect class="fill" x="1.5" y="1.5" width="13" height="13" rx="3"/><path class="cut" d="M5.8 6.2c0-3 4.4-3 4.4-.3 0 1.7-2.2 1.7-2.2 3.4m0 1.5v1"/>`,
  };
  return html`<svg class="icon ${tone}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${shapes[tone]}</svg>`;
}

export function logo(): TemplateResult {
  return html`<svg class="logo" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
    <rect class="logo-ground" width="32" height="32" rx="7"/>
    <rect class="logo-tag" x="5" y="7" width="5" height="5" rx="1"/>
    <rect class="logo-length" x="12" y="7" width="9" height="5" rx="1"/>
    <rect class="logo-value" x="23" y="7" width="4" height="5" rx="1"/>
    <path class="logo-tick" d="M6.5 20.5l5.2 5L25.5 16"/>
  </svg>`;
}

/** One line of a definition list, left out when there is nothing to say. */
export function field(name: string, value: unknown, mono = false): Piece {
  if (value === null || value === undefined || value === "" || value === nothing) return nothing;
  const long = typeof value === "string" && value.length > 22;
  return html`<div class="field ${long ? "long" : ""}"><dt>${name}</dt><dd class=${mono ? "mono" : ""}>${value}</dd></div>`;
}

export function copyButton(actions: Actions, text: string, what: string): TemplateResult {
  return html`<button type="button" class="copy" aria-label=${m.copyLabel(what)} title=${m.copyLabel(what)}
    @click=${(event: Event) => actions.copy(text, event.currentTarget as HTMLElement)}>
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M3.5 10.5h-1v-8h8v1"/></svg>
  </button>`;
}

/** A long hex value in groups that wrap well, with a button that copies it whole. */
export function digest(actions: Actions, value: string, what: string): TemplateResult {
  return html`<span class="digest"><code>${value}</code>${copyButton(actions, value, what)}</span>`;
}

/** A distinguished name: the common name first, the rest quieter; the text itself stays as it was. */
export function name(text: string): TemplateResult {
  const parts = text.split(/([;,]\s*)(?=[A-Za-z0-9.]+=)/);
  const at = parts.findIndex((part) => /^cn=/i.test(part));
  if (at < 0) return html`<span class="dn">${text}</span>`;
  return html`<span class="dn">${parts.map((part, index) => (index === at ? html`<b>${part}</b>` : index % 2 === 1 ? html`${part}<wbr>` : part))}</span>`;
}

export function commonName(text: string): string {
  return /(?:^|[;,]\s*)cn=("[^"]*"?|[^;,]*)/i.exec(text)?.[1]?.trim() ?? text;
}

export function keyText(key: Key): string {
  const kind = key.type.toUpperCase();
  if (key.curve !== null && key.curve !== undefined) return `${kind} ${key.curve}`;
  return key.bits > 0 ? `${kind} ${key.bits}` : kind;
}

/** What stands on a button that shows bytes: a file, and places in it. */
export function chipText(file: string | null, places: string[], spoken = ""): TemplateResult {
  return html`<span class="visually-hidden">${m.showBytes} ${spoken}</span>${file === null ? nothing : html`<span class="chip-file">${file}</span>`}
    ${places.map((place) => html` <span class="chip-place">${place}</span>`)}`;
}

export function hexOffset(offset: number): string {
  return `0x${offset.toString(16).toUpperCase().padStart(4, "0")}`;
}

export function sizeText(bytes: number): string {
  return m.bytes(bytes);
}

/** `2026-11-20T00:00:00Z` as `2026-11-20 00:00:00 UTC`; anything else as it is. */
export function timeText(time: string): string {
  const parts = /^(\d{4,}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d+)?)Z$/.exec(time);
  return parts === null ? time : `${parts[1]} ${parts[2]} UTC`;
}

export function dayText(time: string): string {
  return /^\d{4,}-\d\d-\d\d/.exec(time)?.[0] ?? time;
}

/** A button for the items of a long list that are not shown yet. */
export function moreButton(all: number, shown: number, section: string, actions: Actions): Piece {
  if (all <= shown) return nothing;
  return html`<button type="button" class="more" @click=${() => actions.showMore(section)}>${m.showMore(Math.min(all - shown, PAGE_SIZE))}</button>`;
}

/** Text with `code` in backquotes set as code; a command can be copied. */
export function prose(text: string, actions: Actions): unknown[] {
  return text.split("\n").flatMap((line, index) => {
    const pieces = line.startsWith("> ") ? [command(line.slice(2), actions)] : inline(line, actions);
    return index === 0 ? pieces : ["\n", ...pieces];
  });
}

/** An option of the command that asks for more files or answers, where nothing is to be typed behind it: this page has a control of its own for it. */
const OPTION = /--(?:keylog|key|phone|trust|password-stdin|expect)(?=[).,;:]|$| to\b)(?!, or)/g;

function inline(line: string, actions: Actions): unknown[] {
  return line.split(/(`[^`]+`)/).map((part) => {
    if (!part.startsWith("`") || part.length <= 2) return part.replace(OPTION, here);
    const code = part.slice(1, -1);
    return code in m.optionHere ? here(code) : command(code, actions);
  });
}

function here(option: string): string {
  return m.optionHere[option] ?? option;
}

function command(code: string, actions: Actions): TemplateResult {
  return html`<span class="command"><code>${code}</code>${code.includes(" ") ? copyButton(actions, code, code) : nothing}</span>`;
}
