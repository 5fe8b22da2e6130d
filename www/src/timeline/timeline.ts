/** What happened in all inputs, in order: filters by device, server and what failed, pages, and the place of each event. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { all, type Rows } from "../engine/stored.js";
import type { TimelineEvent } from "../generated/report.js";
import { messages as m } from "../messages/index.js";
import type { Actions, Result } from "../state.js";
import { chip } from "../views/findings.js";
import { MANY, type Option } from "../views/choice.js";
import { icon, type Piece } from "../views/parts.js";

/** Events of one page. */
const ROWS = 100;
/** Fewer events than this are seen at a glance. */
const WORTH_FILTERING = 9;

interface Filter {
  device: string;
  server: string;
  input: string;
  failed: boolean;
  text: string;
}

const NO_FILTER: Filter = { device: "", server: "", input: "", failed: false, text: "" };

export class Timeline extends LitElement {
  static override properties = {
    events: { attribute: false },
    result: { attribute: false },
    actions: { attribute: false },
    filter: { state: true },
    page: { state: true },
  };

  declare events: Rows<TimelineEvent>;
  declare result: Result;
  declare actions: Actions;
  declare private filter: Filter;
  declare private page: number;

  /** What the menus offer. */
  #named: Named = { device: [], server: [], input: [] };

  constructor() {
    super();
    this.events = [];
    this.filter = NO_FILTER;
    this.page = 0;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("events")) return;
    this.page = 0;
    this.#named = named(this.events);
  }

  protected override render(): TemplateResult {
    const words = m.timeline;
    const chosen = Object.values(this.filter).some((wanted) => wanted !== "" && wanted !== false) ? filtered(all(this.events), this.filter) : this.events;
    const pages = Math.max(1, Math.ceil(chosen.length / ROWS));
    const page = Math.min(this.page, pages - 1);
    const shown = chosen.slice(page * ROWS, (page + 1) * ROWS);
    const several = this.#named.input.length > 1;
    return html`${this.events.length < WORTH_FILTERING ? nothing : this.#filters(chosen.length)}
      <div class="table-scroll" tabindex="0" role="region" aria-label=${m.sections.timeline}><table class="wire timeline">
        <thead><tr><th>${words.time}</th><th>${words.what}</th></tr></thead>
        <tbody>${shown.map((event, index) => this.#row(event, shown[index - 1], several))}</tbody>
      </table></div>
      ${pages === 1 ? nothing : html`<nav class="pages" aria-label=${words.pages}>
        <button type="button" ?disabled=${page === 0} @click=${() => (this.page = page - 1)}>${m.flows.back}</button>
        <span>${m.flows.place(page * ROWS + 1, page * ROWS + shown.length, chosen.length)}</span>
        <button type="button" ?disabled=${page + 1 >= pages} @click=${() => (this.page = page + 1)}>${m.flows.on}</button></nav>`}`;
  }

  #row(event: TimelineEvent, before: TimelineEvent | undefined, several: boolean): TemplateResult {
    const [day, clock] = halves(event.time);
    const sameDay = before !== undefined && halves(before.time)[0] === day;
    const failed = event.severity === "warning" || event.severity === "error";
    const evidence = { input: event.input, line: event.line ?? null, frame: event.frame ?? null, offset: null, record: null, text: null };
    return html`<tr data-testid="timeline-event" data-event=${event.event} data-severity=${event.severity} class=${failed ? "warning" : ""}>
      <td class="mono timeline-time">${day === "" || sameDay ? nothing : html`<span class="quiet">${day}</span> `}<time>${clock}</time></td>
      <td><p class=${event.line === null || event.line === undefined ? "" : "mono"}>${failed ? html`<span class="timeline-icon">${icon("warning")}<span class="visually-hidden">${m.timeline.failed}</span></span>` : nothing}${event.text}</p>
        <p class="timeline-about">${[event.device, event.server].filter((about) => about).map((about) => html`<span class="mono quiet">${about}</span>`)}${several || evidence.line !== null || evidence.frame !== null ? chip(evidence, this.result, this.actions) : nothing}</p></td></tr>`;
  }

  #filters(shown: number): TemplateResult {
    const words = m.timeline;
    return html`<search class="filters" aria-label=${words.filters}>
      <label class="filter-text"><span>${words.search}</span><input type="text" data-testid="timeline-text" spellcheck="false" autocomplete="off" .value=${this.filter.text} @input=${(event: Event) => this.#set({ text: (event.target as HTMLInputElement).value })} /></label>
      ${this.#choice("device", words.device)}
      ${this.#choice("server", words.server)}
      ${this.#choice("input", words.place, (input) => this.result.report.inputs[Number(input)]?.name ?? input)}
      <label class="only"><input type="checkbox" data-testid="timeline-failed" .checked=${this.filter.failed} @change=${(event: Event) => this.#set({ failed: (event.target as HTMLInputElement).checked })} /><span>${words.onlyFailed}</span></label>
      <span class="filter-count" aria-live="polite" data-testid="timeline-count">${words.shown(shown, this.events.length)}</span>
    </search>`;
  }

  #choice(name: keyof Named, label: string, show = (value: string): string => value): Piece {
    const values = this.#named[name];
    if (values.length < 2) return nothing;
    const option = (value: string): Option => [value, value === "" ? m.timeline.all : show(value)];
    return html`<label><span>${label}</span><tlvet-choice .testId=${`timeline-${name}`} .chosen=${option(this.filter[name])} .many=${values.length > MANY} .options=${() => ["", ...values].map(option)}
      .choose=${(value: string) => this.#set({ [name]: value })}></tlvet-choice></label>`;
  }

  #set(change: Partial<Filter>): void {
    this.filter = { ...this.filter, ...change };
    this.page = 0;
  }
}

function filtered(events: TimelineEvent[], { device, server, input, failed, text }: Filter): TimelineEvent[] {
  const wanted = text.trim().toLowerCase();
  return events.filter((event) =>
    (device === "" || event.device === device)
    && (server === "" || event.server === server)
    && (input === "" || String(event.input) === input)
    && (!failed || event.severity === "warning" || event.severity === "error")
    && (wanted === "" || `${event.text} ${event.device ?? ""} ${event.server ?? ""} ${event.time}`.toLowerCase().includes(wanted)));
}

/** Devices, servers and inputs that events name. */
interface Named {
  device: string[];
  server: string[];
  input: string[];
}

/** In one walk over all events, which may be many. */
function named(events: Iterable<TimelineEvent>): Named {
  const [devices, servers, inputs] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { device, server, input } of events) {
    if (device) devices.add(device);
    if (server) servers.add(server);
    inputs.add(String(input));
  }
  const listed = (values: Set<string>): string[] => [...values].sort();
  return { device: listed(devices), server: listed(servers), input: listed(inputs) };
}

/** Day and clock of RFC 3339 in UTC; what a log printed without a year has no day of its own. */
function halves(time: string): [day: string, clock: string] {
  const parts = /^(\d{4,}-\d\d-\d\d)T(.*)Z$/.exec(time);
  return parts === null ? ["", time] : [parts[1] ?? "", parts[2] ?? ""];
}

customElements.define("tlvet-timeline", Timeline);
