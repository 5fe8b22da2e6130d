/** Connections as the page reads them: how each went, and which a filter lets through. Plain functions, no drawing. */
import type { Flow } from "../generated/report.js";
import { messages as m } from "../messages/index.js";
import type { Tone } from "../views/parts.js";

/** How a connection went. */
export interface Outcome {
  tone: Tone | null;
  text: string;
  /** The packet that says so; null where none does. */
  frame: number | null;
}

/** What an alert says that is no complaint. */
const GOODBYES = new Set(["close_notify", "user_canceled", "no_renegotiation", ""]);

/** Somebody refused: an alert, a reset in place of an answer, or a connection that was broken off before TLS stood. */
export function outcomeOf(flow: Flow): Outcome {
  const words = m.capture;
  const { tls, steps } = flow;
  const fatal = tls?.alerts.find(({ level, description }) => level !== "encrypted" && !GOODBYES.has(description) && (level === "fatal" || description !== ""));
  if (fatal !== undefined) return { tone: "error", text: words.refusedBy(words.sides[fatal.from] ?? fatal.from, fatal.description), frame: fatal.frame };
  const end = steps.findLast(({ step }) => step === "rst" || step === "fin");
  const rst = steps.find(({ step }) => step === "rst");
  if (tls?.client_hello && !tls.server_hello && end !== undefined) {
    const by = words.sides[end.from] ?? end.from;
    return { tone: "error", text: end.step === "rst" ? words.resetInsteadOfHello(by) : words.closedInsteadOfHello(by), frame: end.frame };
  }
  const opened = (side: string): boolean => steps.some(({ step, from }) => step === "syn" && from === side);
  if (rst?.from === "server" && opened("client") && !opened("server")) return { tone: "error", text: words.notListening, frame: rst.frame };
  if (flow.transport === "tcp" && opened("client") && !opened("server") && steps.length === 1) return { tone: "warning", text: words.unanswered, frame: steps[0]?.frame ?? null };
  return { tone: null, text: words.endedBy[flow.ended_by] ?? flow.ended_by, frame: end?.frame ?? null };
}

export function isRefused(flow: Flow): boolean {
  return outcomeOf(flow).tone === "error";
}

export function showsCertificates({ tls }: Flow): boolean {
  return tls !== null && tls !== undefined && tls.server_certificates.length + tls.client_certificates.length > 0;
}

/** The address of `10.48.36.46:31576` or `[2001:db8::1]:31576`. */
export function hostOf(endpoint: string): string {
  return endpoint.slice(0, endpoint.lastIndexOf(":")).replace(/^\[|\]$/g, "");
}

export function portOf(endpoint: string): string {
  return endpoint.slice(endpoint.lastIndexOf(":") + 1);
}

export interface Filter {
  text: string;
  host: string;
  port: string;
  service: string;
  phone: string;
  refused: boolean;
  certificates: boolean;
}

export const NO_FILTER: Filter = { text: "", host: "", port: "", service: "", phone: "", refused: false, certificates: false };

export function isFiltering(filter: Filter): boolean {
  return Object.entries(filter).some(([key, value]) => value !== NO_FILTER[key as keyof Filter]);
}

/** Connections that a filter lets through. `subjectOf` names a certificate by its SHA-256. */
export function filtered(flows: Flow[], filter: Filter, subjectOf: (sha256: string) => string): Flow[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const host = filter.host.trim().toLowerCase();
  const port = filter.port.trim();
  return flows.filter((flow) => {
    const { client, server } = flow;
    return (!filter.refused || isRefused(flow))
      && (!filter.certificates || showsCertificates(flow))
      && (filter.service === "" || flow.service === filter.service)
      && (filter.phone === "" || hostOf(client) === filter.phone || hostOf(server) === filter.phone)
      && (host === "" || hostOf(client).startsWith(host) || hostOf(server).startsWith(host) || flow.tls?.client_hello?.sni?.toLowerCase().includes(host) === true)
      && (port === "" || portOf(client) === port || portOf(server) === port)
      && (words.length === 0 || everyWord(words, flow, subjectOf));
  });
}

function everyWord(words: string[], flow: Flow, subjectOf: (sha256: string) => string): boolean {
  const text = textOf(flow, subjectOf);
  return words.every((word) => text.includes(word));
}

const texts = new WeakMap<Flow, string>();

/** Everything that a search can find of a connection, in lower case. */
function textOf(flow: Flow, subjectOf: (sha256: string) => string): string {
  const known = texts.get(flow);
  if (known !== undefined) return known;
  const { tls } = flow;
  const shown = [...(tls?.server_certificates ?? []), ...(tls?.client_certificates ?? [])];
  const text = [
    flow.transport, flow.client, flow.server, flow.service, flow.first_frame,
    tls?.server_hello?.cipher_suite, versionOf(flow), tls?.client_hello?.sni, tls?.client_hello?.ja3, tls?.client_hello?.ja4, ...(tls?.client_hello?.alpn ?? []),
    ...shown, ...shown.map(subjectOf), ...(tls?.alerts ?? []).map(({ description }) => description), outcomeOf(flow).text,
  ].filter((part) => part !== null && part !== undefined).join("\n").toLowerCase();
  texts.set(flow, text);
  return text;
}

/** The version that is spoken, or else the highest that is offered. */
export function versionOf({ tls }: Flow): string {
  const version = tls?.server_hello?.version ?? tls?.client_hello?.version;
  return version === undefined ? "" : (m.capture.versions[version] ?? version);
}

export type Column = "frame" | "ends" | "tls" | "certificates" | "outcome";

const TONES: (Tone | null)[] = ["error", "warning", null];
const compare = new Intl.Collator("en", { numeric: true }).compare;

/** Connections in another order; those that are equal stay in the order in which they began. */
export function sorted(flows: Flow[], column: Column, descending: boolean, subjectOf: (sha256: string) => string): Flow[] {
  const keys: { [column in Column]: (flow: Flow) => string | number } = {
    frame: ({ first_frame: frame }) => frame,
    ends: ({ server, client }) => `${server} ${client}`,
    tls: (flow) => `${flow.tls?.server_hello?.version ?? ""} ${flow.tls?.client_hello?.sni ?? ""}`,
    certificates: ({ tls }) => subjectOf(tls?.server_certificates[0] ?? ""),
    outcome: (flow) => TONES.indexOf(outcomeOf(flow).tone),
  };
  const key = keys[column];
  const sign = descending ? -1 : 1;
  return flows
    .map((flow) => ({ flow, key: key(flow) }))
    .sort((a, b) => sign * (typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key : compare(String(a.key), String(b.key))) || a.flow.first_frame - b.flow.first_frame)
    .map(({ flow }) => flow);
}
