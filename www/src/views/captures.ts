/** Packet captures: connections with what TLS tells of them, files that were asked for, and names. */
import { html, nothing, type TemplateResult } from "lit";
import type { Capture, DnsQuestion, Flow, TlsSession, Transfer } from "../generated/report.js";
import { messages as m } from "../messages/index.js";
import type { Actions, Result } from "../state.js";
import { certificateLink, inputName, problems } from "./lists.js";
import { commonName, field, icon, moreButton, sizeText, timeText, type Piece, type Tone } from "./parts.js";

const STATUS_TONE = { complete: "good", error: "error", incomplete: "warning" } as const satisfies { [status: string]: Tone };

/** A capture; `shown` says how many rows of a section are shown. */
export function capture(item: Capture, shown: (section: string) => number, result: Result, actions: Actions): TemplateResult {
  const words = m.capture;
  const file = inputName(result, item.input);
  const table = (kind: "flows" | "transfers" | "dns", heads: string[], rows: (limit: number) => TemplateResult[]): Piece => {
    const count = item[kind].length;
    const section = `${kind}-${item.input}`;
    if (count === 0) return nothing;
    return html`<h4>${words[kind]} <span class="badge">${count}</span></h4>
      <div class="table-scroll" tabindex="0" role="region" aria-label=${words.tableOf(words[kind], file)}><table class="wire">
        <thead><tr>${heads.map((head) => html`<th>${head}</th>`)}</tr></thead><tbody>${rows(shown(section))}</tbody></table></div>
      ${moreButton(count, shown(section), section, actions)}`;
  };
  return html`<section class="panel" data-testid="capture" data-input=${item.input}>
    <header class="panel-head"><h3>${file}</h3></header>
    <dl class="fields">
      ${field(words.packets, item.packets.toLocaleString("en"), true)}
      ${field(words.first, item.first ? timeText(item.first) : null, true)}
      ${field(words.last, item.last ? timeText(item.last) : null, true)}
      ${field(words.truncated, item.truncated_packets === 0 ? null : item.truncated_packets, true)}
      ${field(words.other, item.other_packets === 0 ? null : item.other_packets, true)}
    </dl>
    ${item.limited ? html`<p class="status warning">${icon("warning")}<span>${words.limited}</span></p>` : nothing}
    ${problems(item.problems, item.input, actions)}
    ${table("flows", words.flowHeads, (limit) => item.flows.slice(0, limit).map((flow) => flowRow(flow, result)))}
    ${table("transfers", words.transferHeads, (limit) => item.transfers.slice(0, limit).map((transfer) => transferRow(transfer, result)))}
    ${table("dns", words.dnsHeads, (limit) => item.dns.slice(0, limit).map(dnsRow))}
  </section>`;
}

function flowRow(flow: Flow, result: Result): TemplateResult {
  return html`<tr data-testid="flow" data-flow=${flow.id} data-client=${flow.client} data-server=${flow.server}>
    <td><span class="mono">${flow.client} → ${flow.server}</span><div class="quiet">${flow.transport.toUpperCase()}${flow.service ? ` · ${flow.service}` : ""} · ${m.capture.frames(flow.first_frame, flow.last_frame)}</div>
      ${flow.gaps === 0 ? nothing : html`<div class="severity warning">${icon("warning")}${m.capture.gaps(flow.gaps)}</div>`}</td>
    <td>${flow.tls ? handshake(flow.tls) : html`<span class="quiet">${m.capture.noTls}</span>`}</td>
    <td>${flow.tls ? shownCertificates(flow.tls, result) : nothing}</td>
    <td>${flow.tls?.alerts.map((alert) => html`<div class="severity ${alert.level === "fatal" ? "error" : "unknown"}">${icon(alert.level === "fatal" ? "error" : "unknown")}${m.capture.sides[alert.from] ?? alert.from}: ${alert.description === "" ? alert.level : alert.description}</div><div class="quiet">${m.frame(alert.frame)}</div>`) ?? nothing}</td>
    <td>${m.capture.endedBy[flow.ended_by] ?? flow.ended_by}</td>
  </tr>`;
}

function handshake({ client_hello: client, server_hello: server, resumed }: TlsSession): TemplateResult {
  const words = m.capture;
  return html`${server ? html`<div>${words.versions[server.version] ?? server.version} <code>${server.cipher_suite}</code></div>` : html`<div class="quiet">${words.noServerHello}</div>`}
    ${client?.sni ? html`<div><span class="label">${words.sni}</span><code>${client.sni}</code></div>` : nothing}
    ${resumed ? html`<div class="quiet">${words.resumed}</div>` : nothing}
    ${client ? html`<div><span class="label">JA4</span><code>${client.ja4}</code></div>` : nothing}`;
}

function shownCertificates(tls: TlsSession, result: Result): TemplateResult {
  const links = (all: string[], label: string): Piece => (all.length === 0 ? nothing
    : html`<div><span class="label">${label}</span>${all.map((sha256, index) => {
      const known = result.report.certificates.find((certificate) => certificate.sha256 === sha256);
      return html`${index === 0 ? nothing : " ← "}${certificateLink(result, sha256, known === undefined ? html`<code>${sha256.slice(0, 12)}…</code>` : commonName(known.subject))}`;
    })}</div>`);
  const why = tls.certificates_hidden_by;
  return html`${links(tls.server_certificates, m.capture.sides["server"] ?? "")}${links(tls.client_certificates, m.capture.sides["client"] ?? "")}
    ${why ? html`<div class="quiet">${m.capture.hiddenBy[why] ?? why}</div>` : nothing}`;
}

function transferRow(transfer: Transfer, result: Result): TemplateResult {
  const tone = STATUS_TONE[transfer.status];
  return html`<tr data-testid="transfer" data-name=${transfer.name} data-status=${transfer.status} data-protocol=${transfer.protocol}>
    <th scope="row" class="mono">${transfer.name}</th>
    <td>${transfer.protocol.toUpperCase()} ${transfer.operation}</td>
    <td class="mono">${transfer.client ?? "?"} → ${transfer.server ?? "?"}</td>
    <td><span class="severity ${tone}">${icon(tone)}${m.capture.status[transfer.status]}</span>${transfer.error ? html`<div>${transfer.error}</div>` : nothing}</td>
    <td><span class="mono">${sizeText(transfer.bytes)}</span><div class="quiet">${m.frame(transfer.frame)}</div>
      ${transfer.input === null || transfer.input === undefined ? nothing : html`<div class="quiet">${m.capture.isInput(inputName(result, transfer.input))}</div>`}</td>
  </tr>`;
}

function dnsRow(question: DnsQuestion): TemplateResult {
  const found = question.rcode === "NOERROR" && question.answers.length > 0;
  return html`<tr data-testid="dns" data-name=${question.name} data-type=${question.type}>
    <th scope="row" class="mono">${question.name}</th>
    <td>${question.type}</td>
    <td class="mono">${question.client} → ${question.server}</td>
    <td><span class="severity ${found ? "good" : "warning"}">${icon(found ? "good" : "warning")}${question.rcode ?? m.capture.noAnswer}</span></td>
    <td class="mono">${question.answers.join(", ")}</td>
  </tr>`;
}
