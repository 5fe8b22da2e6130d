/** Verdict, findings, and what could not be decided. */
import { html, nothing, type TemplateResult } from "lit";
import type { Cause, Evidence, Finding, Skipped } from "../generated/report.js";
import { messages as m } from "../messages/index.js";
import { type Actions, type Result, type Selection } from "../state.js";
import { chipText, hexOffset, icon, moreButton, prose, timeText, type Piece, type Tone } from "./parts.js";

/** Findings that causes name, beyond which all of them are looked at. */
const MANY = 100;
/** Lines of logs that one finding shows. */
const EXCERPTS = 8;

const VERDICT_TONE = { pass: "good", warn: "warning", fail: "error", inconclusive: "unknown" } as const satisfies { [verdict: string]: Tone };

export function verdict(result: Result, actions: Actions): TemplateResult {
  const { summary, now } = result.report;
  const words = m.verdict[summary.verdict];
  const tone = VERDICT_TONE[summary.verdict];
  return html`<section class="verdict ${tone}" id="verdict" data-testid="verdict" data-verdict=${summary.verdict} aria-label=${m.verdictLabel} tabindex="-1">
    <div class="verdict-word">${icon(tone)}<strong>${words}</strong></div>
    <div class="verdict-text">
      <p class="verdict-sentence">${prose(summary.sentence, actions)}</p>
      <p class="verdict-counts">
        <span class=${summary.errors > 0 ? "count error" : "count"}>${m.errors(summary.errors)}</span>
        <span class=${summary.warnings > 0 ? "count warning" : "count"}>${m.warnings(summary.warnings)}</span>
        <span class="count">${m.judgedAt(timeText(now))}</span>
      </p>
    </div>
    ${causes(result, actions)}
  </section>`;
}

/** What is behind the findings, the first to repair first: what follows from each, and what to type next. */
function causes(result: Result, actions: Actions): Piece {
  const { summary, findings } = result.report;
  if (summary.causes.length === 0) return nothing;
  const named = summary.causes.reduce((sum, { consequences, alternatives }) => sum + consequences.length + alternatives.length, 0);
  const all = named > MANY ? findings.all() : findings;
  // The first cause is the sentence above; a single one has its finding right below.
  const single = summary.causes.length === 1;
  const one = (cause: Cause, index: number): TemplateResult => {
    const finding = all.at(cause.finding);
    const [step] = finding?.remedy ?? [];
    const open = (place: number): TemplateResult => html`<a href="#finding-${place}" @click=${(event: Event) => {
      event.preventDefault();
      actions.reveal(`finding-${place}`);
    }}>${all.at(place)?.title ?? ""}</a>`;
    return html`<li class="cause ${finding?.severity ?? ""}" data-testid="cause" data-code=${cause.code}>
      ${index === 0 ? nothing : html`<p class="cause-sentence">${prose(cause.sentence, actions)}</p>`}
      ${step === undefined ? nothing : html`<p class="cause-line"><span class="label">${m.firstStep}</span><span>${prose(step, actions)}</span></p>`}
      ${single ? nothing : html`<p class="cause-line"><span class="label">${m.inDetail}</span>${open(cause.finding)}</p>`}
      ${cause.consequences.length === 0 ? nothing : html`<details class="fold"><summary>${m.followsFrom(cause.consequences.length)}</summary><ul>${cause.consequences.map((place) => html`<li>${open(place)}</li>`)}</ul></details>`}
      ${cause.alternatives.length === 0 ? nothing : html`<p class="cause-line"><span class="label">${m.alternatives}</span><span>${cause.alternatives.map((place, at) => html`${at === 0 ? nothing : "; "}${open(place)}`)}</span></p>`}
      ${cause.decide === null || cause.decide === undefined ? nothing : html`<p class="cause-line"><span class="label">${m.decide}</span><span>${prose(cause.decide, actions)}</span></p>`}
    </li>`;
  };
  const [first, ...others] = summary.causes.map(one);
  return html`<div class="causes"><ol>${first}</ol>${others.length === 0 ? nothing : html`<details class="fold" ?open=${others.length <= 3}><summary>${m.otherCauses(others.length)}</summary><ol>${others}</ol></details>`}</div>`;
}

export function findings(result: Result, shown: number, actions: Actions): TemplateResult {
  const all = result.report.findings;
  if (all.length === 0) return html`<p class="quiet">${m.noFindings}</p>`;
  return html`<div class="findings">${all.slice(0, shown).map((finding, index) => one(finding, index, result, actions))}${moreButton(all.length, shown, "findings", actions)}</div>`;
}

function one(finding: Finding, index: number, result: Result, actions: Actions): TemplateResult {
  const serious = finding.severity === "error" || finding.severity === "warning";
  const excerpted = finding.evidence.filter(({ text }) => text !== null && text !== undefined).slice(0, EXCERPTS);
  const evidence = chips(finding.evidence.filter((item) => !excerpted.includes(item)), result, actions);
  return html`<article class="finding ${finding.severity}" data-testid="finding" data-code=${finding.code} data-severity=${finding.severity}>
    <details id="finding-${index}" tabindex="-1" ?open=${serious}>
      <summary>
        <span class="severity ${finding.severity}">${icon(finding.severity)}${m.severity[finding.severity]}</span>
        <h3>${finding.title}</h3>
        <code class="code">${finding.code}</code>
      </summary>
      <div class="finding-body">
        <p class="detail">${prose(finding.detail, actions)}</p>
        ${finding.caused_by.length === 0 ? nothing : html`<p class="because"><span class="label">${m.because}</span>${finding.caused_by.map((place, at) => html`${at === 0 ? nothing : "; "}${result.report.findings.at(place)?.title ?? ""}`)}</p>`}
        ${finding.remedy.length === 0 ? nothing : html`<div class="remedy">
          <h4>${m.remedy}</h4>
          <ol>${finding.remedy.map((step) => html`<li>${prose(step, actions)}</li>`)}</ol>
        </div>`}
        ${finding.do_not.length === 0 ? nothing : html`<div class="do-not">
          <h4><svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true"><circle cx="8" cy="8" r="6.2"/><path d="M3.6 12.4l8.8-8.8"/></svg>${m.doNot}</h4>
          <ul>${finding.do_not.map((line) => html`<li>${prose(line, actions)}</li>`)}</ul>
        </div>`}
        ${excerpts(finding.evidence, result, actions)}
        <div class="finding-foot">
          ${evidence.length === 0 ? nothing : html`<div class="chips"><span class="label">${m.evidence}</span>${evidence}</div>`}
          ${finding.refs.length === 0 ? nothing : html`<div class="refs"><span class="label">${m.refs}</span>${finding.refs.map((ref) => html`<code>${ref}</code> `)}</div>`}
        </div>
      </div>
    </details>
  </article>`;
}

/** The lines of logs that a finding points at, as they stand there. */
function excerpts(evidence: Evidence[], result: Result, actions: Actions): Piece {
  const lines = evidence.filter(({ text }) => text !== null && text !== undefined);
  if (lines.length === 0) return nothing;
  return html`<ul class="excerpts">${lines.slice(0, EXCERPTS).map((item) => html`<li><code>${item.text}</code>${chip(item, result, actions)}</li>`)}</ul>`;
}

/** Evidence as buttons that show the bytes. */
export function chips(evidence: Evidence[], result: Result, actions: Actions): TemplateResult[] {
  return evidence.map((item) => chip(item, result, actions));
}

export function chip(item: Evidence, result: Result, actions: Actions): TemplateResult {
  const input = result.report.inputs[item.input];
  const place = [
    item.record === null || item.record === undefined ? null : m.record(item.record),
    item.frame === null || item.frame === undefined ? null : m.frame(item.frame),
    item.line === null || item.line === undefined ? null : m.line(item.line),
    item.offset === null || item.offset === undefined ? null : hexOffset(item.offset),
  ].filter((part) => part !== null);
  return html`<button type="button" class="chip" data-testid="evidence" data-input=${item.input} data-offset=${item.offset ?? ""} data-record=${item.record ?? ""} data-line=${item.line ?? ""}
    @click=${(event: Event) => {
      const shown = item.frame !== null && item.frame !== undefined && actions.showFrame(item.input, item.frame);
      if (!shown) actions.select(range(item, result), event.currentTarget as HTMLElement);
    }}>
    ${chipText(input?.name ?? String(item.input), place)}
  </button>`;
}

/** The bytes that the most severe finding points at. A frame of a capture has no place among bytes that anybody would read. */
export function firstEvidence(result: Result): Selection | null {
  for (const finding of result.report.findings.mentioning('"frame":null')) {
    const evidence = finding.evidence.find(({ input, frame }) => result.entryOf.has(input) && (frame === null || frame === undefined));
    if (evidence !== undefined) return range(evidence, result);
  }
  return null;
}

/** The bytes that a piece of evidence names. */
function range(item: Evidence, result: Result): Selection {
  const list = result.report.trust_lists.find(({ input }) => input === item.input);
  const record = list?.records.find(({ n }) => n === item.record);
  const start = item.offset ?? record?.offset ?? 0;
  const whole = record !== undefined && (item.offset === null || item.offset === undefined || item.offset === record.offset);
  return { input: item.input, start, end: whole ? record.offset + record.length : start, record: item.record ?? null, line: item.line ?? null };
}

export function skipped(all: Skipped[], actions: Actions): Piece {
  if (all.length === 0) return nothing;
  const needed = all.filter(({ outcome }) => outcome === "not_enough_evidence");
  const other = all.filter(({ outcome }) => outcome === "not_applicable");
  return html`<p class="quiet">${m.skippedLead}</p>
    ${needed.length === 0 ? nothing : html`<ul class="skipped">${needed.map((item) => skip(item, actions))}</ul>`}
    ${other.length === 0 ? nothing : html`<details class="fold"><summary>${m.skippedNotApplicable(other.length)}</summary><ul class="skipped">${other.map((item) => skip(item, actions))}</ul></details>`}`;
}

function skip(item: Skipped, actions: Actions): TemplateResult {
  return html`<li data-testid="skipped" data-code=${item.code} data-outcome=${item.outcome}>
    <span class="severity unknown">${item.outcome === "not_enough_evidence" ? icon("unknown") : nothing}${m.skippedOutcome[item.outcome]}</span>
    <code class="code">${item.code}</code><span>${prose(item.needs, actions)}</span></li>`;
}
