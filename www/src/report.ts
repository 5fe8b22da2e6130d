/** The report as the page holds it: as the engine tells it, but what a large capture makes long is stored. */
import type { Stored } from "./engine/stored.js";
import type { Boot, Capture as WholeCapture, DnsQuestion, Finding, Flow, Report as WholeReport, TimelineEvent, Transfer } from "./generated/report.js";

export type Capture = Omit<WholeCapture, "flows" | "transfers" | "dns" | "boots"> & {
  flows: Stored<Flow>;
  transfers: Stored<Transfer>;
  dns: Stored<DnsQuestion>;
  boots: Stored<Boot>;
};

export type Report = Omit<WholeReport, "captures" | "timeline" | "findings"> & { captures: Capture[]; timeline: Stored<TimelineEvent>; findings: Stored<Finding> };

/** The lists that are stored. */
export const STORED = { report: ["timeline", "findings"], capture: ["flows", "transfers", "dns", "boots"] } as const;
