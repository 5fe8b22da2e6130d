/** What a capture has shown while it is still being read. */
import { html, nothing, type TemplateResult } from "lit";
import "../capture/flows.js";
import { messages as m } from "../messages/index.js";
import type { SoFar } from "../state.js";

export function soFar(seen: SoFar): TemplateResult {
  const words = m.soFar;
  const { flows, subjects } = seen;
  const count = (id: string, label: string, value: number, bad: number, badWord: (n: number) => string): TemplateResult => html`<div data-testid="so-far-${id}" data-count=${value}>
    <dt>${label}</dt><dd><b>${value.toLocaleString("en")}</b>${bad === 0 ? nothing : html` <span class="severity error">${badWord(bad)}</span>`}</dd></div>`;
  return html`<section class="panel so-far" data-testid="so-far" aria-label=${words.title}>
    <h3>${words.title}</h3>
    <dl class="counts">
      ${count("packets", m.capture.packets, seen.packets, 0, String)}
      ${count("flows", m.capture.flows, seen.connections, seen.refused, words.refused)}
      ${count("certificates", m.sections.certificates, subjects.size, 0, String)}
      ${count("transfers", m.capture.transfers, seen.transfers, seen.failed, words.failed)}
      ${count("names", m.capture.dns, seen.names, seen.unknown, words.notFound)}
    </dl>
    ${flows.length === 0 ? nothing : html`${flows.length === seen.connections ? nothing : html`<p class="quiet">${words.latest(flows.length)}</p>`}<tlvet-flows .flows=${flows} .live=${true} .label=${words.title} .subjectOf=${(sha256: string) => subjects.get(sha256) ?? ""} .linkTo=${(_: string, label: string) => label}></tlvet-flows>`}
  </section>`;
}
