/** What a ladder diagram shows: who speaks to whom, when. Made from the report, drawn by `ladder.ts`. */
import type { Capture, Flow, FlowStep, Transfer } from "../generated/report.js";
import { messages as m } from "../messages/index.js";
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
  /** Transfers that failed, and handshakes that were refused. */
  failures: number;
}

const DEVICE = /(?:CTL|ITL)?((?:SEP|ATA|VGC|AN|SKIGW)[0-9A-F]{10,12})/i;
const PHONE_FILE = /^\/?(?:.*\/)?(?:CTL|ITL)?(?:SEP|ATA|VGC)[0-9A-F]{12}[.:]|^\/?ITLFile\.tlv|^\/?CTLFile\.tlv|XMLDefault\.cnf\.xml/i;

/** Who asked for the files of a phone; by address. */
export function phonesOf(capture: Pick<Capture, "transfers" | "flows">): Phone[] {
  const phones = new Map<string, Phone>();
  for (const { name, client, status } of capture.transfers) {
    if (!client || !PHONE_FILE.test(name)) continue;
    const address = hostOf(client);
    const phone = phones.get(address) ?? { address, device: null, failures: 0 };
    phone.device ??= DEVICE.exec(name)?.[1]?.toUpperCase() ?? null;
    if (status !== "complete") phone.failures += 1;
    phones.set(address, phone);
  }
  for (const flow of capture.flows) {
    const phone = phones.get(hostOf(flow.client));
    if (phone !== undefined && outcomeOf(flow).tone === "error") phone.failures += 1;
  }
  return [...phones.values()];
}

/** What a phone did, over all servers that it spoke to. */
export function sequenceOfPhone(capture: Capture, phone: Phone, subjectOf: (sha256: string) => string): Sequence {
  const words = m.ladder;
  const lanes: Lane[] = [{ title: phone.device ?? phone.address, subtitle: phone.device === null ? words.phone : phone.address }];
  const places = new Map<string, number>();
  const services = new Map<number, Set<string>>();
  const laneOf = (host: string, service: string | null): number => {
    let lane = places.get(host);
    if (lane === undefined) {
      lane = lanes.length;
      places.set(host, lane);
      lanes.push({ title: host, subtitle: "" });
    }
    if (service !== null) services.set(lane, (services.get(lane) ?? new Set()).add(service));
    return lane;
  };
  const pending: ((add: (event: SequenceEvent) => void) => { first: number; run: () => void })[] = [];
  const mine = (endpoint: string | null | undefined): boolean => endpoint !== null && endpoint !== undefined && hostOf(endpoint) === phone.address;

  for (const question of capture.dns) {
    if (question.client !== phone.address) continue;
    pending.push((add) => ({
      first: question.frame,
      run: () => {
        const lane = laneOf(hostOf(question.server), "DNS");
        const answered = question.rcode !== null && question.rcode !== undefined;
        const good = question.rcode === "NOERROR" && question.answers.length > 0;
        const text = words.name(question.name, question.type, question.rcode ?? null, question.answers.slice(0, 2).join(", "));
        add({ frame: question.frame, time: microseconds(question.time), from: answered ? lane : 0, to: answered ? 0 : lane, text, tone: good ? null : "error", closed: false });
      },
    }));
  }
  for (const transfer of capture.transfers) {
    if (!mine(transfer.client)) continue;
    pending.push((add) => ({ first: transfer.frame, run: () => transferEvents(transfer, laneOf, add) }));
  }
  const carried = new Set(capture.transfers.map(({ flow }) => flow).filter((flow) => flow !== null && flow !== undefined));
  for (const flow of capture.flows) {
    if (!mine(flow.client) || (flow.transport === "tcp" && carried.has(flow.id))) continue;
    pending.push((add) => ({ first: flow.first_frame, run: () => connectionEvents(flow, subjectOf, laneOf, add) }));
  }
  const events: SequenceEvent[] = [];
  const add = (event: SequenceEvent): void => void events.push(event);
  // Lanes stand in the order in which the phone turned to them.
  for (const { run } of pending.map((one) => one(add)).sort((a, b) => a.first - b.first)) run();
  events.sort((a, b) => a.frame - b.frame);
  for (const [lane, names] of services) {
    const place = lanes[lane];
    if (place !== undefined) place.subtitle = [...names].join(", ");
  }
  return { title: words.boot(phone.device ?? phone.address), file: `phone-${(phone.device ?? phone.address).replaceAll(":", "-")}.svg`, lanes, events: events.slice(0, MOST_EVENTS), notes: events.length > MOST_EVENTS ? [words.more(events.length - MOST_EVENTS)] : [] };
}

/** Rows beyond which a ladder is no picture any more. */
const MOST_EVENTS = 300;

function transferEvents(transfer: Transfer, laneOf: (host: string, service: string | null) => number, add: (event: SequenceEvent) => void): void {
  const words = m.ladder;
  const protocol = transfer.protocol.toUpperCase();
  const lane = laneOf(transfer.server ? hostOf(transfer.server) : "?", transfer.server ? `${protocol} ${transfer.protocol === "tftp" ? "" : portOf(transfer.server)}`.trim() : protocol);
  add({ frame: transfer.frame, time: microseconds(transfer.time), from: 0, to: lane, text: words.asks(protocol, transfer.name, transfer.operation), tone: null, closed: false });
  const tone = transfer.status === "complete" ? "good" : transfer.status === "error" ? "error" : "warning";
  const text = transfer.status === "complete" ? words.whole(transfer.name, sizeText(transfer.bytes)) : transfer.status === "error" ? words.refuses(transfer.name, transfer.error ?? "") : words.breaksOff(transfer.name, sizeText(transfer.bytes));
  add({ frame: transfer.last_frame, time: microseconds(transfer.last), from: lane, to: 0, text, tone, closed: false });
}

/** The steps of a connection that matter among others. */
const OF_NOTE = new Set(["client_hello", "certificate", "alert", "rst"]);

function connectionEvents(flow: Flow, subjectOf: (sha256: string) => string, laneOf: (host: string, service: string | null) => number, add: (event: SequenceEvent) => void): void {
  const words = m.ladder;
  const port = portOf(flow.server);
  const lane = laneOf(hostOf(flow.server), flow.service ? `${flow.service} ${port}` : port);
  const name = flow.service ?? port;
  let alert = 0;
  const shown = flow.steps.map((step) => ({ step, ...told(step, flow, subjectOf, step.step === "alert" ? alert++ : 0) }))
    .filter(({ step, tone }) => OF_NOTE.has(step.step) && !(step.step === "alert" && tone === null) && !(step.step === "rst" && tone !== "error"));
  if (!shown.some(({ step }) => step.step === "client_hello")) {
    add({ frame: flow.first_frame, time: microseconds(flow.first), from: 0, to: lane, text: words.connects(name), tone: null, closed: false });
  }
  for (const { step, text, tone } of shown) {
    const out = step.from === "client";
    add({ frame: step.frame, time: microseconds(step.time), from: out ? 0 : lane, to: out ? lane : 0, text: `${name}: ${text}`, tone, closed: false });
  }
}
