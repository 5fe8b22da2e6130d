/** The connections of a capture: filters, order, pages, and the ladder of the one that is open. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { all, Stored, type Rows } from "../engine/stored.js";
import type { Flow, TlsSession } from "../generated/report.js";
import { messages as m } from "../messages/index.js";
import { MANY, type Option } from "../views/choice.js";
import { commonName, field, icon, type Piece } from "../views/parts.js";
import { filtered, hostOf, isFiltering, NO_FILTER, outcomeOf, sorted, type Column, type Filter } from "./connections.js";
import "./ladder.js";
import { duration, microseconds, sequenceOfFlow, type Phone } from "./sequence.js";

/** Rows of one page: the page stays light with ten thousand connections. */
const ROWS = 50;
/** Fewer connections than this are seen at a glance. */
const WORTH_FILTERING = 9;
/** Connections beyond which nobody looks at all of them for what a menu says before somebody opens it. */
const LONG = 1000;
/** Certificates of a chain that a row names: the peer's own and its issuer. */
const LINKS = 2;
const COLUMNS: Column[] = ["frame", "ends", "tls", "certificates", "outcome"];

export class Flows extends LitElement {
  static override properties = {
    flows: { attribute: false },
    phones: { attribute: false },
    subjectOf: { attribute: false },
    linkTo: { attribute: false },
    label: { attribute: false },
    began: { attribute: false },
    live: { attribute: false },
    filter: { state: true },
    column: { state: true },
    descending: { state: true },
    page: { state: true },
    open: { state: true },
  };

  declare flows: Rows<Flow>;
  declare phones: Phone[];
  /** Subject of a certificate; empty where it is not known. */
  declare subjectOf: (sha256: string) => string;
  /** A certificate's name as a link to its card. */
  declare linkTo: (sha256: string, label: string) => unknown;
  /** What a screen reader calls the table. */
  declare label: string;
  /** Time of the capture's first packet. */
  declare began: string | null;
  /** More connections come while it is looked at. */
  declare live: boolean;
  declare private filter: Filter;
  declare private column: Column;
  declare private descending: boolean;
  declare private page: number;
  /** Key of the connection whose ladder is shown. */
  declare private open: string | null;

  /** The row that takes the focus when it is drawn. */
  #focus: string | null = null;
  #known: { flows: Rows<Flow>; filter: Filter; column: Column; descending: boolean; result: Rows<Flow> } | null = null;

  constructor() {
    super();
    this.phones = [];
    this.began = null;
    this.live = false;
    this.filter = NO_FILTER;
    this.column = "frame";
    this.descending = false;
    this.page = 0;
    this.open = null;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Shows the connection that a frame belongs to, open and with the focus; false when there is none. */
  show(frame: number): boolean {
    const around = all(this.flows).filter(({ first_frame: first, last_frame: last }) => first <= frame && frame <= last);
    const flow = around.find(({ steps }) => steps.some((step) => step.frame === frame)) ?? (around.length === 1 ? around[0] : undefined);
    if (flow === undefined) return false;
    this.filter = NO_FILTER;
    this.open = keyOf(flow);
    this.#go(all(this.#chosen()).indexOf(flow));
    return true;
  }

  /** Shows only the connections of a phone. */
  showPhone(address: string): void {
    this.filter = { ...NO_FILTER, phone: address };
    this.page = 0;
  }

  #go(index: number): void {
    const [flow] = this.#chosen().slice(index, index + 1);
    if (flow === undefined) return;
    this.page = Math.floor(index / ROWS);
    this.#focus = keyOf(flow);
    this.requestUpdate();
  }

  /** What passes the filter, in order. Kept until something of it changes. */
  #chosen(): Rows<Flow> {
    const { flows, filter, column, descending } = this;
    const known = this.#known;
    if (known !== null && known.flows === flows && known.filter === filter && known.column === column && known.descending === descending) return known.result;
    // They are told in the order of their frames: as long as nobody wants another one, or less, they stay as they are stored.
    const asTold = flows instanceof Stored && !isFiltering(filter) && column === "frame" && !descending;
    const result = asTold ? flows : sorted(filtered(all(flows), filter, this.subjectOf), column, descending, this.subjectOf);
    this.#known = { flows, filter, column, descending, result };
    return result;
  }

  protected override updated(): void {
    if (this.#focus === null) return;
    const row = this.querySelector<HTMLElement>(`[data-key="${this.#focus}"] button`);
    this.#focus = null;
    row?.focus();
    row?.scrollIntoView({ block: "nearest" });
  }

  protected override render(): TemplateResult {
    const words = m.flows;
    const chosen = this.#chosen();
    const pages = Math.max(1, Math.ceil(chosen.length / ROWS));
    const page = Math.min(this.page, pages - 1);
    const rows = chosen.slice(page * ROWS, (page + 1) * ROWS);
    const active = rows.some((flow) => keyOf(flow) === this.open) ? this.open : rows[0] === undefined ? null : keyOf(rows[0]);
    return html`${this.flows.length < WORTH_FILTERING ? nothing : this.#filters(chosen.length)}
      <div class="table-scroll" tabindex="0" role="region" aria-label=${this.label}><table class="wire flows">
        <thead><tr>${COLUMNS.map((column) => this.#head(column))}</tr></thead>
        <tbody @keydown=${(event: KeyboardEvent) => this.#key(event, rows, page * ROWS, chosen.length)}>${rows.map((flow) => this.#row(flow, keyOf(flow) === active))}</tbody>
      </table></div>
      ${pages === 1 ? nothing : html`<nav class="pages" aria-label=${words.pages}>
        <button type="button" data-testid="page-back" ?disabled=${page === 0} @click=${() => (this.page = page - 1)}>${words.back}</button>
        <span data-testid="page-place">${words.place(page * ROWS + 1, page * ROWS + rows.length, chosen.length)}</span>
        <button type="button" data-testid="page-on" ?disabled=${page === pages - 1} @click=${() => (this.page = page + 1)}>${words.on}</button></nav>`}`;
  }

  #filters(shown: number): TemplateResult {
    const words = m.flows;
    const { filter } = this;
    const set = (change: Partial<Filter>): void => {
      this.filter = { ...filter, ...change };
      this.page = 0;
    };
    const text = (key: "text" | "host" | "port", label: string): TemplateResult => html`<label class="filter-${key}"><span>${label}</span>
      <input type="text" data-testid="filter-${key}" spellcheck="false" autocomplete="off" .value=${filter[key]} @input=${(event: Event) => set({ [key]: (event.target as HTMLInputElement).value })} /></label>`;
    const nobody: Option = ["", words.all];
    const named = ({ address, device }: Phone): Option => [address, device === null ? address : `${device} (${address})`];
    const phone = this.phones.find(({ address }) => address === filter.phone);
    const choice = (key: "service" | "phone", label: string, many: boolean, options: () => Option[], chosen: Option): TemplateResult => html`<label><span>${label}</span>
      <tlvet-choice .testId=${`filter-${key}`} .chosen=${chosen} .many=${many} .options=${() => [nobody, ...options()]} .choose=${(value: string) => set({ [key]: value })}></tlvet-choice></label>`;
    const only = (key: "refused" | "certificates", label: string): TemplateResult => html`<label class="only">
      <input type="checkbox" data-testid="filter-${key}" .checked=${filter[key]} @change=${(event: Event) => set({ [key]: (event.target as HTMLInputElement).checked })} /><span>${label}</span></label>`;
    return html`<search class="filters" aria-label=${words.filters}>
      ${text("text", words.text)}${text("host", words.host)}${text("port", words.port)}
      ${this.#hasServices() ? choice("service", words.service, this.flows.length > LONG, () => this.#services(), filter.service === "" ? nobody : [filter.service, filter.service]) : nothing}
      ${this.phones.length === 0 ? nothing : choice("phone", words.phone, this.phones.length > MANY, () => this.phones.map(named), phone === undefined ? nobody : named(phone))}
      ${only("refused", words.onlyRefused)}${only("certificates", words.onlyCertificates)}
      <span class="filter-count" aria-live="polite" data-testid="filter-count">${words.shown(shown, this.flows.length)}</span>
      ${isFiltering(filter) ? html`<button type="button" class="quiet-button" @click=${() => set(NO_FILTER)}>${words.clear}</button>` : nothing}
    </search>`;
  }

  /** Whether any connection has one: the first says so. */
  #hasServices(): boolean {
    for (const { service } of this.flows) if (service !== null && service !== undefined) return true;
    return false;
  }

  #services(): Option[] {
    return [...new Set(all(this.flows).flatMap(({ service }) => service ?? []))].sort().map((service) => [service, service]);
  }

  #head(column: Column): TemplateResult {
    const current = column === this.column;
    const direction = !current ? "none" : this.descending ? "descending" : "ascending";
    return html`<th aria-sort=${direction}><button type="button" class="sort" data-testid="sort-${column}" @click=${() => {
      this.descending = current && !this.descending;
      this.column = column;
      this.page = 0;
    }}>${m.flows.columns[column]}<span aria-hidden="true">${current ? (this.descending ? " ▾" : " ▴") : ""}</span></button></th>`;
  }

  #key(event: KeyboardEvent, rows: Flow[], first: number, count: number): void {
    const key = (event.target as HTMLElement).closest<HTMLElement>("[data-key]")?.dataset["key"];
    if (key === undefined || (event.target as HTMLElement).closest(".flow-open") === null) return;
    const at = first + rows.findIndex((flow) => keyOf(flow) === key);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10, Home: 0, End: count - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#go(Math.max(0, Math.min(count - 1, to)));
  }

  #row(flow: Flow, active: boolean): TemplateResult {
    const words = m.capture;
    const key = keyOf(flow);
    const open = key === this.open;
    const outcome = outcomeOf(flow);
    const since = this.began === null ? "" : `+${duration(microseconds(flow.first) - microseconds(this.began))}`;
    return html`<tr data-testid="flow" data-key=${key} data-flow=${flow.id} data-client=${flow.client} data-server=${flow.server} data-outcome=${outcome.tone ?? "none"} class=${open ? "opened" : ""}>
      <td class="flow-frame"><button type="button" class="flow-open" tabindex=${active ? 0 : -1} aria-expanded=${open} aria-label=${m.flows.ladderOf(flow.first_frame, flow.client, flow.server)} @click=${() => (this.open = open ? null : key)}>
        <span class="mono">${flow.first_frame}</span></button><div class="quiet mono">${since}</div></td>
      <td class="flow-ends"><div class="mono">${flow.client} <span class="quiet">→</span> ${flow.server}</div><div class="quiet">${flow.transport.toUpperCase()}${flow.service ? ` · ${flow.service}` : ""} · ${words.frames(flow.first_frame, flow.last_frame)}</div>
        ${flow.gaps === 0 ? nothing : html`<div class="severity warning">${icon("warning")}${words.gaps(flow.gaps)}</div>`}</td>
      <td>${flow.tls ? handshake(flow.tls) : html`<span class="quiet">${words.noTls}</span>`}</td>
      <td>${flow.tls ? this.#certificates(flow.tls) : nothing}</td>
      <td class="flow-outcome">${outcome.tone === null ? html`<span class="quiet">${outcome.text}</span>` : html`<span class="severity ${outcome.tone}">${icon(outcome.tone)}<span>${outcome.text}</span></span>`}
        ${outcome.frame === null || outcome.tone === null ? nothing : html`<div class="quiet">${m.frame(outcome.frame)}</div>`}</td>
    </tr>${open ? html`<tr class="flow-detail" data-testid="flow-detail"><td colspan=${COLUMNS.length}>${this.#detail(flow)}</td></tr>` : nothing}`;
  }

  #certificates(tls: TlsSession): TemplateResult {
    const links = (all: string[], label: string): Piece => (all.length === 0 ? nothing
      : html`<div><span class="label">${label}</span>${all.slice(0, LINKS).map((sha256, index) => html`${index === 0 ? nothing : " ← "}${this.linkTo(sha256, commonName(this.subjectOf(sha256)) || `${sha256.slice(0, 12)}…`)}`)}${all.length > LINKS ? html` <span class="quiet">${m.flows.moreAbove(all.length - LINKS)}</span>` : nothing}</div>`);
    const why = tls.certificates_hidden_by;
    return html`${links(tls.server_certificates, m.capture.sides["server"] ?? "")}${links(tls.client_certificates, m.capture.sides["client"] ?? "")}
      ${why ? html`<div class="quiet">${m.capture.hiddenBy[why] ?? why}</div>` : nothing}`;
  }

  #detail(flow: Flow): TemplateResult {
    const words = m.flows;
    const hello = flow.tls?.client_hello;
    const device = this.phones.find(({ address }) => address === hostOf(flow.client))?.device;
    return html`<tlvet-ladder .sequence=${() => sequenceOfFlow(flow, this.subjectOf)}></tlvet-ladder>
      <dl class="fields">
        ${field(words.phone, device ?? null)}
        ${field("JA4", hello?.ja4, true)}
        ${field("JA3", hello?.ja3, true)}
        ${field(words.recordVersion, hello === null || hello === undefined ? null : `${hello.record_version} / ${hello.version}`, true)}
        ${field(words.offered, hello?.supported_versions.join(", "), true)}
        ${field("ALPN", hello?.alpn.join(", "), true)}
        ${field(words.suites, hello?.cipher_suites.join(" "), true)}
      </dl>`;
  }
}

function handshake({ client_hello: client, server_hello: server, resumed }: TlsSession): TemplateResult {
  const words = m.capture;
  return html`${server ? html`<div>${words.versions[server.version] ?? server.version} <code>${server.cipher_suite}</code></div>` : html`<div class="quiet">${words.noServerHello}</div>`}
    ${client?.sni ? html`<div><span class="label">${words.sni}</span><code>${client.sni}</code></div>` : nothing}
    ${resumed ? html`<div class="quiet">${words.resumed}</div>` : nothing}`;
}

function keyOf({ transport, id }: Flow): string {
  return `${transport}-${id}`;
}

customElements.define("tlvet-flows", Flows);
