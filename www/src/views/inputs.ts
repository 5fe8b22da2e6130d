/** The table of inputs. */
import { html, nothing, type TemplateResult } from "lit";
import type { Input } from "../generated/report.js";
import type { Role } from "../engine/protocol.js";
import { messages as m } from "../messages/index.js";
import type { Actions, Entry, Result } from "../state.js";
import { digest, icon, moreButton, sizeText, type Piece } from "./parts.js";

const ROLES: Role[] = ["observed", "phone", "trust", "key"];
/** A key opens others while they are read, so one in an archive has to be given by itself. */
const MEMBER_ROLES: Role[] = ["observed", "phone", "trust"];

export function inputs(entries: Entry[], result: Result | null, shown: number, actions: Actions): TemplateResult {
  const columns = m.inputColumns;
  // The entry as it is now: the report may be older.
  const now = new Map(entries.map((entry) => [entry.key, entry]));
  const judged = new Map([...(result?.entryOf ?? [])].map(([id, { key }]) => [id, now.get(key) ?? null]));
  const known = new Set(judged.values());
  const rows: { input: Input | null; entry: Entry | null }[] = [
    ...(result?.report.inputs ?? []).map((input) => ({ input, entry: judged.get(input.id) ?? null })),
    ...entries.filter((entry) => !known.has(entry)).map((entry) => ({ input: null, entry })),
  ];
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${m.sections.inputs}><table class="inputs">
    <thead><tr><th>${columns.name}</th><th>${columns.kind}</th><th>${columns.role}</th><th class="number">${columns.size}</th><th>${columns.digests}</th><th><span class="visually-hidden">${columns.remove}</span></th></tr></thead>
    <tbody>${rows.slice(0, shown).map(({ input, entry }) => row(input, entry, result, actions))}</tbody>
  </table></div>${moreButton(rows.length, shown, "inputs", actions)}<p class="quiet">${m.digestsNote}</p>`;
}

function row(input: Input | null, entry: Entry | null, result: Result | null, actions: Actions): TemplateResult {
  const label = input?.name ?? entry?.name ?? "";
  const parent = input?.inside === null || input?.inside === undefined ? null : result?.report.inputs[input.inside]?.name;
  return html`<tr data-testid="input" data-name=${label} data-kind=${input?.kind ?? ""}>
    <th scope="row">${input === null ? label : html`<button type="button" class="link" @click=${(event: Event) => actions.select({ input: input.id, start: 0, end: 0, record: null, line: input.kind === "text" ? 1 : null }, event.currentTarget as HTMLElement)}>${label}</button>`}
      ${parent ? html`<div class="quiet">${m.inside(parent)}</div>` : nothing}
      ${entry === null || entry.stopAt === null || input?.kind === "capture" ? nothing : html`<div class="status warning" data-testid="stopped">${icon("warning")}<span>${m.stoppedReading(entry.stopAt, entry.file.size)}
        <button type="button" class="link" data-testid="read-whole" @click=${() => actions.readWhole(entry.key)}>${m.readWhole}</button></span></div>`}</th>
    <td>${input === null ? html`<span class="severity error">${icon("error")}${m.notJudged}</span>` : html`${m.kinds[input.kind] ?? input.kind}${(result?.report.logs ?? []).filter((log) => log.input === input.id).map((log) => html`<div class="quiet" data-testid="log" data-format=${log.format}>${m.logLines(log.format, log.recognised, log.lines)}</div>`)}`}</td>
    <td>${entry === null ? memberRole(input, result, actions) : roleMenu(label, entry.role, ROLES, (role) => actions.changeRole(entry.key, role))}</td>
    <td class="number mono">${sizeText(input?.bytes ?? entry?.file.size ?? 0)}</td>
    <td class="mono digests">${input === null ? nothing : input.sha256 === "" ? html`<span class="quiet">${m.noDigests}</span>` : html`<div><span class="label">MD5</span>${digest(actions, input.md5, `MD5 ${label}`)}</div>
      <div><span class="label">SHA-1</span>${digest(actions, input.sha1, `SHA-1 ${label}`)}</div>
      <div><span class="label">SHA-256</span>${digest(actions, input.sha256, `SHA-256 ${label}`)}</div>`}</td>
    <td>${entry === null ? nothing : html`<button type="button" class="quiet-button" aria-label=${m.removeFile(label)} title=${m.removeFile(label)} @click=${() => actions.remove(entry.key)}>✕</button>`}</td>
  </tr>`;
}

function roleMenu(label: string, value: Role, roles: Role[], change: (role: Role) => void): TemplateResult {
  return html`<select data-testid="role" data-name=${label} aria-label=${m.roleOf(label)} .value=${value}
    @change=${(event: Event) => change((event.target as HTMLSelectElement).value as Role)}>
    ${roles.map((role) => html`<option value=${role} ?selected=${role === value}>${m.roles[role]}</option>`)}</select>`;
}

/** The menu of a member of an archive; other inputs that were found inside one have no role of their own. */
function memberRole(input: Input | null, result: Result | null, actions: Actions): Piece {
  if (input === null || result === null || input.role === "key") return nothing;
  const all = result.report.inputs;
  const names: string[] = [];
  let one: Input | undefined = input;
  while (one !== undefined && one.inside !== null && one.inside !== undefined) {
    names.unshift(one.name);
    one = all[one.inside];
    if (one?.kind !== "archive") return nothing;
  }
  const entry = one === undefined ? undefined : result.entryOf.get(one.id);
  return entry === undefined ? nothing : roleMenu(input.name, input.role, MEMBER_ROLES, (role) => actions.changeMemberRole(entry.key, names.join("/"), role));
}
