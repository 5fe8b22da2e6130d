// Reads a large capture in the page: `node tests/bench/capture.mjs FILE [ROUNDS]`. Time from the choice of the file to the
// report on screen, and the most resident memory that the renderer had: the browser's own code counts, which all its processes share
// (`browser_code_mb`). Measured, not asserted.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { launch, openPage } from "../support/browser.mjs";
import { servePage } from "../support/server.mjs";

const [file, rounds = "3"] = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const { size } = statSync(file);

/** Process ids below `root` whose command line names a renderer. */
function renderers(root) {
  const parents = new Map();
  for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${id}/stat`, "utf8");
      parents.set(id, fields.slice(fields.lastIndexOf(")") + 2).split(" ")[1]);
    } catch {
      // It ended meanwhile.
    }
  }
  const below = (id) => id !== undefined && id !== "0" && (id === root || below(parents.get(id)));
  return [...parents.keys()].filter((id) => below(id) && id !== root).filter((id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, "utf8").includes("--type=renderer");
    } catch {
      return false;
    }
  });
}

/** Memory of a process in megabytes: the most that was resident, what is, and what of it is files that are mapped. */
function memoryOf(id) {
  try {
    const status = readFileSync(`/proc/${id}/status`, "utf8");
    const [most, resident, files] = ["VmHWM", "VmRSS", "RssFile"].map((name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1000));
    return { most, resident, files };
  } catch {
    return { most: 0, resident: 0, files: 0 };
  }
}

/** That of the page's renderer, which is the largest. */
function memory() {
  return renderers(String(process.pid)).map(memoryOf).reduce((largest, one) => (one.most > largest.most ? one : largest));
}

const server = await servePage();
const results = [];
for (let round = 0; round < Number(rounds); round += 1) {
  const browser = await launch();
  const { page, errors } = await openPage(browser, server.url);
  await page.locator("html[data-complete]").waitFor();
  const opened = memory();
  await page.evaluate(() => {
    const marks = { begins: 0, read: 0, shown: 0, told: 0, mostTold: 0 };
    globalThis.marks = marks;
    document.addEventListener("change", () => (marks.begins = performance.now()), { capture: true });
    new MutationObserver(() => {
      const text = document.querySelector(".progress-text")?.textContent ?? "";
      if (marks.read === 0 && text.startsWith("Judging")) marks.read = performance.now();
      const flows = Number(document.querySelector('[data-testid="so-far-flows"]')?.getAttribute("data-count") ?? 0);
      if (flows > marks.mostTold) {
        marks.mostTold = flows;
        marks.told += 1;
      }
      if (marks.shown === 0 && document.querySelector('[data-testid="verdict"]') !== null) {
        requestAnimationFrame(() => setTimeout(() => (marks.shown = performance.now())));
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
  });
  await page.getByTestId("file-input").setInputFiles([file]);
  await page.waitForFunction(() => globalThis.marks.read > 0 || globalThis.marks.shown > 0, undefined, { timeout: 600_000 });
  const read = memory();
  await page.waitForFunction(() => globalThis.marks.shown > 0, undefined, { timeout: 600_000 });
  const marks = await page.evaluate(() => globalThis.marks);
  // All of the report, as far as it is drawn.
  await page.locator("#inputs").waitFor();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const shown = memory();
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const collected = memory();
  const seconds = (marks.read - marks.begins) / 1000;
  results.push({
    read_s: Number(seconds.toFixed(2)),
    mb_per_s: Math.round(size / 1e6 / seconds),
    report_s: Number(((marks.shown - marks.begins) / 1000).toFixed(2)),
    renderer_mb: shown.most,
    renderer_opened_mb: opened.resident,
    renderer_read_mb: read.most,
    renderer_collected_mb: collected.resident,
    browser_code_mb: shown.files,
    looks: marks.told,
    flows: await page.locator(".badge").first().innerText().catch(() => ""),
  });
  if (errors.length > 0) console.error(errors);
  await browser.close();
}
await server.close();
console.log(process.argv.includes("--json") ? JSON.stringify(results) : results);
