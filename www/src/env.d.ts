declare module "virtual:tlvet-wasm" {
  /** The engine, deflated (raw), as base64. */
  const base64: string;
  export default base64;
}

declare module "virtual:tlvet-worker" {
  /** The Worker's script. */
  const source: string;
  export default source;
}

declare module "virtual:tlvet-reader" {
  /** The script of the Worker that reads files. */
  const source: string;
  export default source;
}

declare module "virtual:tlvet-samples" {
  import type { Role } from "./generated/tlvet_web.js";

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
