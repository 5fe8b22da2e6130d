/** Certificate requests, revocation lists, PKCS#12 stores and private keys: what they are, never a key. */
import { html, nothing, type TemplateResult } from "lit";
import type { CertificateRequest, PrivateKey, RevocationList, Store } from "../generated/report.js";
import { messages as m } from "../messages/index.js";
import type { Actions, Result } from "../state.js";
import { certificateLink, inputName, problems, status } from "./lists.js";
import { chipText, commonName, field, hexOffset, icon, keyText, name, timeText, type Piece, type Tone } from "./parts.js";

const PROTECTION_TONE = { clear: "warning", opened: "good", "needs-password": "unknown", "wrong-password": "error", unsupported: "unknown" } as const satisfies { [protection: string]: Tone };

export function request(item: CertificateRequest, result: Result, actions: Actions): TemplateResult {
  const { dns, ip, uri, email } = item.san;
  const asked = [...dns, ...ip, ...uri, ...email];
  return html`<section class="panel" data-testid="certificate-request" data-input=${item.input} data-sha256=${item.sha256}>
    ${head(commonName(item.subject), item, result, actions)}
    ${status(item.verification, result, actions)}
    <dl class="fields">
      ${field(m.certificate.subject, name(item.subject))}
      ${field(m.certificate.key, keyText(item.key), true)}
      ${field(m.certificate.signature, item.signature, true)}
      ${field(m.stores.asksFor, asked.length === 0 ? null : asked.join(", "), true)}
      ${field(m.certificate.keyUsage, item.key_usage.join(", "))}
      ${field(m.certificate.extendedKeyUsage, item.extended_key_usage.join(", "))}
      ${field(m.certificate.ca, item.ca ? m.stores.asksCa : null)}
      ${fits(item.certificates, result)}
    </dl>
    ${problems(item.problems, item.input, actions)}
  </section>`;
}

export function revocationList(item: RevocationList, result: Result, actions: Actions): TemplateResult {
  return html`<section class="panel" data-testid="revocation-list" data-input=${item.input}>
    ${head(commonName(item.issuer), item, result, actions)}
    <dl class="fields">
      ${field(m.certificate.issuer, name(item.issuer))}
      ${field(m.stores.number, item.number, true)}
      ${field(m.stores.thisUpdate, timeText(item.this_update), true)}
      ${field(m.stores.nextUpdate, item.next_update ? timeText(item.next_update) : null, true)}
      ${field(m.certificate.signature, item.signature, true)}
      ${field(m.stores.revoked, item.revoked, true)}
      ${field(m.certificate.aki, item.aki, true)}
    </dl>
    ${problems(item.problems, item.input, actions)}
  </section>`;
}

export function store(item: Store, result: Result, actions: Actions): TemplateResult {
  return html`<section class="panel" data-testid="store" data-input=${item.input} data-protection=${item.protection}>
    ${head(inputName(result, item.input), item, result, actions)}
    ${protection(item.protection)}
    ${item.protection === "clear" || item.protection === "opened" ? status(item.verification, result, actions) : nothing}
    <dl class="fields">
      ${field(m.stores.certificates, item.certificates, true)}
      ${field(m.stores.keys, item.keys, true)}
      ${field(m.stores.encryption, item.encryption.join(", "), true)}
      ${field(m.stores.mac, item.mac, true)}
    </dl>
  </section>`;
}

export function privateKey(item: PrivateKey, result: Result, actions: Actions): TemplateResult {
  const size = item.bits > 0 ? ` ${item.bits}` : "";
  return html`<section class="panel" data-testid="private-key" data-input=${item.input} data-protection=${item.protection}>
    ${head(`${item.type.toUpperCase()}${size}`, item, result, actions)}
    ${protection(item.protection)}
    <dl class="fields">${fits(item.certificates, result)}</dl>
  </section>`;
}

function head(title: string, { input, offset }: { input: number; offset: number }, result: Result, actions: Actions): TemplateResult {
  const file = inputName(result, input);
  return html`<header class="panel-head"><div><h3>${title}</h3></div>
    <button type="button" class="chip" @click=${(event: Event) => actions.select({ input, start: offset, end: offset, record: null, line: null }, event.currentTarget as HTMLElement)}>${chipText(file, [hexOffset(offset)])}</button></header>`;
}

function protection(state: Store["protection"]): TemplateResult {
  const tone = PROTECTION_TONE[state];
  return html`<p class="status ${tone}">${icon(tone)}<span>${m.stores.protection[state]}</span></p>`;
}

/** The certificates of the same key. */
function fits(certificates: string[], result: Result): Piece {
  if (certificates.length === 0) return field(m.stores.fits, html`<span class="quiet">${m.stores.fitsNone}</span>`);
  return field(m.stores.fits, html`<ul class="plain">${certificates.map((sha256) => {
    const known = result.report.certificates.find((certificate) => certificate.sha256 === sha256);
    return html`<li>${certificateLink(result, sha256, known === undefined ? html`<code>${sha256.slice(0, 16)}…</code>` : commonName(known.subject))}</li>`;
  })}</ul>`);
}
