// The page's two engines: the first one answers what it knows, the whole one all else, and nobody is asked twice.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openPage } from "./support/browser.mjs";
import { DAY, sample } from "./support/files.mjs";
import { exported, give, idle, pages, shownFindings } from "./support/page.mjs";
import { OFFLINE } from "./support/server.mjs";

const SOUND = sample("sound-itl/ITLSEP0011215A1AE3.tlv");
const CERTIFICATE = sample("moved-phone/ao115sub-CallManager.pem");
const inCaptures = (name) => fileURLToPath(new URL(`../../tests/captures/${name}`, import.meta.url));
const LIST = inCaptures("incident_phone_itl.phone.tlv");
const CAPTURE = inCaptures("incident_phone_itl.pcapng");

const { place, onPage } = pages();

const engine = (page) => page.locator("html").getAttribute("data-engine");

/** A page that never gets the script of the whole engine. */
async function onHalfPage(body) {
  const context = await place.browser.newContext();
  await context.route("**/tlvet-whole.js", (route) => route.abort());
  const page = await context.newPage();
  await page.goto(place.server.url);
  await page.locator("html[data-ready]").waitFor();
  await page.getByTestId("now").fill(DAY);
  await page.getByTestId("now").dispatchEvent("change");
  await body(page);
  await context.close();
}

describe("the first engine", () => {
  test("judges a list without the other, and exports nothing that is not complete", () =>
    onHalfPage(async (page) => {
      await give(page, [SOUND]);
      assert.equal(await engine(page), "first");
      assert.equal(await page.getByTestId("verdict").getAttribute("data-verdict"), "pass");
      assert.equal(await page.getByTestId("record").count(), 4);
      for (const form of ["json", "markdown", "html"]) assert.equal(await page.getByTestId(`export-${form}`).isDisabled(), true, form);
      assert.equal(await page.locator("html").getAttribute("data-complete"), null);
    }));

  test("says that the other is missing when a certificate needs it, and goes on", () =>
    onHalfPage(async (page) => {
      await page.getByTestId("file-input").setInputFiles([CERTIFICATE]);
      await page.getByTestId("notice").waitFor();
      await idle(page);
      assert.equal(await page.getByTestId("verdict").count(), 0);
      await give(page, [SOUND]);
      assert.equal(await engine(page), "first");
      // Aliases are the whole engine's, too.
      await page.getByTestId("redact").check();
      await page.getByTestId("notice").waitFor();
      await idle(page);
      assert.equal(await engine(page), "first");
    }));
});

describe("the whole engine", () => {
  test("takes over behind the first report, which says the same", () =>
    onPage(async (page) => {
      assert.equal(await engine(page), "first");
      await give(page, [SOUND]);
      const before = await shownFindings(page);
      await page.locator('html[data-engine="whole"]').waitFor();
      const report = JSON.parse(await exported(page));
      assert.deepEqual(await shownFindings(page), before);
      assert.deepEqual(report.findings.map(({ code }) => code).sort(), before.map(({ code }) => code).sort());
      assert.ok(report.skipped.some(({ code }) => code === "capture_incomplete"), "it lists every check");
      assert.equal(page.workers().length, 1, "the first engine is gone, and nothing large is read");
    }));

  test("reads a capture and joins it with the list that came before, as if both had come at once", async () => {
    const reports = [];
    for (const drops of [[[LIST], [CAPTURE]], [[LIST, CAPTURE]]]) {
      await onPage(async (page) => {
        for (const files of drops) await give(page, files, "file-input");
        assert.equal(await engine(page), "whole");
        assert.equal(await page.getByTestId("flow").count() > 0, true);
        reports.push(await exported(page));
      });
    }
    assert.equal(reports[0], reports[1]);
    assert.ok(JSON.parse(reports[0]).inputs.length > 2, "the list, the capture, and the files in it");
  });

  test("a capture alone needs no first report", () =>
    onPage(async (page) => {
      await give(page, [CAPTURE]);
      assert.equal(await engine(page), "whole");
      assert.equal(await page.getByTestId("notice").count(), 0);
    }));

  test("stands alone in the one file", async () => {
    const { context, page } = await openPage(place.browser, OFFLINE);
    assert.equal(await engine(page), "whole");
    assert.equal(await page.locator("html").getAttribute("data-complete"), "true");
    await context.close();
  });
});
