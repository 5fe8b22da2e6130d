declare module "virtual:tlvet-scope" {
  /** Whether the engine of this script is the one that knows everything. */
  export const whole: boolean;
}

declare module "virtual:tlvet-engines" {
  /** A build of the engine. */
  export interface Build {
    /** The script of its Worker. */
    script: string;
    /** Its module, deflated (raw), as base64. */
    wasm: string;
  }
  /** What the page starts with. */
  export const first: Build;
  /** Fetches the one that knows everything; null where the first one does. */
  export const whole: (() => Promise<Build>) | null;
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
