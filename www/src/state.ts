/** What the page knows, as plain data; views render it, the app changes it. */
import type { Role } from "./engine/protocol.js";
import type { Report } from "./generated/report.js";

/** A file that the user gave. */
export interface Entry {
  key: number;
  name: string;
  role: Role;
  file: Blob;
  /** Bytes read so far. */
  read: number;
  status: "waiting" | "reading" | "read" | "unreadable";
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
  report: Report;
  /** The report as the engine wrote it: what an export contains. */
  json: string;
  /** Entry of each input that the user gave, by its number in the report. */
  entryOf: Map<number, Entry>;
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
  select(selection: Selection, from: HTMLElement | null): void;
  showMore(section: string): void;
  /** Goes to the element of that id: a certificate's card or a chain. */
  reveal(id: string): void;
  copy(text: string, button: HTMLElement): void;
}
