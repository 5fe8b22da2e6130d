/** The Worker: the only place where files are read and the engine runs. */
import base64 from "virtual:tlvet-wasm";
import { contextKeys, initSync, Session, version } from "../generated/tlvet_web.js";
import type { Answer, Job, Refusal, Request } from "./protocol.js";

/** Large enough that few calls are made, small enough that progress moves and memory stays bounded. */
const CHUNK = 1024 * 1024;

declare const self: {
  onmessage: ((event: MessageEvent<Request>) => void) | null;
  postMessage(answer: Answer): void;
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
  jobs: { key: number; role: string; handle: number | null }[];
}

let held: Held | null = null;
let reading: number | null = null;
let latest = 0;

let queue = start();

// Set at once: a message that arrives before there is a handler would be lost.
self.onmessage = ({ data }) => {
  latest = data.id;
  queue = queue.then(() => answer(data));
};

async function start(): Promise<void> {
  try {
    initSync({ module: await inflate(base64) });
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
  session.report(0);
  session.free();
}

async function inflate(text: string): Promise<BufferSource> {
  const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).arrayBuffer();
}

async function answer(request: Request): Promise<void> {
  reading = null;
  try {
    const current = continued(request);
    const { session, jobs } = current;
    for (const job of request.jobs.slice(jobs.length)) {
      if (request.id !== latest) return;
      reading = job.key;
      self.postMessage({ type: "opening", id: request.id, key: job.key });
      jobs.push({ key: job.key, role: job.role, handle: await read(request.id, session, job) });
      reading = null;
    }
    if (request.id !== latest) return;
    if (!current.told) expect(request, current);
    self.postMessage({ type: "judging", id: request.id });
    const json = session.report(request.now);
    const keys: number[] = [];
    const listings: [number, string][] = [];
    for (const { key, handle } of jobs) {
      if (handle === null) continue;
      keys.push(key);
      const listing = session.listing(handle);
      if (listing !== undefined) listings.push([key, listing]);
    }
    self.postMessage({ type: "report", id: request.id, json, keys, listings, refused: current.refused });
  } catch (error) {
    self.postMessage({ type: "trap", id: request.id, key: reading, message: describe(error) });
  }
}

/** The held session when the request only adds to it; a new one otherwise. */
function continued({ jobs: wanted, answers }: Request): Held {
  // An address may name a file that comes only now: where it leads is part of what is compared.
  const places = answers.expected.map((text) => presentedBy(text, wanted)?.key ?? null);
  const text = JSON.stringify([answers, places]);
  const same = held?.jobs.every((job, index) => wanted[index]?.key === job.key && wanted[index].role === job.role);
  if (held !== null && same === true && held.answers === text) return held;
  held?.session.free();
  held = { session: new Session(), answers: text, refused: [], told: false, jobs: [] };
  const { session, refused } = held;
  for (const [key, value] of Object.entries(answers.context)) session.setContext(key, value);
  for (const password of answers.passwords) attempt(refused, null, () => session.password(password));
  return held;
}

/** Names the addresses that clients use, once the files that they may name are open. */
function expect({ jobs: wanted, answers }: Request, current: Held): void {
  for (const text of answers.expected) {
    const [address, file] = halves(text);
    const key = presentedBy(text, wanted)?.key;
    if (file !== null && key === undefined) {
      current.refused.push({ address: text, message: `no file is named ${file}` });
      continue;
    }
    const handle = current.jobs.find((job) => job.key === key)?.handle ?? undefined;
    attempt(current.refused, text, () => current.session.expect(address, handle));
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
function attempt(refused: Refusal[], address: string | null, call: () => void): void {
  try {
    call();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    refused.push({ address, message: describe(error) });
  }
}

/** Pushes a file through the session; the handle, or null when the browser could not read it. */
async function read(id: number, session: Session, job: Job): Promise<number | null> {
  let handle: number;
  try {
    handle = session.open(job.name, job.role);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    self.postMessage({ type: "unreadable", id, key: job.key, message: describe(error) });
    return null;
  }
  for (let at = 0; at < job.file.size; at += CHUNK) {
    let bytes: ArrayBuffer;
    try {
      bytes = await job.file.slice(at, at + CHUNK).arrayBuffer();
    } catch (error) {
      // Half a file is not judged, but the report names it.
      session.fail(handle, describe(error));
      self.postMessage({ type: "unreadable", id, key: job.key, message: describe(error) });
      return handle;
    }
    session.push(handle, new Uint8Array(bytes));
    self.postMessage({ type: "progress", id, key: job.key, read: at + bytes.byteLength });
  }
  session.close(handle);
  self.postMessage({ type: "read", id, key: job.key });
  return handle;
}

function describe(error: unknown): string {
  const panic = self.tlvetPanic;
  if (panic !== undefined) return panic;
  return error instanceof Error ? error.message : String(error);
}
