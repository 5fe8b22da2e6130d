/** Where the boxes and lines of a chain's graph stand, as plain numbers: pixels, y downwards. */
import type { Certificate, Chain, ChainCheck, ChainFailure, ChainLink } from "../generated/report.js";
import type { Report } from "../report.js";

/** A certificate of the chain, or the place of one that is missing. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  /** Depth in the chain; 0 is the server's certificate. */
  depth: number;
  /** Absent where the certificate itself is. */
  sha256: string | null;
  certificate: Certificate | null;
  inStore: boolean;
  validity: ChainCheck | null;
  /** Errors at this depth. */
  errors: ChainFailure[];
  /** What a missing certificate would be called. */
  wanted: { subject: string; keyIdentifier: string | null } | null;
}

/** The link from a certificate to the one above it. */
export interface Edge {
  from: Box;
  to: Box;
  checks: ChainCheck[];
  /** How the two were linked, where the two ways part. */
  view: View | null;
}

export type View = "by_names" | "by_key_identifiers";

export interface Layout {
  width: number;
  height: number;
  boxes: Box[];
  edges: Edge[];
}

export const LINE = 20;
export const BOX = { head: 68, padding: 8 } as const;
/** Boxes narrower than this have no symbol, and what is in the trust store says so on a line of its own. */
export const TIGHT = 250;
const EDGE_PADDING = 12;
const COLUMN_GAP = 16;
const WIDEST = 780;
const WIDEST_FORK = 860;
/** The order in which a link is read: who, by which key, whether it may, whether it did. */
const ORDER: ChainCheck["check"][] = ["names", "key_identifiers", "issuer_is_ca", "signature"];

/** Lays a chain out for a given width. */
export function layoutOf(chain: Chain, report: Report, available: number): Layout {
  const parts = partsOf(chain);
  const width = Math.min(available, parts.columns.length > 1 ? WIDEST_FORK : WIDEST);
  const known = new Map(report.certificates.map((certificate) => [certificate.sha256, certificate]));
  const links = new Map(chain.path.map((link) => [link.certificate, link]));
  const boxes: Box[] = [];
  const edges: Edge[] = [];

  // Built from the bottom upward, with y counted up from 0, and turned round at the end.
  const place = (x: number, boxWidth: number, top: number, below: Box | null, sha256: string | null, depth: number, view: View | null): Box => {
    const link = sha256 === null ? undefined : links.get(sha256);
    const errors = sha256 === null || link !== undefined ? chain.all.filter((failure) => failure.depth === depth) : [];
    const lower = below?.certificate ?? null;
    const box: Box = {
      x,
      y: 0,
      width: boxWidth,
      height: headOf(boxWidth) + (errors.length === 0 ? 0 : errors.length * LINE + BOX.padding),
      depth,
      sha256,
      certificate: sha256 === null ? null : (known.get(sha256) ?? null),
      inStore: link?.in_store ?? isTrusted(known.get(sha256 ?? ""), report),
      validity: link?.checks.find(({ check }) => check === "validity") ?? validityOf(known.get(sha256 ?? ""), report.now),
      errors,
      wanted: sha256 === null ? wantedBy(chain, lower, view) : null,
    };
    let bottom = 0;
    if (below !== null) {
      const checks = checksBetween(below, box, links, view);
      edges.push({ from: below, to: box, checks, view });
      // Where two ways stand beside each other their boxes do too, however many checks there are.
      const lines = view === null ? Math.max(1, checks.length) : ORDER.length + 1;
      bottom = top + EDGE_PADDING * 2 + lines * LINE;
    }
    box.y = bottom + box.height;
    boxes.push(box);
    return box;
  };

  const trunk = parts.trunk.reduce<Box | null>((below, sha256, depth) => place(0, width, below?.y ?? 0, below, sha256, depth, null), null);
  const columnWidth = (width - COLUMN_GAP * (parts.columns.length - 1)) / Math.max(1, parts.columns.length);
  parts.columns.forEach(({ view, certificates }, column) => {
    let under = trunk;
    certificates.forEach((sha256, index) => {
      under = place(column * (columnWidth + COLUMN_GAP), columnWidth, under?.y ?? 0, under, sha256, parts.trunk.length + index, view);
    });
  });
  const height = Math.max(0, ...boxes.map(({ y }) => y));
  for (const box of boxes) box.y = height - box.y;
  return { width, height, boxes, edges };
}

/** Height of the lines above a box's errors. */
export function headOf(width: number): number {
  return BOX.head + (width < TIGHT ? LINE : 0);
}

/** What both ways of linking share, and the one or two ways on from there; `null` is a certificate that is missing. */
function partsOf(chain: Chain): { trunk: string[]; columns: { view: View | null; certificates: (string | null)[] }[] } {
  const path = chain.path.map(({ certificate }) => certificate);
  const { by_names: names, by_key_identifiers: keys, differ_at: parting } = chain.views;
  if (parting === null || parting === undefined) {
    return { trunk: path, columns: chain.missing ? [{ view: null, certificates: [null] }] : [] };
  }
  let shared = 0;
  while (shared < names.length && names[shared] === keys[shared]) shared += 1;
  const column = (view: View, all: string[]): { view: View; certificates: (string | null)[] } => {
    const rest: (string | null)[] = all.slice(shared);
    // The way that the product took ends where its issuer is missing; a way that leads nowhere says so too.
    const ends = rest.length === 0 || (chain.missing && all.at(-1) === path.at(-1));
    return { view, certificates: ends ? [...rest, null] : rest };
  };
  return { trunk: names.slice(0, shared), columns: [column("by_names", names), column("by_key_identifiers", keys)] };
}

function wantedBy(chain: Chain, lower: Certificate | null, view: View | null): Box["wanted"] {
  if (chain.missing && view === null) return { subject: chain.missing.subject, keyIdentifier: chain.missing.key_identifier ?? null };
  return { subject: lower?.issuer ?? "", keyIdentifier: lower?.aki ?? null };
}

/** The engine's checks where it went this way; for the other way what the two certificates say of each other. */
function checksBetween(below: Box, above: Box, links: Map<string, ChainLink>, view: View | null): ChainCheck[] {
  const link = links.get(below.sha256 ?? "");
  const next = [...links.values()].find(({ depth }) => link !== undefined && depth === link.depth + 1);
  if (link !== undefined && next?.certificate === above.sha256) {
    return ORDER.flatMap((kind) => link.checks.filter(({ check }) => check === kind));
  }
  if (below.certificate === null || above.certificate === null || view === null) return [];
  const { issuer, aki } = below.certificate;
  const { subject, ski } = above.certificate;
  const checks: ChainCheck[] = [{ check: "names", holds: issuer === subject, values: [issuer, subject] }];
  if (aki && ski) checks.push({ check: "key_identifiers", holds: aki === ski, values: [aki, ski] });
  return checks;
}

/** For a certificate that the engine's own way does not go through. */
function validityOf(certificate: Certificate | undefined, now: string): ChainCheck | null {
  if (certificate === undefined) return null;
  const { not_before: from, not_after: until } = certificate;
  return { check: "validity", holds: Date.parse(from) <= Date.parse(now) && Date.parse(now) <= Date.parse(until), values: [from, until] };
}

function isTrusted(certificate: Certificate | undefined, report: Report): boolean {
  return certificate?.seen_in.some(({ input }) => report.inputs[input]?.role === "trust") === true;
}
