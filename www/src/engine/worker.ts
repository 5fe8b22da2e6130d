/**
 * The Worker: the only place where files are read and the engine runs. It is built twice, around each build of the engine;
 * what the first does not know it hands back.
 */
import { whole } from "virtual:tlvet-scope";
import { contextKeys, initSync, looksLikeArchive, looksLikeCapture, looksLikeKeyLog, looksLikeText, Session, version } from "../generated/whole/tlvet_web.js";
import type { Answer, Export, Job, Refusal, Request, Start, Stop } from "./protocol.js";
import { sliceOf } from "./slices.js";
import { readPieces, readThrough } from "./source.js";

/** Bytes that are in the engine's memory, which never shrinks, at one time: below 1 MiB the calls are seen. */
const CHUNK = 1024 * 1024;
/** Milliseconds between two words on how far a file is read. */
const PROGRESS_EVERY = 100;
/** Milliseconds between two looks at what a capture has shown so far. */
const LOOK_EVERY = 500;

/** Why a file that is no capture was not read, in the words of the report. */
const STOPPED = "reading was stopped by the user";

declare const self: {
  onmessage: ((event: MessageEvent<Request | Export | Stop | Start>) => void) | null;
  postMessage(answer: Answer, moved?: Transferable[]): void;
  tlvetPanic?: string;
};

/** A session and what it already holds, so that added files do not make the others be read again. */
interface Held {
  session: Session;
  /** The answers that it was given, as text to compare. */
  answers: string;
  /** Those of them that it did not take. */
  refused: Refusal[];
  /** Whether it was told the addresses, which name files and so come after them. */
  told: boolean;
  jobs: HeldJob[];
}

interface HeldJob {
  key: number;
  role: string;
  stopAt: number | null;
  /** Null for one that the engine did not take. */
  handle: number | null;
  content: Content;
  /** What was read of it is judged when the user stops it. */
  stops: boolean;
  state: "open" | "ended";
}

/** In the order in which they are read: a key log, also one in an archive, opens connections in the captures that come after it. */
const CONTENTS = ["key-log", "other", "archive", "capture"] as const;
type Content = (typeof CONTENTS)[number];
/** Bytes by which those are told apart. */
const HEAD = 4096;

let held: Held | null = null;
let memory: WebAssembly.Memory;
let reading: number | null = null;
let latest = 0;
/** The request that the user has seen enough of. */
let stopped = 0;

/** Called when the engine is here: what is asked before waits. */
let begin: () => void;
let queue = new Promise<void>((resolve) => (begin = resolve));

// Set at once: a message that arrives before there is a handler would be lost.
self.onmessage = ({ data }) => {
  if ("module" in data) {
    readThrough(data.reader);
    start(data.module);
    begin();
    return;
  }
  if ("stop" in data) {
    stopped = data.stop;
    return;
  }
  if ("exportOf" in data) {
    queue = queue.then(() => write(data));
    return;
  }
  latest = data.id;
  queue = queue.then(() => answer(data));
};

function start(module: WebAssembly.Module): void {
  try {
    memory = initSync({ module }).memory;
    warmUp();
    self.postMessage({ type: "ready", version: version(), contextKeys: contextKeys() });
  } catch (error) {
    self.postMessage({ type: "trap", id: 0, key: null, message: describe(error) });
  }
}

/** Has the browser compile what every report needs, so that the first file does not wait for it. */
function warmUp(): void {
  const session = new Session();
  const handle = session.open("", "observed");
  session.push(handle, new Uint8Array([1, 0, 2, 1, 2]));
  session.close(handle);
  session.view(0, false, () => {});
  session.free();
}

function write({ exportOf, form, now, redact }: Export): void {
  if (held === null || exportOf !== latest) return;
  try {
    const text = held.session.report(now, form, redact);
    self.postMessage({ type: "exported", id: exportOf, form, text }, [text.buffer]);
  } catch (error) {
    self.postMessage({ type: "trap", id: exportOf, key: null, message: describe(error) });
  }
}

async function answer(request: Request): Promise<void> {
  reading = null;
  try {
    let current = continued(request);
    const late = await readAll(request, current);
    if (request.id !== latest) return;
    if (!current.told) expect(request, current);
    if (current.session.isBeyondScope() || (request.redact && !whole)) {
      drop();
      self.postMessage({ type: "beyond", id: request.id });
      return;
    }
    if (late) {
      self.postMessage({ type: "rereading", id: request.id });
      drop();
      current = continued(request);
      await readAll(request, current);
    }
    if (request.id !== latest) return;
    if (!current.told) expect(request, current);
    const { session, jobs } = current;
    const refused = [...current.refused];
    nameMembers(request, current, refused);
    self.postMessage({ type: "judging", id: request.id });
    session.view(request.now, request.redact, (json) => {
      const slice = sliceOf(json);
      self.postMessage({ type: "slice", id: request.id, ...slice }, [slice.items.buffer]);
    });
    const keys: number[] = [];
    const listings: [number, string][] = [];
    for (const { key, handle } of jobs) {
      if (handle === null) continue;
      keys.push(key);
      const listing = session.listing(handle);
      if (listing !== undefined) listings.push([key, listing]);
    }
    self.postMessage({ type: "report", id: request.id, whole, keys, listings, refused });
  } catch (error) {
    self.postMessage({ type: "trap", id: request.id, key: reading, message: describe(error) });
  }
}

/**
 * Opens what is new in the order in which the report shall name it, and reads it: key logs first, captures last. Says whether
 * a key log came too late for a capture that was read before.
 */
async function readAll(request: Request, { session, jobs }: Held): Promise<boolean> {
  const before = jobs.some(({ content, state }) => (content === "capture" || content === "archive") && state === "ended");
  for (const { key, name, role, stopAt, file } of request.jobs.slice(jobs.length)) {
    const { content, stops } = await contentOf(file);
    let handle: number | null = null;
    try {
      handle = session.open(name, role);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw error;
      self.postMessage({ type: "unreadable", id: request.id, key, message: describe(error) });
    }
    jobs.push({ key, role, stopAt, handle, content, stops, state: handle === null ? "ended" : "open" });
  }
  let late = false;
  for (const content of CONTENTS) {
    for (const [index, job] of jobs.entries()) {
      const wanted = request.jobs[index];
      if (job.state === "ended" || job.content !== content || wanted === undefined || job.handle === null) continue;
      if (request.id !== latest || session.isBeyondScope()) return false;
      reading = job.key;
      self.postMessage({ type: "opening", id: request.id, key: job.key, capture: content === "capture", stops: job.stops });
      job.stopAt = await read(request.id, session, wanted, job.handle);
      job.state = "ended";
      reading = null;
      late ||= before && content === "key-log";
    }
  }
  return late;
}

/** What a file begins as. One that cannot be read says so when it is read. */
async function contentOf(file: Blob): Promise<{ content: Content; stops: boolean }> {
  try {
    const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
    if (looksLikeCapture(head)) return { content: "capture", stops: true };
    if (looksLikeKeyLog(head)) return { content: "key-log", stops: false };
    if (looksLikeArchive(head)) return { content: "archive", stops: true };
    return { content: "other", stops: looksLikeText(head) };
  } catch {
    return { content: "other", stops: false };
  }
}

/** The held session when the request only adds to it; a new one otherwise. */
function continued({ jobs: wanted, answers }: Request): Held {
  // An address may name a file that comes only now: where it leads is part of what is compared.
  const places = answers.expected.map((text) => presentedBy(text, wanted)?.key ?? null);
  const text = JSON.stringify([answers, places]);
  const same = held?.jobs.every(({ key, role, stopAt }, index) => {
    const job = wanted[index];
    return job?.key === key && job.role === role && job.stopAt === stopAt;
  });
  if (held !== null && same === true && held.answers === text) return held;
  drop();
  held = { session: new Session(), answers: text, refused: [], told: false, jobs: [] };
  const { session, refused } = held;
  for (const [key, value] of Object.entries(answers.context)) attempt(refused, { answer: key }, () => session.setContext(key, value));
  for (const password of answers.passwords) attempt(refused, null, () => session.password(password));
  return held;
}

function drop(): void {
  held?.session.free();
  held = null;
}

/** Gives members of archives the roles that they have by now. */
function nameMembers({ jobs: wanted }: Request, { session, jobs }: Held, refused: Refusal[]): void {
  for (const [index, { handle }] of jobs.entries()) {
    if (handle === null) continue;
    for (const [path, role] of Object.entries(wanted[index]?.members ?? {})) attempt(refused, { member: path }, () => session.setMemberRole(handle, path, role));
  }
}

/** Names the addresses that clients use, once the files that they may name are open. */
function expect({ jobs: wanted, answers }: Request, current: Held): void {
  for (const text of answers.expected) {
    const [address, file] = halves(text);
    const key = presentedBy(text, wanted)?.key;
    if (file !== null && key === undefined) {
      current.refused.push({ of: { address: text }, message: `no file is named ${file}` });
      continue;
    }
    const handle = current.jobs.find((job) => job.key === key)?.handle ?? undefined;
    attempt(current.refused, { address: text }, () => current.session.expect(address, handle));
  }
  current.told = true;
}

/** `ADDRESS=FILE` in its two halves. */
function halves(text: string): [address: string, file: string | null] {
  const at = text.indexOf("=");
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

/** The file that an address names. */
function presentedBy(text: string, jobs: Job[]): Job | undefined {
  const [, file] = halves(text);
  return file === null ? undefined : jobs.find(({ name }) => name === file);
}

/** One answer that the engine may refuse without harm to the others. */
function attempt(refused: Refusal[], of: Refusal["of"], call: () => void): void {
  try {
    call();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    refused.push({ of, message: describe(error) });
  }
}

/** Pushes a file through the session. Gives the bytes after which the user wanted no more; null for the whole file. */
async function read(id: number, session: Session, job: Job, handle: number): Promise<number | null> {
  const { key, file } = job;
  const began = performance.now();
  let at = 0;
  let told = began;
  let looked = began;
  let stoppedAt: number | null = null;
  const take = (piece: Uint8Array): boolean => {
    const wanted = job.stopAt === null ? piece : piece.subarray(0, job.stopAt - at);
    for (let from = 0; from < wanted.byteLength; from += CHUNK) {
      const chunk = wanted.subarray(from, from + CHUNK);
      // First the place: making it may let the memory grow, and then the old buffer is no more.
      const place = session.chunk(chunk.byteLength);
      new Uint8Array(memory.buffer, place, chunk.byteLength).set(chunk);
      session.pushChunk(handle, chunk.byteLength);
    }
    at += wanted.byteLength;
    if ((stopped === id || at === job.stopAt) && at < file.size) stoppedAt = at;
    // The whole engine reads it anew.
    if (session.isBeyondScope()) return false;
    const now = performance.now();
    if (now - told >= PROGRESS_EVERY) {
      const soFar = now - looked >= LOOK_EVERY ? (session.soFar(handle) ?? null) : null;
      if (soFar !== null) looked = now;
      told = now;
      self.postMessage({ type: "progress", id, key, read: at, rate: (at / (now - began)) * 1000, soFar });
    }
    return stoppedAt === null;
  };
  try {
    session.announce(handle, job.stopAt ?? file.size);
    if (stopped === id || job.stopAt === 0) stoppedAt = 0;
    else await readPieces(file, take);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    // Half a file is not judged, but the report names it.
    session.fail(handle, describe(error));
    self.postMessage({ type: "unreadable", id, key, message: describe(error) });
    return job.stopAt;
  }
  if (stoppedAt === null) session.close(handle);
  else session.stop(handle, STOPPED);
  if (session.isBeyondScope()) return stoppedAt;
  self.postMessage({ type: "read", id, key, stoppedAt });
  return stoppedAt;
}

function describe(error: unknown): string {
  const panic = self.tlvetPanic;
  if (panic !== undefined) return panic;
  return error instanceof Error ? error.message : String(error);
}
