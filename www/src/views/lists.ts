/** Trust lists, signed files and phone configurations. */
import { html, nothing, type TemplateResult } from "lit";
import type { Configuration, Problem, Record as ListRecord, Server, SignedFile, Signer, TrustList, UnknownElement, Verification1 } from "../generated/report.js";
import { messages as m } from "../messages/index.js";
import type { Actions, Result, Selection } from "../state.js";
import { chipText, copyButton, digest, field, hexOffset, icon, keyText, name, prose, sizeText, timeText, type Piece, type Tone } from "./parts.js";

const STATUS_TONE = { verified: "good", failed: "error", unverifiable: "unknown" } as const satisfies { [status: string]: Tone };

export function inputName(result: Result, input: number): string {
  return result.report.inputs[input]?.name ?? String(input);
}

/** Link to a certificate's card, where the report has one. */
export function certificateLink(result: Result, sha256: string, label: unknown): TemplateResult {
  const known = result.report.certificates.some((certificate) => certificate.sha256 === sha256);
  return known ? html`<a href="#certificate-${sha256}">${label}</a>` : html`${label}`;
}

export function status(verification: Verification1, result: Result, actions: Actions): TemplateResult {
  const tone = STATUS_TONE[verification.status];
  return html`<p class="status ${tone}" data-testid="verification" data-status=${verification.status}>
    ${icon(tone)}<span><b>${m.verificationLabel}: ${m.verification[verification.status]}</b> – ${prose(verification.reason, actions)}
    ${verification.by === null || verification.by === undefined ? nothing : html`<span class="status-by">${m.fields.by} ${certificateLink(result, verification.by, html`<code>${verification.by.slice(0, 16)}…</code>`)}${verification.role ? html` · ${verification.role}` : nothing}</span>`}</span></p>`;
}

function signerFields(signer: Signer | null | undefined): Piece {
  if (signer === null || signer === undefined) return nothing;
  return html`${field(m.fields.signer, name(signer.name))}
    ${field(m.fields.issuer, signer.issuer === signer.name ? m.selfIssued : name(signer.issuer))}
    ${field(m.fields.serial, signer.serial, true)}`;
}

function unknownElements(elements: UnknownElement[], input: number, actions: Actions): Piece {
  if (elements.length === 0) return nothing;
  return html`${elements.map((element) => html`<button type="button" class="chip"
    @click=${(event: Event) => actions.select({ input, start: element.offset, end: element.offset + 3 + element.length, record: null, line: null }, event.currentTarget as HTMLElement)}>
    ${chipText(m.elementTag(element.tag, element.length), [hexOffset(element.offset)])}</button>`)}`;
}

export function problems(all: Problem[], input: number, actions: Actions): Piece {
  if (all.length === 0) return nothing;
  return html`<div class="problems"><h4>${m.problems}</h4><ul>${all.map((problem) => html`<li>
    <button type="button" class="chip"
      @click=${(event: Event) => actions.select({ input, start: problem.at, end: problem.at, record: null, line: null }, event.currentTarget as HTMLElement)}>
      ${chipText(null, [hexOffset(problem.at)], problem.field)}</button>
    <b>${problem.field}</b> ${problem.message}</li>`)}</ul></div>`;
}

function bytesButton(input: number, label: string, actions: Actions): TemplateResult {
  return html`<button type="button" class="quiet-button" aria-label=${m.hexOf(label)}
    @click=${(event: Event) => actions.select({ input, start: 0, end: 0, record: null, line: null }, event.currentTarget as HTMLElement)}>${m.hexTitle}</button>`;
}

export function trustList(list: TrustList, result: Result, selected: Selection | null, actions: Actions): TemplateResult {
  const file = inputName(result, list.input);
  const listing = result.listings.get(list.input);
  const role = result.report.inputs[list.input]?.role ?? "observed";
  return html`<section class="panel" data-testid="trust-list" data-input=${list.input}>
    <header class="panel-head">
      <div><h3>${file}</h3><p class="quiet">${m[list.type]}${role === "observed" ? nothing : html` · <span class="role-tag">${m.roles[role]}</span>`}</p></div>
      ${bytesButton(list.input, file, actions)}
    </header>
    ${status(list.verification, result, actions)}
    <dl class="fields">
      ${field(m.fields.version, list.version, true)}
      ${field(m.fields.signerVersion, list.signer_version, true)}
      ${field(m.fields.headerLength, list.header_length === null || list.header_length === undefined ? null : sizeText(list.header_length), true)}
      ${field(m.fields.records, list.records.length, true)}
      ${field(m.fields.digest, list.digest?.toUpperCase(), true)}
      ${field(m.fields.signatureBits, list.signature_bits === null || list.signature_bits === undefined ? null : m.bits(list.signature_bits), true)}
      ${field(m.fields.fileName, list.filename, true)}
      ${field(m.fields.timestamp, list.timestamp === null || list.timestamp === undefined ? null : timeText(list.timestamp), true)}
      ${signerFields(list.signer)}
      ${field(m.fields.unknown, list.unknown_elements.length === 0 ? null : unknownElements(list.unknown_elements, list.input, actions))}
    </dl>
    ${problems(list.problems, list.input, actions)}
    ${list.records.length === 0 ? nothing : recordTable(list, file, result, selected, actions)}
    ${listing === undefined ? nothing : html`<details class="fold"><summary>${m.listing(list.type)}</summary>
      <div class="listing" tabindex="0" role="region" aria-label=${m.listingOf(file)}>${copyButton(actions, listing, m.listingOf(file))}<pre>${listing}</pre></div></details>`}
  </section>`;
}

function recordTable(list: TrustList, file: string, result: Result, selected: Selection | null, actions: Actions): TemplateResult {
  const c = m.columns;
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${m.recordsOf(file)}><table class="records">
    <thead><tr><th class="number">${c.n}</th><th>${c.offset}</th><th class="number">${c.length}</th><th>${c.role}</th><th>${c.subject} · ${c.issuer} · ${c.serial}</th><th>${c.certificate} · ${c.key}</th></tr></thead>
    <tbody>${list.records.map((record) => recordRow(record, list.input, result, selected, actions))}</tbody>
  </table></div>`;
}

function recordRow(record: ListRecord, input: number, result: Result, selected: Selection | null, actions: Actions): TemplateResult {
  const chosen = selected?.input === input && selected.record === record.n;
  const show = (event: Event): void =>
    actions.select({ input, start: record.offset, end: record.offset + record.length, record: record.n, line: null }, event.currentTarget as HTMLElement);
  const more = record.dns_name !== "" || record.ip_address || record.hash_algorithm || record.unknown_elements.length > 0;
  return html`<tr data-testid="record" data-record=${record.n} aria-current=${chosen ? "true" : nothing} id="record-${input}-${record.n}">
    <td class="number">${record.n}</td>
    <td><button type="button" class="chip" @click=${show}>${chipText(null, [hexOffset(record.offset)], m.record(record.n))}</button></td>
    <td class="number mono">${record.length}</td>
    <td class="role"><span>${record.function}</span>${record.role === null || record.role === undefined ? nothing : html` <span class="quiet mono">${record.role}</span>`}
      ${record.signed_this_file ? html`<span class="signed">${icon("good")}${m.signedThis}</span>` : nothing}</td>
    <td class="names">${name(record.subject)}
      ${record.issuer === "" ? nothing : html`<div class="quiet"><span class="label">${m.columns.issuer}</span> ${record.issuer === record.subject ? m.selfIssued : name(record.issuer)}</div>`}
      ${record.serial ? html`<div class="serial"><span class="label">${m.columns.serial}</span> <code>${record.serial}</code></div>` : nothing}
      ${more ? html`<div class="quiet">
        ${record.dns_name === "" ? nothing : html`<span class="label">${m.dnsName}</span> <code>${record.dns_name}</code> `}
        ${record.ip_address ? html`<span class="label">${m.ipAddress}</span> <code>${record.ip_address}</code> ` : nothing}
        ${record.hash_algorithm ? html`<span class="label">${m.hashAlgorithm}</span> <code>${record.hash_algorithm}</code> ` : nothing}
        ${unknownElements(record.unknown_elements, input, actions)}</div>` : nothing}</td>
    <td class="mono certificate-cell"><div>${recordCertificate(record, result)}</div>${record.key ? html`<div class="quiet">${keyText(record.key)}</div>` : nothing}</td>
  </tr>`;
}

function recordCertificate(record: ListRecord, result: Result): unknown {
  if (record.certificate) return certificateLink(result, record.certificate, `${record.certificate.slice(0, 16)}…`);
  if (!record.cert_hash) return html`<span class="quiet">${m.noCertificate}</span>`;
  const known = result.report.certificates.find(({ sha1, sha256 }) => sha1 === record.cert_hash || sha256 === record.cert_hash);
  const short = html`${record.cert_hash.slice(0, 16)}…`;
  return html`${known === undefined ? short : html`<a href="#certificate-${known.sha256}">${short}</a>`} <span class="quiet">${m.hashOnly}</span>`;
}

export function signedFile(file: SignedFile, result: Result, actions: Actions): TemplateResult {
  const title = inputName(result, file.input);
  return html`<section class="panel" data-testid="signed-file" data-input=${file.input}>
    <header class="panel-head"><div><h3>${title}</h3><p class="quiet">${m.content[file.content]}</p></div>${bytesButton(file.input, title, actions)}</header>
    ${status(file.verification, result, actions)}
    <dl class="fields">
      ${field(m.fields.version, file.version, true)}
      ${field(m.fields.signerVersion, file.signer_version, true)}
      ${field(m.fields.headerLength, file.header_length === null || file.header_length === undefined ? null : sizeText(file.header_length), true)}
      ${field(m.fields.body, sizeText(file.body_length), true)}
      ${field(m.fields.digest, file.digest?.toUpperCase(), true)}
      ${field(m.fields.signatureBits, file.signature_bits === null || file.signature_bits === undefined ? null : m.bits(file.signature_bits), true)}
      ${field(m.fields.fileName, file.filename, true)}
      ${field(m.fields.timestamp, file.timestamp === null || file.timestamp === undefined ? null : timeText(file.timestamp), true)}
      ${signerFields(file.signer)}
      ${field(m.fields.decryption, file.decryption ? html`${m.decryption[file.decryption.status]}: ${file.decryption.reason}` : null)}
      ${field(m.fields.unknown, file.unknown_elements.length === 0 ? null : unknownElements(file.unknown_elements, file.input, actions))}
    </dl>
    ${problems(file.problems, file.input, actions)}
    ${file.decryption?.text ? html`<details class="fold"><summary>${m.configurationIn}</summary><div class="listing" tabindex="0" role="region" aria-label=${m.configurationOf(title)}><pre>${file.decryption.text}</pre></div></details>` : nothing}
  </section>`;
}

export function configuration(item: Configuration, result: Result, actions: Actions): TemplateResult {
  const words = m.configuration;
  const answer = (value: boolean | null | undefined): string | null => (value === null || value === undefined ? null : value ? m.yes : m.no);
  const mode = item.security_mode;
  return html`<section class="panel" data-testid="configuration" data-input=${item.input}>
    <header class="panel-head"><div><h3>${item.device ?? inputName(result, item.input)}</h3><p class="quiet">${inputName(result, item.input)}</p></div></header>
    <dl class="fields">
      ${field(words.device, item.device, true)}
      ${field(words.load, item.load, true)}
      ${field(words.fullConfig, answer(item.full_config))}
      ${field(words.encryptedConfig, answer(item.encrypted_config))}
      ${field(words.securityMode, mode === null || mode === undefined ? null : (m.securityModes[mode] ?? mode))}
      ${field(words.certificateHash, item.certificate_hash ? digest(actions, item.certificate_hash, words.certificateHash) : null, true)}
      ${field(words.capfAuthMode, item.capf_auth_mode, true)}
      ${field(words.callManagers, servers(item.call_managers), true)}
      ${field(words.tvs, servers(item.tvs_servers), true)}
      ${field(words.capf, servers(item.capf_servers), true)}
      ${field(words.urls, item.urls.length === 0 ? null : html`<ul class="plain">${item.urls.map((url) => html`<li><span class="label">${url.name}</span> <code>${url.url}</code></li>`)}</ul>`)}
      ${field(words.credentials, item.credentials.length === 0 ? null : html`<ul class="plain">${item.credentials.map((secret) => html`<li><code>${secret.name}</code> ${m.characters(secret.length)}
        <button type="button" class="chip" @click=${(event: Event) => actions.select({ input: item.input, start: secret.offset, end: secret.offset, record: null, line: null }, event.currentTarget as HTMLElement)}>${chipText(null, [hexOffset(secret.offset)], secret.name)}</button></li>`)}</ul>`)}
    </dl>
  </section>`;
}

function servers(all: Server[]): unknown {
  return all.length === 0 ? null : html`<ol class="plain">${all.map((server) => html`<li>${server.name}${server.port === null || server.port === undefined ? nothing : `:${server.port}`}</li>`)}</ol>`;
}
