/** What a ladder diagram shows: who speaks to whom, when. Made from the report, drawn by `ladder.ts`. */
import type { Stored } from "../engine/stored.js";
import type { BootStep, Flow, FlowStep, Transfer } from "../generated/report.js";
import { messages as m } from "../messages/index.js";
import type { Capture } from "../report.js";
import { commonName, sizeText, type Tone } from "../views/parts.js";
import { hostOf, outcomeOf, portOf, versionOf } from "./connections.js";

export interface Lane {
  title: string;
  subtitle: string;
}

export interface SequenceEvent {
  frame: number;
  /** Microseconds since 1970. */
  time: number;
  /** Lanes by their number. */
  from: number;
  to: number;
  text: string;
  tone: Tone | null;
  /** What nobody can read. */
  closed: boolean;
}

export interface Sequence {
  title: string;
  /** Name of the file that an export makes. */
  file: string;
  lanes: Lane[];
  events: SequenceEvent[];
  /** What is not in the capture. */
  notes: string[];
}

/** `2026-09-21T14:13:20.000020Z` in microseconds. */
export function microseconds(time: string): number {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? "";
  return Date.parse(time.replace(/\.\d+/, "")) * 1000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
}

/** `1.234 ms`, `3.2 s`. */
export function duration(micro: number): string {
  if (Math.abs(micro) < 1_000_000) return `${(micro / 1000).toFixed(Math.abs(micro) < 100_000 ? 3 : 1)} ms`;
  if (Math.abs(micro) < 120_000_000) return `${(micro / 1_000_000).toFixed(3)} s`;
  return `${Math.floor(micro / 60_000_000)} min ${((micro % 60_000_000) / 1_000_000).toFixed(1)} s`;
}

/** One connection. */
export function sequenceOfFlow(flow: Flow, subjectOf: (sha256: string) => string): Sequence {
  const words = m.ladder;
  const side = (from: string): number => (from === "client" ? 0 : 1);
  let alert = 0;
  const events = flow.steps.map((step): SequenceEvent => {
    const { text, tone } = told(step, flow, subjectOf, step.step === "alert" ? alert++ : 0);
    return { frame: step.frame, time: microseconds(step.time), from: side(step.from), to: 1 - side(step.from), text, tone, closed: step.step === "encrypted" };
  });
  const notes: string[] = [];
  if (flow.transport === "tcp" && !flow.steps.some(({ step }) => step === "syn")) notes.push(words.noBeginning(flow.first_frame));
  if (flow.ended_by === "none") notes.push(words.noEnd(flow.last_frame));
  if (flow.gaps > 0) notes.push(words.gaps(flow.gaps));
  const hidden = flow.tls?.certificates_hidden_by;
  if (hidden && hidden !== "not_sent") notes.push(words.certificates(m.capture.hiddenBy[hidden] ?? hidden));
  return {
    title: words.connection(flow.client, flow.server),
    file: `connection-${flow.transport}-${flow.id}.svg`,
    lanes: [
      { title: hostOf(flow.client), subtitle: words.port(portOf(flow.client), null) },
      { title: hostOf(flow.server), subtitle: words.port(portOf(flow.server), flow.service ?? null) },
    ],
    events,
    notes,
  };
}

function told(step: FlowStep, flow: Flow, subjectOf: (sha256: string) => string, alert: number): { text: string; tone: Tone | null } {
  const words = m.ladder;
  const { tls } = flow;
  const plain = (text: string): { text: string; tone: null } => ({ text, tone: null });
  switch (step.step) {
    case "syn":
      return plain(step.from === "client" ? "SYN" : "SYN, ACK");
    case "client_hello": {
      const hello = tls?.client_hello;
      const offered = hello?.supported_versions.length ? hello.supported_versions : hello ? [hello.version] : [];
      const known = offered.toSorted().map((version) => m.capture.versions[version]).filter((name) => name !== undefined);
      const range = known.length > 1 ? words.versions(known[0] ?? "", known.at(-1) ?? "") : known[0];
      return plain(words.clientHello(range ?? hello?.version ?? "", hello?.sni ?? null));
    }
    case "retry_request":
      return plain(words.retry);
    case "server_hello":
      return plain(words.serverHello(versionOf(flow), tls?.server_hello?.cipher_suite ?? "", tls?.resumed === true));
    case "certificate": {
      const shown = (step.from === "client" ? tls?.client_certificates : tls?.server_certificates) ?? [];
      return plain(words.certificate(commonName(subjectOf(shown[0] ?? "")) || (shown[0]?.slice(0, 16) ?? ""), shown.length - 1));
    }
    case "certificate_request":
      return plain(words.certificateRequest);
    case "no_certificate":
      return { text: words.noCertificate, tone: "warning" };
    case "encrypted":
      return plain(words.encrypted);
    case "alert": {
      const said = tls?.alerts[alert];
      if (said === undefined || said.description === "") return plain(words.closedAlert);
      const fatal = said.level === "fatal";
      return { text: words.alert(said.level, said.description), tone: fatal ? "error" : said.description === "close_notify" ? null : "warning" };
    }
    case "fin":
      return plain("FIN");
    case "rst": {
      const outcome = outcomeOf(flow);
      return { text: "RST", tone: outcome.tone === "error" ? "error" : "warning" };
    }
  }
}

/** A phone in a capture. */
export interface Phone {
  address: string;
  /** `SEP001122334455`, where the names of its files tell it. */
  device: string | null;
  /** Steps of its boot that went wrong. */
  failures: number;
}

/** The phones of a capture. */
export function phonesOf({ boots }: Capture): Phone[] {
  return Array.from(boots, ({ client, device, steps }) => ({ address: client, device: device ?? null, failures: steps.filter(failed).length }));
}

/** Whether a step of a boot went wrong. Only clusters with a CTL have one: without it all can be well. */
function failed({ kind, outcome }: BootStep): boolean {
  return outcome !== "done" && outcome !== "unknown" && !(kind === "ctl" && outcome === "absent");
}

/** What a phone did, over all servers that it spoke to. */
export function sequenceOfPhone(capture: Capture, phone: Phone, subjectOf: (sha256: string) => string): Sequence {
  const words = m.ladder;
  const name = phone.device ?? phone.address;
  const first = { title: name, subtitle: phone.device === null ? words.phone : phone.address };
  return { title: words.boot(name), file: `phone-${name.replaceAll(":", "-")}.svg`, ...spoken(capture, phone.address, first, subjectOf) };
}

/** Hosts and connections beyond which a whole capture is no picture any more. */
const MOST_HOSTS = 6;
const MOST_FLOWS = 40;

/** What everybody in a small capture did; null for others, and for what a single connection shows as well. */
export function sequenceOfAll(capture: Capture, subjectOf: (sha256: string) => string): Sequence | null {
  const { flows } = capture;
  if (flows.length < 2 || flows.length > MOST_FLOWS) return null;
  const hosts = new Set(flows.all().flatMap(({ client, server }) => [hostOf(client), hostOf(server)]));
  if (hosts.size > MOST_HOSTS) return null;
  return { title: m.ladder.all, file: "capture.svg", ...spoken(capture, null, null, subjectOf) };
}

/** What was said by one client, which stands first, or by all. */
function spoken(capture: Capture, client: string | null, first: Lane | null, subjectOf: (sha256: string) => string): Pick<Sequence, "lanes" | "events" | "notes"> {
  const words = m.ladder;
  const lanes: Lane[] = first === null ? [] : [first];
  const places = new Map<string, number>();
  const services = new Map<number, Set<string>>();
  const laneOf: LaneOf = (host, service) => {
    let lane = places.get(host);
    if (lane === undefined) {
      lane = lanes.length;
      places.set(host, lane);
      lanes.push({ title: host, subtitle: "" });
    }
    if (service !== null) services.set(lane, (services.get(lane) ?? new Set()).add(service));
    return lane;
  };
  const caller = (host: string): number => (client === null ? laneOf(host, null) : 0);
  const wanted = (endpoint: string | null | undefined): boolean => endpoint !== null && endpoint !== undefined && (client === null || hostOf(endpoint) === client);
  // Of a phone everything names its address: what does not is not even looked at.
  const rows = <T>(list: Stored<T>): Iterable<T> => (client === null ? list : list.mentioning(client));
  const parts: { begins: number; tell(add: Add): void }[] = [];
  for (const question of rows(capture.dns)) {
    if (client !== null && question.client !== client) continue;
    parts.push({
      begins: question.frame,
      tell: (add) => {
        const from = caller(question.client);
        const lane = laneOf(hostOf(question.server), "DNS");
        const answered = question.rcode !== null && question.rcode !== undefined;
        const good = question.rcode === "NOERROR" && question.answers.length > 0;
        const text = words.name(question.name, question.type, question.rcode ?? null, question.answers.slice(0, 2).join(", "));
        add({ frame: question.frame, time: microseconds(question.time), from: answered ? lane : from, to: answered ? from : lane, text, tone: good ? null : "error", closed: false });
      },
    });
  }
  const carried = new Set<number>();
  for (const transfer of rows(capture.transfers)) {
    if (transfer.flow !== null && transfer.flow !== undefined) carried.add(transfer.flow);
    if (wanted(transfer.client)) parts.push({ begins: transfer.frame, tell: (add) => transferEvents(transfer, caller(hostOf(transfer.client ?? "")), laneOf, add) });
  }
  for (const flow of rows(capture.flows)) {
    if (!wanted(flow.client) || (flow.transport === "tcp" && carried.has(flow.id))) continue;
    parts.push({ begins: flow.first_frame, tell: (add) => connectionEvents(flow, caller(hostOf(flow.client)), subjectOf, laneOf, add) });
  }
  const events: SequenceEvent[] = [];
  // In the order in which they begin, so that lanes stand in the order in which somebody turned to them.
  for (const { tell } of parts.sort((a, b) => a.begins - b.begins)) tell((event) => events.push(event));
  events.sort((a, b) => a.frame - b.frame);
  for (const [lane, names] of services) {
    const place = lanes[lane];
    if (place !== undefined) place.subtitle = [...names].join(", ");
  }
  const more = events.length - MOST_EVENTS;
  return { lanes, events: events.slice(0, MOST_EVENTS), notes: more > 0 ? [words.more(more)] : [] };
}

/** Lane of a host, which gets a service. */
type LaneOf = (host: string, service: string | null) => number;
type Add = (event: SequenceEvent) => void;

/** Rows beyond which a ladder is no picture any more. */
const MOST_EVENTS = 300;

function transferEvents(transfer: Transfer, from: number, laneOf: LaneOf, add: Add): void {
  const words = m.ladder;
  // Of a path its end tells which file it is.
  const name = transfer.name.split("/").findLast((part) => part !== "") ?? transfer.name;
  const protocol = transfer.protocol.toUpperCase();
  const lane = laneOf(transfer.server ? hostOf(transfer.server) : "?", transfer.server ? `${protocol} ${transfer.protocol === "tftp" ? "" : portOf(transfer.server)}`.trim() : protocol);
  add({ frame: transfer.frame, time: microseconds(transfer.time), from, to: lane, text: words.asks(protocol, name, transfer.operation), tone: null, closed: false });
  // Clusters without a CTL have none to give.
  const harmless = transfer.status === "error" && /(^|\/)CTL/i.test(transfer.name);
  const tone = transfer.status === "complete" ? "good" : transfer.status === "error" && !harmless ? "error" : "warning";
  const text = transfer.status === "complete" ? words.whole(name, sizeText(transfer.bytes)) : transfer.status === "error" ? words.refuses(name, transfer.error ?? "") : words.breaksOff(name, sizeText(transfer.bytes));
  add({ frame: transfer.last_frame, time: microseconds(transfer.last), from: lane, to: from, text, tone, closed: false });
}

/** The steps of a connection that matter among others. */
const OF_NOTE = new Set(["client_hello", "certificate", "alert", "rst"]);

function connectionEvents(flow: Flow, from: number, subjectOf: (sha256: string) => string, laneOf: LaneOf, add: Add): void {
  const words = m.ladder;
  const port = portOf(flow.server);
  const lane = laneOf(hostOf(flow.server), flow.service ? `${flow.service} ${port}` : port);
  const name = flow.service ?? port;
  let alert = 0;
  const shown = flow.steps.map((step) => ({ step, ...told(step, flow, subjectOf, step.step === "alert" ? alert++ : 0) }))
    .filter(({ step, tone }) => OF_NOTE.has(step.step) && !(step.step === "alert" && tone === null) && !(step.step === "rst" && tone !== "error"));
  if (!shown.some(({ step }) => step.step === "client_hello")) {
    add({ frame: flow.first_frame, time: microseconds(flow.first), from, to: lane, text: words.connects(name), tone: null, closed: false });
  }
  for (const { step, text, tone } of shown) {
    const out = step.from === "client";
    add({ frame: step.frame, time: microseconds(step.time), from: out ? from : lane, to: out ? lane : from, text: `${name}: ${text}`, tone, closed: false });
  }
}
