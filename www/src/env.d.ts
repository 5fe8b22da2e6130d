declare module "virtual:tlvet-wasm" {
  /** A build of the engine, deflated (raw), as base64. */
  const base64: string;
  export default base64;
  /** Whether it is the one that knows everything. */
  export const whole: boolean;
}

declare module "virtual:tlvet-engines" {
  /** The script of the Worker that the page starts with. */
  export const first: string;
  /** Fetches the script of the Worker that knows everything; null where the first one does. */
  export const whole: (() => Promise<string>) | null;
}

declare module "virtual:tlvet-reader" {
  /** The script of the Worker that reads files. */
  const source: string;
  export default source;
}

declare module "virtual:tlvet-samples" {
  import type { Role } from "./generated/whole/tlvet_web.js";

  export interface SampleFile {
    /** Name shown for the file. */
    name: string;
    /** What the sample names it as. */
    role: Role;
    /** Its bytes. */
    base64: string;
  }
  export interface Sample {
    id: string;
    /** What it shows, in a few words. */
    title: string;
    /** What to look at, in a sentence. */
    shows: string;
    files: SampleFile[];
    /** Addresses that clients use, as they would be typed. */
    expected?: string[];
  }
  const samples: Sample[];
  export default samples;
}

declare module "*.css";

declare module "*.css?raw" {
  const text: string;
  export default text;
}
