/**
 * Names for the bytes of a trust list or signed file, for the hex view only: the engine has read and
 * judged the file; this walks the same `tag, length, value` elements to say what a byte belongs to.
 */

/** A run of bytes with a name. */
export interface Region {
  start: number;
  /** One past the last byte. */
  end: number;
  /** Element name, for example `SIGNERNAME`. */
  name: string;
  /** Where it stands: header or record number. */
  place: string;
  /** Start of the value, after tag and length. */
  value: number;
}

/** Where header and records stand, from the report. */
export interface Layout {
  headerLength: number;
  records: { n: number; offset: number; length: number }[];
}

const HEADER: { [tag: number]: string } = {
  1: "VERSION", 2: "HEADERLENGTH", 3: "SIGNERID", 4: "SIGNERNAME", 5: "SERIALNUMBER", 6: "CANAME",
  7: "SIGNATUREINFO", 8: "DIGESTALGORITHM", 9: "SIGNATUREALGOINFO", 10: "SIGNATUREALGORITHM",
  11: "SIGNATUREMODULUS", 12: "SIGNATURE", 13: "PADDING", 14: "FILENAME", 15: "TIMESTAMP", 28: "SIGNERVERSION",
};

const RECORD: { [tag: number]: string } = {
  1: "RECORDLENGTH", 2: "DNSNAME", 3: "SUBJECTNAME", 4: "FUNCTION", 5: "ISSUERNAME", 6: "SERIALNUMBER",
  7: "PUBLICKEY", 8: "SIGNATURE", 9: "CERTIFICATE", 10: "IPADDRESS", 11: "CERTHASH", 12: "HASH ALGORITHM",
};

/** Tags whose value is a run of elements that follow inline. */
const CONTAINERS = new Set([3, 7, 9, 16, 17, 21]);
const PADDING = 13;

/** The named regions of a file, in order, never overlapping; stops where the bytes no longer fit. */
export function regionsOf(bytes: Uint8Array, layout: Layout, headerPlace: string, recordPlace: (n: number) => string): Region[] {
  const header = walk(bytes, 0, Math.min(layout.headerLength, bytes.length), HEADER, headerPlace, true);
  const records = layout.records.flatMap(({ n, offset, length }) =>
    walk(bytes, offset, Math.min(offset + length, bytes.length), RECORD, recordPlace(n), false),
  );
  return [...header, ...records];
}

function walk(bytes: Uint8Array, from: number, to: number, names: { [tag: number]: string }, place: string, header: boolean): Region[] {
  const regions: Region[] = [];
  let at = from;
  while (at < to) {
    const tag = bytes[at];
    if (tag === undefined) break;
    const name = names[tag] ?? `tag ${tag}`;
    if (header && tag === PADDING) {
      regions.push({ start: at, end: at + 1, name, place, value: at });
      at += 1;
      continue;
    }
    const high = bytes[at + 1];
    const low = bytes[at + 2];
    if (high === undefined || low === undefined) break;
    const value = at + 3;
    const end = header && CONTAINERS.has(tag) ? value : Math.min(value + high * 256 + low, to);
    regions.push({ start: at, end, name, place, value: Math.min(value, end) });
    at = end;
  }
  return regions;
}

/** The region that holds a byte; regions are in order, so halving finds it. */
export function regionAt(regions: Region[], offset: number): Region | null {
  let low = 0;
  let high = regions.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const region = regions[middle];
    if (region === undefined) return null;
    if (offset < region.start) high = middle - 1;
    else if (offset >= region.end) low = middle + 1;
    else return region;
  }
  return null;
}
