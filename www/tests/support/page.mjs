// One browser and one served page for all tests of a file, and what every test does with them.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { launch, openPage } from "./browser.mjs";
import { DAY } from "./files.mjs";
import { servePage } from "./server.mjs";

/** Registers set-up and tear-down; `place` is filled before the first test runs. */
export function pages() {
  const place = {};
  before(async () => {
    place.server = await servePage();
    place.browser = await launch();
    place.folder = await mkdtemp(join(tmpdir(), "tlvet-page-"));
  });
  after(async () => {
    await place.browser.close();
    await place.server.close();
    await rm(place.folder, { recursive: true });
  });

  /** Runs a test on a fresh page and lets no error of the page go unseen. */
  async function onPage(body, { url = place.server.url, ignore = () => false, ...options } = {}) {
    const { context, page, errors } = await openPage(place.browser, url, options);
    await page.getByTestId("now").fill(DAY);
    await page.getByTestId("now").dispatchEvent("change");
    await body(page, context);
    assert.deepEqual(errors.filter((error) => !ignore(error)), []);
    await context.close();
  }
  return { place, onPage };
}

/** Waits until nothing is being read or judged. */
export async function idle(page) {
  await page.locator('[data-testid="progress"][hidden]').waitFor({ state: "attached" });
}

export async function give(page, files, input = "file-input") {
  await page.getByTestId(input).setInputFiles(files);
  await page.getByTestId("verdict").waitFor();
  await idle(page);
}

/** Opens everything that is folded away. */
export async function unfold(page) {
  await page.locator("main details").evaluateAll((all) => {
    for (const details of all) details.open = true;
  });
}

export async function shownFindings(page) {
  return page.getByTestId("finding").evaluateAll((all) => all.map(({ dataset }) => ({ code: dataset.code, severity: dataset.severity })));
}

export async function exported(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("export-json").click()]);
  assert.equal(download.suggestedFilename(), "tlvet-report.json");
  return readFile(await download.path(), "utf8");
}
