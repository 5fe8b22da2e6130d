/** Packet captures: connections with what TLS tells of them, files that were asked for, names, and what phones did. */
import { html, nothing, type TemplateResult } from "lit";
import "../capture/flows.js";
import "../capture/phones.js";
import { phonesOf, sequenceOfAll, type Phone, type Sequence } from "../capture/sequence.js";
import type { DnsQuestion, Transfer } from "../generated/report.js";
import { messages as m } from "../messages/index.js";
import type { Capture } from "../report.js";
import type { Actions, Result } from "../state.js";
import { inputName, problems } from "./lists.js";
import { field, icon, moreButton, sizeText, timeText, type Piece, type Tone } from "./parts.js";

const STATUS_TONE = { complete: "good", error: "error", incomplete: "warning" } as const satisfies { [status: string]: Tone };

const phones = new WeakMap<Capture, Phone[]>();

/** The same list for the same capture, so that what shows it is not drawn again. */
function phonesIn(item: Capture): Phone[] {
  const known = phones.get(item) ?? phonesOf(item);
  phones.set(item, known);
  return known;
}

const overviews = new WeakMap<Capture, (() => Sequence) | null>();

/** The same picture for the same capture. */
function overviewOf(item: Capture, subjectOf: (sha256: string) => string): (() => Sequence) | null {
  const known = overviews.get(item);
  if (known !== undefined) return known;
  const made = sequenceOfAll(item, subjectOf);
  const make = made === null ? null : () => made;
  overviews.set(item, make);
  return make;
}

/** A capture; `shown` says how many rows of a section are shown. */
export function capture(item: Capture, shown: (section: string) => number, result: Result, actions: Actions): TemplateResult {
  const words = m.capture;
  const file = inputName(result, item.input);
  const table = (kind: "transfers" | "dns", heads: string[], rows: (limit: number) => TemplateResult[]): Piece => {
    const count = item[kind].length;
    const section = `${kind}-${item.input}`;
    if (count === 0) return nothing;
    return html`<h4>${words[kind]} <span class="badge">${count}</span></h4>
      <div class="table-scroll" tabindex="0" role="region" aria-label=${words.tableOf(words[kind], file)}><table class="wire">
        <thead><tr>${heads.map((head) => html`<th>${head}</th>`)}</tr></thead><tbody>${rows(shown(section))}</tbody></table></div>
      ${moreButton(count, shown(section), section, actions)}`;
  };
  const overview = phonesIn(item).length > 0 ? null : overviewOf(item, result.certificates.subjectOf);
  const entry = result.entryOf.get(item.input);
  const { subjectOf, linkTo } = result.certificates;
  return html`<section class="panel capture" data-testid="capture" data-input=${item.input} data-whole=${item.whole}>
    <header class="panel-head"><h3>${file}</h3></header>
    ${item.whole ? nothing : html`<p class="status warning" data-testid="partial">${icon("warning")}<span>${m.stoppedReading(result.report.inputs[item.input]?.bytes ?? 0, entry?.file.size ?? 0)}
      ${entry === undefined ? nothing : html`<button type="button" class="link" data-testid="read-whole" @click=${() => actions.readWhole(entry.key)}>${m.readWhole}</button>`}</span></p>`}
    <dl class="fields">
      ${field(words.packets, item.packets.toLocaleString("en"), true)}
      ${field(words.first, item.first ? timeText(item.first) : null, true)}
      ${field(words.last, item.last ? timeText(item.last) : null, true)}
      ${field(words.truncated, item.truncated_packets === 0 ? null : item.truncated_packets.toLocaleString("en"), true)}
      ${field(words.other, item.other_packets === 0 ? null : item.other_packets.toLocaleString("en"), true)}
    </dl>
    ${item.limited ? html`<p class="status warning">${icon("warning")}<span>${words.limited}</span></p>` : nothing}
    ${problems(item.problems, item.input, actions)}
    ${phonesIn(item).length === 0 ? nothing : html`<tlvet-phones .capture=${item} .phones=${phonesIn(item)} .subjectOf=${subjectOf}></tlvet-phones>`}
    ${overview === null ? nothing : html`<h4>${m.ladder.all}</h4><div data-testid="overview"><tlvet-ladder .sequence=${overview}></tlvet-ladder></div>`}
    ${item.flows.length === 0 ? nothing : html`<h4>${words.flows} <span class="badge">${item.flows.length.toLocaleString("en")}</span></h4>
      <tlvet-flows data-input=${item.input} .flows=${item.flows} .phones=${phonesIn(item)} .began=${item.first ?? null} .subjectOf=${subjectOf} .linkTo=${linkTo} .label=${words.tableOf(words.flows, file)}></tlvet-flows>`}
    ${table("transfers", words.transferHeads, (limit) => item.transfers.slice(0, limit).map((transfer) => transferRow(transfer, result)))}
    ${table("dns", words.dnsHeads, (limit) => item.dns.slice(0, limit).map(dnsRow))}
  </section>`;
}

function transferRow(transfer: Transfer, result: Result): TemplateResult {
  const tone = STATUS_TONE[transfer.status];
  return html`<tr data-testid="transfer" data-name=${transfer.name} data-status=${transfer.status} data-protocol=${transfer.protocol} data-frame=${transfer.frame} tabindex="-1">
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
  return html`<tr data-testid="dns" data-name=${question.name} data-type=${question.type} data-frame=${question.frame} tabindex="-1">
    <th scope="row" class="mono">${question.name}</th>
    <td>${question.type}</td>
    <td class="mono">${question.client} → ${question.server}</td>
    <td><span class="severity ${found ? "good" : "warning"}">${icon(found ? "good" : "warning")}${question.rcode ?? m.capture.noAnswer}</span></td>
    <td class="mono">${question.answers.join(", ")}</td>
  </tr>`;
}
