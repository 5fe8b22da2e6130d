/** What the page and its Worker say to each other. */
import type { Flow } from "../generated/report.js";
import type { ContextKey, Role } from "../generated/whole/tlvet_web.js";
import type { Slice } from "./slices.js";

export type { ContextKey, Role };

/** Roles by paths in an archive; a path of names, each behind an archive's with a slash between. */
export type Members = { readonly [path: string]: Role };

/** A file to read, with the page's own number for it. */
export interface Job {
  key: number;
  name: string;
  role: Role;
  file: Blob;
  /** Roles of members of this archive, by their paths in it. */
  members: Members;
  /** Bytes after which reading ends, because the user once stopped it there; null for the whole file. */
  stopAt: number | null;
}

/** From the page to the Worker, first of all. */
export interface Start {
  /** The engine. Compiled once, by the page: a Worker that replaces another has it at once, and none carries it as text. */
  module: WebAssembly.Module;
  /** The script of a Worker that reads large files for it. The text, because the address of one is good for its maker alone where the page is a file. */
  reader: string;
}

/** From the page to the Worker: what is to be judged. */
export interface Request {
  /** Number of the request; answers carry it, so that late ones can be told apart. */
  id: number;
  /** Every input, in the order in which the report shall name them. */
  jobs: Job[];
  /** Seconds since 1970 that validity is judged at. */
  now: number;
  /** Answers to questions that no file answers. */
  answers: Answers;
  /** Names and addresses are replaced by aliases. */
  redact: boolean;
}

/** Forms of a report that the engine writes; as JSON the page has it itself. */
export type Form = "markdown" | "html";

/** From the page to the Worker: the report of a request that was answered, in another form. */
export interface Export {
  /** Number of the request. */
  exportOf: number;
  form: Form;
  now: number;
  redact: boolean;
}

/** From the page to the Worker: what is being read is enough, and what comes after it is not wanted. */
export interface Stop {
  /** Number of the request that reads it. */
  stop: number;
}

/** What the user says beside the files. */
export interface Answers {
  /** Values of context keys. */
  context: { [key: string]: string };
  /** Addresses that clients use: `ADDRESS`, or `ADDRESS=FILE` with the name of the file that holds the certificate presented there. */
  expected: string[];
  /** Passwords of stores and private keys; they are in no report and are never stored. */
  passwords: string[];
}

/** An answer that the engine did not take; the others stand. */
export interface Refusal {
  /** The address, the key that was answered, or the member; absent for a password, which is never repeated. */
  of: { address: string } | { answer: string } | { member: string } | null;
  message: string;
}

/** What a capture has shown, with the connections and certificates that came since it was last told: `CaptureSoFar` of the engine. */
export interface CaptureSoFar {
  packets: number;
  last: string | null;
  connections: number;
  refused: number;
  flows: Flow[];
  transfers: number;
  failed: number;
  names: number;
  unknown: number;
  certificates: { sha256: string; subject: string }[];
}

/** From the Worker to the page. */
export type Answer =
  | { type: "ready"; version: string; contextKeys: ContextKey[] }
  /** Only the whole engine knows what the request holds: it is to be asked instead. */
  | { type: "beyond"; id: number }
  /** The request is begun anew: key logs came behind captures that they may open. */
  | { type: "rereading"; id: number }
  /** `stops` says that what was read when the user stops it is judged: a capture, an archive, a log. */
  | { type: "opening"; id: number; key: number; capture: boolean; stops: boolean }
  /** `rate` is in bytes a second since the file was opened; `soFar` is the JSON text of a `CaptureSoFar`. */
  | { type: "progress"; id: number; key: number; read: number; rate: number; soFar: string | null }
  /** A file was read; `stoppedAt` bytes of it, where the user wanted no more. */
  | { type: "read"; id: number; key: number; stoppedAt: number | null }
  /** A file that the browser could not read, or that the engine refused; the others go on. */
  | { type: "unreadable"; id: number; key: number; message: string }
  | { type: "judging"; id: number }
  /** A slice of the report, one after the other, for `slices.ts`. */
  | ({ type: "slice"; id: number } & Slice)
  /** The report is told; `whole` says that the whole engine made it; `keys` are the jobs that it covers, in its order of inputs. */
  | { type: "report"; id: number; whole: boolean; keys: number[]; listings: [key: number, text: string][]; refused: Refusal[] }
  /** The report in another form, in UTF-8. */
  | { type: "exported"; id: number; form: Form; text: Uint8Array<ArrayBuffer> }
  /** The engine stopped: this Worker is of no further use. `key` is the input it was reading, if any. */
  | { type: "trap"; id: number; key: number | null; message: string };
