/** What the page knows, as plain data; views render it, the app changes it. */
import type { Members, Role } from "./engine/protocol.js";
import type { Flow } from "./generated/report.js";
import type { Report } from "./report.js";

/** A file that the user gave. */
export interface Entry {
  key: number;
  name: string;
  role: Role;
  file: Blob;
  /** Roles of its members, where it is an archive and they are not its own. */
  members: Members;
  /** Bytes read so far, and bytes a second. */
  read: number;
  rate: number;
  /** Bytes after which the user stopped reading; null for the whole file. */
  stopAt: number | null;
  status: "waiting" | "reading" | "read" | "unreadable";
}

/** What a capture has shown while it is being read. */
export interface SoFar {
  /** The entry that is read. */
  key: number;
  packets: number;
  /** The latest connections; of earlier ones only numbers are kept. */
  flows: Flow[];
  connections: number;
  refused: number;
  transfers: number;
  /** Transfers that did not come whole. */
  failed: number;
  names: number;
  /** Names without an answer that helps. */
  unknown: number;
  /** Subjects of certificates, by SHA-256. */
  subjects: Map<string, string>;
}

/** A range of bytes to look at. */
export interface Selection {
  /** Number of the input in the report. */
  input: number;
  start: number;
  /** One past the last byte; equal to `start` where only the place is known. */
  end: number;
  /** Record of a trust list that the range belongs to. */
  record: number | null;
  /** Line of a text to look at instead of bytes, from 1. */
  line: number | null;
}

export interface Notice {
  tone: "error" | "info";
  text: string;
  detail?: string;
  /** It tells of an answer that was not taken, and goes when the answers change. */
  ofAnswers?: boolean;
}

/** The report on screen, with what is needed to show it. */
export interface Result {
  /** Written as JSON it is what the engine would write, byte for byte: an export. */
  report: Report;
  /** The whole engine made it: it lists every check that was not made. */
  whole: boolean;
  /** Entry of each input that the user gave, by its number in the report. */
  entryOf: Map<number, Entry>;
  /** What is known of certificates by their SHA-256. */
  certificates: {
    /** The subject; empty where it is not known. */
    subjectOf(sha256: string): string;
    /** A link to the certificate's card, where it has one. */
    linkTo(sha256: string, label: string): unknown;
  };
  /** `show itl` listings, by the number of the input. */
  listings: Map<number, string>;
}

export type Theme = "auto" | "light" | "dark";

/** Sections that can be very long show this many at first. */
export const PAGE_SIZE = 100;

/** Actions that views can ask for. */
export interface Actions {
  add(files: { name: string; role: Role; file: Blob }[]): void;
  remove(key: number): void;
  changeRole(key: number, role: Role): void;
  /** Names a member of an archive as something else than the archive. */
  changeMemberRole(key: number, path: string, role: Role): void;
  /** Reads a file that was stopped to its end. */
  readWhole(key: number): void;
  select(selection: Selection, from: HTMLElement | null): void;
  /** Goes to what a frame of a capture belongs to; false when nothing on the page does. */
  showFrame(input: number, frame: number): boolean;
  showMore(section: string): void;
  /** Goes to the element of that id: a finding, a certificate's card or a chain. */
  reveal(id: string): void;
  copy(text: string, button: HTMLElement): void;
}
