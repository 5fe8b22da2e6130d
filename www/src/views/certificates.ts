/** Certificate cards. */
import { html, nothing, svg, type TemplateResult } from "lit";
import type { Certificate } from "../generated/report.js";
import { messages as m } from "../messages/index.js";
import type { Actions, Result } from "../state.js";
import { chip } from "./findings.js";
import { commonName, dayText, digest, field, icon, keyText, name, timeText, type Piece, type Tone } from "./parts.js";

const DAY = 86_400_000;
/** Expiry warns this many days ahead, as the engine does. */
const SOON = 60;
/** Places of one certificate that are shown: a service shows its certificate to every phone. */
const PLACES = 12;

export function certificate(item: Certificate, result: Result, actions: Actions): TemplateResult {
  const words = m.certificate;
  const { dns, ip, uri, email, directory, registered_id, other } = item.san;
  const names = [...dns, ...ip, ...uri, ...email, ...directory, ...registered_id, ...other.map((name) => `${name.type}: ${name.value}`)];
  return html`<section class="panel certificate" data-testid="certificate" data-sha256=${item.sha256} id="certificate-${item.sha256}" tabindex="-1">
    <header class="panel-head"><div><h3>${commonName(item.subject)}</h3>
      <p class="quiet"><span class="mono">${keyText(item.key)}</span>${item.ca ? html` · <span class="tag">${words.ca}</span>` : nothing}${item.self_signed ? html` · <span class="tag">${words.selfSigned}</span>` : nothing}</p></div></header>
    ${validity(item, result.report.now)}
    <dl class="fields">
      ${field(words.subject, name(item.subject))}
      ${field(words.issuer, item.issuer === item.subject ? m.selfIssued : name(item.issuer))}
      ${field(words.serial, digest(actions, item.serial, words.serial), true)}
      ${field(words.san, names.length === 0 ? html`<span class="quiet">${words.noSan}</span>` : names.join(", "), true)}
      ${field("SHA-1", digest(actions, item.sha1, "SHA-1"), true)}
      ${field("SHA-256", digest(actions, item.sha256, "SHA-256"), true)}
    </dl>
    <details class="fold"><summary>${m.showDetails}</summary><dl class="fields">
      ${field(words.validity, `${timeText(item.not_before)} – ${timeText(item.not_after)}`, true)}
      ${field(words.signature, item.signature, true)}
      ${field(words.key, keyText(item.key), true)}
      ${field(words.keyUsage, item.key_usage.join(", "))}
      ${field(words.extendedKeyUsage, item.extended_key_usage.join(", "))}
      ${field(words.ski, item.ski, true)}
      ${field(words.aki, item.aki, true)}
      ${field("MD5", digest(actions, item.md5, "MD5"), true)}
      ${field(words.version, item.version, true)}
      ${field(words.size, m.bytes(item.bytes), true)}
      ${field(m.problems, item.problems.length === 0 ? null : html`<ul class="plain">${item.problems.map((problem) => html`<li><b>${problem.field}</b> ${problem.message}</li>`)}</ul>`)}
    </dl></details>
    <div class="chips"><span class="label">${words.seenIn}</span>${item.seen_in.slice(0, PLACES).map((place) => html`${chip(place, result, actions)}${place.by_hash ? html`<span class="quiet">${words.byHash}</span>` : nothing}`)}
      ${item.seen_in.length <= PLACES ? nothing : html`<span class="quiet">${words.morePlaces(item.seen_in.length - PLACES)}</span>`}</div>
  </section>`;
}

/** A bar from first to last second, with a tick where the judging time falls. */
function validity(item: Certificate, now: string): Piece {
  const from = Date.parse(item.not_before);
  const until = Date.parse(item.not_after);
  const at = Date.parse(now);
  if (Number.isNaN(from) || Number.isNaN(until) || Number.isNaN(at)) return nothing;
  const left = Math.floor((until - at) / DAY);
  let tone: Tone = left < SOON ? "warning" : "good";
  let text = m.certificate.days(left);
  if (at > until) {
    tone = "error";
    text = m.certificate.expired(Math.max(0, Math.floor((at - until) / DAY)));
  } else if (at < from) {
    tone = "error";
    text = m.certificate.notYet(Math.ceil((from - at) / DAY));
  }
  // The bar takes the middle of 200 units, so that a time before or after still has its place.
  const share = until > from ? (at - from) / (until - from) : 0;
  const x = Math.max(4, Math.min(196, 20 + share * 160));
  return html`<div class="validity ${tone}">
    <svg viewBox="0 0 200 14" preserveAspectRatio="none" aria-hidden="true"><path class="validity-line" d="M0 7H200"/><path class="validity-span" d="M20 7H180"/>${svg`<path class="validity-now" d="M${x} 0V14"/>`}</svg>
    <div class="validity-text"><span class="mono">${dayText(item.not_before)}</span><span class="validity-state">${icon(tone)}${text}</span><span class="mono">${dayText(item.not_after)}</span></div>
  </div>`;
}
