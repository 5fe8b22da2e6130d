/** What the traffic server will do with each address, and the chain of each server. */
import { html, nothing, type TemplateResult } from "lit";
import "../chain/chain-graph.js";
import type { Chain, ChainLink, Forecast, NameCheck, NearMiss, TrafficServerNames } from "../generated/report.js";
import { messages as m } from "../messages/index.js";
import type { Actions, Result } from "../state.js";
import { commonName, copyButton, icon, keyText, moreButton, name, type Piece, type Tone } from "./parts.js";

/** The table of the forecast, one body for each address and certificate. */
export function forecast(all: Forecast[], result: Result, shown: number, actions: Actions): Piece {
  if (all.length === 0) return nothing;
  const words = m.forecast;
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${m.sections.forecast}><table class="forecast">
    <thead><tr><th>${words.address}</th><th>${words.certificate}</th><th>${words.trusted}</th><th>${words.named}</th><th>${words.outcome}</th></tr></thead>
    ${all.slice(0, shown).map((item) => forecastRow(item, result, actions))}
  </table></div>${moreButton(all.length, shown, "forecast", actions)}<p class="quiet note">${words.note}</p>`;
}

function forecastRow(item: Forecast, result: Result, actions: Actions): TemplateResult {
  const words = m.forecast;
  const certificate = result.report.certificates.find(({ sha256 }) => sha256 === item.certificate);
  const sha256 = item.certificate ?? null;
  const known = typeof item.trusted === "boolean" && typeof item.named === "boolean";
  const refused = item.trusted === false || item.named === false;
  const tone: Tone = refused ? "error" : known ? "good" : "unknown";
  const faults = Number(item.trusted === false) + Number(item.named === false);
  const address = item.port === null || item.port === undefined ? item.address : `${item.address.includes(":") ? `[${item.address}]` : item.address}:${item.port}`;
  return html`<tbody data-testid="forecast-row" data-address=${item.address} data-port=${item.port ?? ""} data-trusted=${String(item.trusted ?? "unknown")} data-named=${String(item.named ?? "unknown")}>
    <tr>
      <th scope="row" class="mono">${address}</th>
      <td data-label=${words.certificate}><div>${sha256 === null ? html`<span class="quiet">${words.noCertificate}</span>` : html`<a href="#chain-${sha256}" @click=${(event: Event) => { event.preventDefault(); actions.reveal(`chain-${sha256}`); }}>${certificate === undefined ? `${sha256.slice(0, 16)}…` : commonName(certificate.subject)}</a>
        ${certificate === undefined ? nothing : html` <span class="quiet nowrap">${keyText(certificate.key)}</span>`}`}</div></td>
      <td data-label=${words.trusted}>${answer(item.trusted)}</td>
      <td data-label=${words.named}>${answer(item.named)}</td>
      <td data-label=${words.outcome}><span class="severity ${tone}">${icon(tone)}${refused ? words.refused(faults) : known ? words.accepted : words.unknown}</span></td>
    </tr>
    ${item.log.length === 0 ? nothing : html`<tr class="log-row"><td colspan="5"><div class="log"><div class="log-lines">${item.log.map((line) => html`<code>${line}</code>`)}</div>${copyButton(actions, item.log.join("\n"), words.logOf(address))}</div></td></tr>`}
  </tbody>`;
}

function answer(value: boolean | null | undefined): TemplateResult {
  const tone: Tone = value === null || value === undefined ? "unknown" : value ? "good" : "error";
  return html`<span class="answer ${tone}">${icon(tone)}${value === null || value === undefined ? m.notKnown : value ? m.yes : m.no}</span>`;
}

/** By whose rules the chains were judged, and how to read their graphs. */
export function chainsLead(all: Chain[]): TemplateResult {
  const words = m.chain;
  const judges = new Set(all.map(({ profile, level }) => words.judge(words.profiles[profile] ?? profile, level)));
  return html`<p class="quiet lead">${[...judges].join(" ")} ${words.howToRead}</p>`;
}

export function chain(item: Chain, alone: boolean, namesShown: number, result: Result, actions: Actions): TemplateResult {
  const words = m.chain;
  const certificate = result.report.certificates.find(({ sha256 }) => sha256 === item.certificate);
  const accepted = item.ok ?? null;
  const tone: Tone = accepted === null ? "unknown" : accepted ? "good" : "error";
  const parted = item.views.differ_at !== null && item.views.differ_at !== undefined;
  // Without addresses the usual spellings were tried, and no certificate has to hold them all.
  const unnamed = result.report.forecast.length > 0 && item.names.some((check) => check.traffic_server.v9_2 === "no");
  const [first, ...others] = item.all;
  const title = certificate === undefined ? `${item.certificate.slice(0, 16)}…` : commonName(certificate.subject);
  return html`<details class="panel chain" id="chain-${item.certificate}" tabindex="-1" data-testid="chain" data-certificate=${item.certificate} data-ok=${String(accepted ?? "unknown")}
    ?open=${alone || accepted !== true || parted}>
    <summary><span class="severity ${tone}">${icon(tone)}${accepted === null ? words.notJudged : accepted ? words.accepted : words.refused}</span>
      <h3>${title}</h3><span class="quiet">${certificate === undefined ? nothing : keyText(certificate.key)}${unnamed ? html` <span class="severity warning">${icon("warning")}${words.notAllNames}</span>` : nothing}</span></summary>
    ${first === undefined ? nothing : html`<div class="chain-errors">
      <p class="status error">${icon("error")}<span><b>${words.errorAt(first.code, first.depth)}</b> <code>${first.error}</code></span></p>
      ${others.length === 0 ? nothing : html`<p class="quiet">${words.others}</p><ul class="plain">${others.map((failure) => html`<li><span class="quiet">${words.errorAt(failure.code, failure.depth)}</span> <code>${failure.error}</code></li>`)}</ul>`}
    </div>`}
    ${accepted === null ? html`<p class="status unknown">${icon("unknown")}<span>${words.noStore}</span></p>` : nothing}
    ${parted ? html`<p class="status warning">${icon("warning")}<span>${words.parted}</span></p>` : nothing}
    <tlvet-chain .chain=${item} .result=${result} .actions=${actions}></tlvet-chain>
    <details class="fold"><summary>${words.inWords}</summary>
      <ol class="chain-words" start="0">${item.path.map((link) => inWords(link, item, result))}
      ${item.missing ? html`<li value=${item.missing.depth}><b>${accepted === null ? words.absent : words.missing}</b>: ${name(item.missing.subject)}${item.missing.key_identifier ? html` <code>${words.identifier(item.missing.key_identifier)}</code>` : nothing}</li>` : nothing}</ol>
      ${parted ? html`<dl class="fields">${(["by_names", "by_key_identifiers"] as const).map((view) => html`<div class="field long"><dt>${words.view[view]}</dt><dd>${item.views[view].map((sha256) => certificateText(sha256, result)).join(" ← ")}</dd></div>`)}</dl>` : nothing}
    </details>
    ${names(item, namesShown, `${title} (${item.certificate.slice(0, 8)}…)`, actions)}
  </details>`;
}

function inWords(link: ChainLink, item: Chain, result: Result): TemplateResult {
  const words = m.chain;
  return html`<li value=${link.depth}><b>${certificateText(link.certificate, result)}</b> ${link.in_store ? html`<span class="tag">${words.inStore}</span>` : nothing}
    <ul class="plain">${item.all.filter(({ depth }) => depth === link.depth).map((failure) => html`<li>${icon("error")} ${words.error(failure.code, failure.error)}</li>`)}
      ${link.checks.map(({ check, holds, values }) => html`<li>${icon(holds ? "good" : "error")} ${holds ? words.checks[check] : words.fails(words.checks[check])}: <code>${values.join(check === "names" || check === "key_identifiers" ? (holds ? " = " : " ≠ ") : check === "validity" ? " – " : ", ")}</code></li>`)}</ul></li>`;
}

function certificateText(sha256: string, result: Result): string {
  const certificate = result.report.certificates.find((candidate) => candidate.sha256 === sha256);
  return certificate === undefined ? sha256 : `${commonName(certificate.subject)} (${sha256.slice(0, 8)}…)`;
}

/** Section of the names of a chain, for how many of them are shown. */
export function namesSection(item: Chain): string {
  return `names-${item.certificate}`;
}

function names(item: Chain, shown: number, title: string, actions: Actions): Piece {
  const all = item.names;
  if (all.length === 0) return nothing;
  const words = m.names;
  return html`<div class="names-part"><h4>${words.title}</h4><div class="table-scroll" tabindex="0" role="region" aria-label=${words.titleOf(title)}><table class="names-table">
    <thead><tr><th>${words.address}</th><th>OpenSSL</th><th>Traffic Server 9.2</th><th>${words.browser}</th><th>${words.matchedBy}</th><th>${words.nearMisses}</th></tr></thead>
    <tbody>${all.slice(0, shown).map((check) => nameRow(check))}</tbody></table></div>${moreButton(all.length, shown, namesSection(item), actions)}</div>`;
}

function nameRow(check: NameCheck): TemplateResult {
  const words = m.names;
  const { matched_by: matched, near_misses: misses } = check;
  return html`<tr data-testid="name-check" data-address=${check.address} data-traffic-server=${check.traffic_server.v9_2} data-openssl=${String(check.openssl)} data-browser=${String(check.browser)}>
    <th scope="row"><span class="mono">${check.address}</span> <span class="quiet kind">${words.kinds[check.kind]}</span></th>
    <td data-label="OpenSSL">${answer(check.openssl)}</td>
    <td data-label="Traffic Server 9.2"><div>${trafficServer(check.traffic_server)}</div></td>
    <td data-label=${words.browser}>${answer(check.browser)}</td>
    <td data-label=${words.matchedBy}>${matched ? html`<div><code>${matched.value}</code> <span class="quiet nowrap">${words.presented[matched.kind]}</span></div>` : html`<span class="quiet">${words.nothing}</span>`}</td>
    <td data-label=${words.nearMisses}>${misses.length === 0 ? html`<span class="quiet">${words.nothing}</span>` : html`<ul class="plain">${nearMisses(misses)}</ul>`}</td>
  </tr>`;
}

/** The same name in several places of a certificate, for the same reason, is one line. */
function nearMisses(all: NearMiss[]): TemplateResult[] {
  const lines = new Map<string, NearMiss[]>();
  for (const miss of all) {
    const key = JSON.stringify([miss.name.value, miss.reason]);
    lines.set(key, [...(lines.get(key) ?? []), miss]);
  }
  const { presented, reasons } = m.names;
  return [...lines.values()].flatMap((same) => same.slice(0, 1).map(({ name: { value }, reason }) =>
    html`<li><code>${value}</code> <span class="quiet">${same.map((miss) => presented[miss.name.kind]).join(", ")}: ${reasons[reason]}</span></li>`));
}

function trafficServer({ v8_1, v9_0, v9_2 }: TrafficServerNames): TemplateResult {
  const others = ([["8.1", v8_1], ["9.0", v9_0]] as const).filter(([, value]) => value !== v9_2);
  const tone: Tone = v9_2 === "yes" ? "good" : v9_2 === "no" ? "error" : "warning";
  return html`<span class="answer ${tone}">${icon(tone)}${m.names.matches[v9_2]}</span>${others.length === 0 ? nothing : html` <span class="quiet nowrap">(${others.map(([version, value]) => `${version}: ${m.names.matches[value]}`).join(", ")})</span>`}`;
}
