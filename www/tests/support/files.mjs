// The bundled samples as files on disk, and the command line's word on them.
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = new URL("../../../samples/", import.meta.url);

/** The day that tests judge at, so that a report does not change with the calendar. */
export const DAY = "2026-11-20";

export const samples = JSON.parse(readFileSync(new URL("manifest.json", FOLDER), "utf8")).samples;

export function sample(path) {
  return fileURLToPath(new URL(path, FOLDER));
}

/** A file of a folder of tests/cases. */
export function inCase(folder, name) {
  return fileURLToPath(new URL(`../../../tests/cases/${folder}/${name}`, import.meta.url));
}

/** A file of tests/archives. */
export function inArchives(name) {
  return fileURLToPath(new URL(`../../../tests/archives/${name}`, import.meta.url));
}

/** SHA-256 of the first certificate of a PEM file, as the report writes it. */
export function fingerprint(path) {
  return new X509Certificate(readFileSync(path)).fingerprint256.replaceAll(":", "").toLowerCase();
}

/** Path of `tlvet`, or undefined when the tests run without it. */
export const program = process.env.TLVET_BIN;

/** What `tlvet check --format json` prints for files of one folder, named without the folder. */
export function checkWithProgram(files, options = []) {
  const folder = dirname(files[0]);
  const names = files.map((file) => basename(file));
  return new Promise((resolve, reject) => {
    execFile(
      program,
      ["check", "--format", "json", "--now", DAY, ...options, ...names],
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => {
        // 1 says that there are findings; the report is on stdout as ever.
        if (error !== null && error.code !== 1) reject(error);
        else resolve(stdout);
      },
    );
  });
}
