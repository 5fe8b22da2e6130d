// Packet captures in a real browser: connections, what TLS tells of them, and files that were carried.
import assert from "node:assert/strict";
import { open, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { connections } from "./support/capture.mjs";
import { checkWithProgram, program } from "./support/files.mjs";
import { exported, give, idle, pages } from "./support/page.mjs";
import { OFFLINE } from "./support/server.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core");

const inCaptures = (name) => fileURLToPath(new URL(`../../tests/captures/${name}`, import.meta.url));

const { place, onPage } = pages();

/** Frames and words of a ladder. */
async function ladder(where) {
  await where.locator("svg.ladder").waitFor();
  return where.getByTestId("ladder-event").evaluateAll((all) => all.map((row) => `${row.dataset.frame} ${row.querySelector("title").textContent.replace(/^.*?: /, "")}`));
}

describe("captures", () => {
  test("a connection shows its TLS, the certificates that were sent, and who said no", () =>
    onPage(async (page) => {
      await give(page, [inCaptures("tls12_unknown_ca.pcapng")]);
      assert.equal(await page.getByTestId("flow").count(), 1);
      const flow = page.getByTestId("flow");
      const text = await flow.innerText();
      assert.match(text, /TCP · frames 1 to 11/);
      assert.match(text, /TLS 1\.2 0xc030[^]*asks for\s*cucm\.steven\.lab/);
      assert.match(text, /client: unknown_ca\s+frame 8/);
      assert.equal(await flow.getAttribute("data-outcome"), "error");
      const link = flow.locator('a[href^="#certificate-"]');
      assert.equal(await link.count(), 2);
      const target = await link.first().getAttribute("href");
      assert.equal(await page.locator(target).count(), 1);
      await link.first().click();
      await page.locator(`${target}:focus`).waitFor();
    }));

  test("what the command has an option for is named as on this page, and as an option in what is exported", () =>
    onPage(async (page) => {
      await give(page, [inCaptures("tls12_unknown_ca.pcapng")]);
      const finding = page.locator('[data-testid="finding"][data-code="handshake_refused"]');
      const text = await finding.innerText();
      assert.match(text, /give the trust store of \S+ with “Trust store…”, and tlvet judges/);
      assert.doesNotMatch(text, /--trust/);
      const report = JSON.parse(await exported(page));
      const steps = report.findings.find(({ code }) => code === "handshake_refused").remedy;
      assert.ok(steps.some((step) => step.includes("with --trust, and tlvet judges")), steps.join("\n"));
    }));

  test("a connection opens as a ladder, drawn and in words, and can be saved", () =>
    onPage(async (page) => {
      await give(page, [inCaptures("tls12_unknown_ca.pcapng")]);
      const button = page.getByTestId("flow").getByRole("button");
      await button.focus();
      await page.keyboard.press("Enter");
      assert.equal(await button.getAttribute("aria-expanded"), "true");
      const detail = page.getByTestId("flow-detail");
      assert.deepEqual(await ladder(detail), [
        "1 SYN",
        "2 SYN, ACK",
        "4 ClientHello TLS 1.0 to 1.3, SNI cucm.steven.lab",
        "6 ServerHello TLS 1.2 0xc030",
        "6 Certificate cucm.steven.lab and 1 more",
        "8 fatal alert: unknown_ca",
        "9 FIN",
        "10 FIN",
      ]);
      assert.equal(await detail.locator("g.error").getAttribute("data-frame"), "8");
      await detail.getByText("In words").click();
      assert.equal(await detail.locator("li").count(), 8);
      assert.match(await detail.locator("li").nth(5).innerText(), /^frame 8, \+\S+ ms 127\.0\.0\.1 → 127\.0\.0\.1: fatal alert: unknown_ca$/);
      const [download] = await Promise.all([page.waitForEvent("download"), detail.getByTestId("export-svg").click()]);
      assert.equal(download.suggestedFilename(), "tlvet-connection-tcp-1.svg");
      const picture = await readFile(await download.path(), "utf8");
      assert.match(picture, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      assert.match(picture, /fatal alert: unknown_ca/);
      assert.doesNotMatch(picture, /var\(|light-dark|<!--/);
      await page.keyboard.press("Escape");
      await button.click();
      assert.equal(await detail.count(), 0);
    }));

  test("evidence leads to the connection of its frame", () =>
    onPage(async (page) => {
      await give(page, [inCaptures("tls12_unknown_ca.pcapng")]);
      await page.locator('[data-testid="finding"][data-code="handshake_refused"]').getByRole("button", { name: "frame 8" }).click();
      await page.getByTestId("flow-detail").waitFor();
      await page.locator(".flow-open:focus").waitFor();
      // And a certificate leads to the frame that showed it.
      await page.getByTestId("flow").getByRole("button").click();
      await page.getByTestId("certificate").first().getByRole("button", { name: "frame 6" }).click();
      await page.getByTestId("flow-detail").waitFor();
    }));

  test("what a phone did is one ladder over its servers", () =>
    onPage(async (page) => {
      await give(page, [inCaptures("tftp.pcapng")]);
      const boot = page.getByTestId("boot");
      assert.equal(await boot.getAttribute("data-device"), "SEP001122334455");
      assert.deepEqual(await ladder(boot), [
        "1 TFTP CTLSEP001122334455.tlv",
        "24 CTLSEP001122334455.tlv: complete, 5,229 bytes",
        "26 TFTP ITLSEP001122334455.tlv",
        "35 ITLSEP001122334455.tlv: complete, 5,120 bytes",
        "37 TFTP exact.bin",
        "42 exact.bin: complete, 1,024 bytes",
        "44 TFTP absent.tlv",
        "45 absent.tlv: 1 File not found",
      ]);
    }));

  test("a small capture is one ladder over all its hosts", () =>
    onPage(async (page) => {
      await give(page, [inCaptures("incident_mra_login.pcapng")]);
      const words = await ladder(page.getByTestId("overview"));
      assert.equal(words[2], "35 HTTP CSFsteven.cnf.xml");
      assert.equal(words.filter((text) => text.endsWith("configuration over HTTPS: fatal alert: unknown_ca")).length, 2);
      assert.equal(words.at(-1), "57 CSFsteven.cnf.xml: 502 connect failed");
    }));

  test("a key log opens the captures of the same drop, whatever the order, and those that were read before it", () =>
    onPage(async (page) => {
      const [capture, keys] = ["tls13.pcapng", "tls13.keys.log"].map(inCaptures);
      const link = page.getByTestId("flow").locator('a[href^="#certificate-"]');
      await give(page, [capture, keys]);
      assert.equal(await link.count(), 2);
      assert.deepEqual(
        await page.getByTestId("input").evaluateAll((all) => all.map(({ dataset }) => [dataset.name, dataset.kind])),
        [
          ["tls13.pcapng", "capture"],
          ["tls13.keys.log", "key-log"],
        ],
      );
      assert.equal(await page.getByTestId("notice").count(), 0);
      await page.getByTestId("clear").click();
      await give(page, [capture]);
      assert.equal(await link.count(), 0);
      assert.match(await page.getByTestId("flow").innerText(), /hidden by TLS 1\.3/);
      await page.getByTestId("file-input").setInputFiles([keys]);
      await link.first().waitFor();
      assert.equal(await link.count(), 2);
      assert.match(await page.getByTestId("notice").innerText(), /key log came after a capture/);
    }));

  test("many connections are filtered, sorted, paged and reached by keys", () =>
    onPage(async (page) => {
      const file = join(place.folder, "many.pcap");
      const handle = await open(file, "w");
      await handle.write(connections(120));
      await handle.close();
      await give(page, [file]);
      const rows = page.getByTestId("flow");
      const count = page.getByTestId("filter-count");
      assert.equal(await rows.count(), 50);
      assert.equal(await page.getByTestId("page-place").innerText(), "1–50 of 120");
      await page.getByTestId("page-on").click();
      await page.getByTestId("page-on").click();
      assert.equal(await rows.count(), 20);
      await page.getByTestId("filter-refused").check();
      assert.equal(await count.innerText(), "12 of 120 connections");
      assert.equal(await page.locator('[data-testid="flow"][data-outcome="error"]').count(), 12);
      await page.getByTestId("filter-refused").uncheck();
      await page.getByTestId("filter-service").selectOption("SIP over TLS");
      assert.equal(await count.innerText(), "60 of 120 connections");
      await page.getByTestId("filter-host").fill("10.0.0.7");
      assert.equal(await count.innerText(), "6 of 120 connections");
      await page.getByRole("button", { name: "Clear filter" }).click();
      await page.getByTestId("filter-port").fill("20005");
      assert.equal(await count.innerText(), "1 of 120 connections");
      await page.getByTestId("filter-port").fill("");
      await page.getByTestId("filter-text").fill("refuses 10.0.0.10:");
      assert.equal(await count.innerText(), "12 of 120 connections");
      await page.getByTestId("filter-certificates").check();
      assert.equal(await count.innerText(), "0 of 120 connections");
      await page.getByRole("button", { name: "Clear filter" }).click();
      await page.getByTestId("sort-outcome").click();
      assert.equal(await rows.nth(11).getAttribute("data-outcome"), "error");
      assert.equal(await rows.nth(12).getAttribute("data-outcome"), "none");
      await page.getByTestId("sort-frame").click();
      await page.getByTestId("sort-frame").click();
      assert.equal(await page.locator("th[aria-sort=descending]").count(), 1);
      assert.equal(await rows.first().getAttribute("data-flow"), "120");
      await rows.first().getByRole("button").focus();
      await page.keyboard.press("ArrowDown");
      assert.equal(await page.evaluate(() => document.activeElement.closest("tr").dataset.flow), "119");
      await page.keyboard.press("End");
      assert.equal(await page.evaluate(() => document.activeElement.closest("tr").dataset.flow), "1");
      assert.equal(await page.getByTestId("page-place").innerText(), "101–120 of 120");
    }));

  test("a long capture is read in pieces by the page and by the one file, and both export all of it", async () => {
    const file = join(place.folder, "long.pcap");
    // Several pieces, and so many connections that what is out of sight is not laid out.
    const bytes = connections(1200, 100_000);
    const handle = await open(file, "w");
    await handle.write(bytes);
    await handle.close();
    const reports = [];
    for (const url of [place.server.url, OFFLINE]) {
      await onPage(
        async (page) => {
          await give(page, [file]);
          assert.equal(await page.locator(".report[data-long]").count(), 1);
          assert.equal(await page.getByTestId("page-place").textContent(), "1–50 of 1,200");
          // What comes into sight is laid out.
          await page.getByTestId("page-on").click();
          assert.equal(await page.getByTestId("page-place").innerText(), "51–100 of 1,200");
          reports.push(await exported(page));
        },
        { url },
      );
    }
    const report = JSON.parse(reports[0]);
    assert.equal(report.inputs[0].bytes, bytes.length);
    assert.equal(report.captures[0].packets, 1080 * 4 + 120 * 2 + 100_000);
    assert.deepEqual(report.captures[0].flows.map(({ id }) => id), Array.from({ length: 1200 }, (_, index) => index + 1));
    assert.equal(reports[0], reports[1]);
    if (program !== undefined) assert.equal(reports[0].trimEnd(), (await checkWithProgram([file])).trimEnd());
  });

  test("a long capture can be walked and filtered to its last connection, and its menus fill when somebody turns to them", () =>
    onPage(async (page) => {
      const file = join(place.folder, "walked.pcap");
      const handle = await open(file, "w");
      await handle.write(connections(1200));
      await handle.close();
      await give(page, [file]);
      const first = page.getByTestId("flow").first();
      const focused = page.locator('[data-testid="flow"]:has(:focus)');
      await first.scrollIntoViewIfNeeded();
      await first.getByRole("button").first().focus();
      await page.keyboard.press("End");
      await page.locator('[data-testid="flow"][data-flow="1200"]:has(:focus)').waitFor();
      assert.equal(await page.getByTestId("page-place").innerText(), "1,151–1,200 of 1,200");
      await page.keyboard.press("ArrowUp");
      assert.equal(await focused.getAttribute("data-flow"), "1199");
      await page.keyboard.press("Home");
      await page.locator('[data-testid="flow"][data-flow="1"]:has(:focus)').waitFor();
      const told = await exported(page);
      const service = page.getByTestId("filter-service");
      assert.deepEqual(await service.locator("option").allTextContents(), ["all"]);
      await service.focus();
      assert.ok((await service.locator("option").allTextContents()).includes("SIP over TLS"));
      assert.equal(await service.inputValue(), "");
      await service.selectOption("SIP over TLS");
      assert.equal(await page.getByTestId("filter-count").innerText(), "600 of 1,200 connections");
      assert.equal(await service.inputValue(), "SIP over TLS");
      await page.getByTestId("sort-frame").click();
      assert.equal(await first.getAttribute("data-flow"), "1200");
      await page.getByRole("button", { name: "Clear filter" }).click();
      assert.equal(await service.inputValue(), "");
      await page.getByTestId("filter-port").fill("21199");
      assert.equal(await page.getByTestId("filter-count").innerText(), "1 of 1,200 connections");
      const events = page.getByTestId("timeline-count");
      const all = JSON.parse(told).timeline;
      assert.equal(await events.textContent(), "120 events");
      await page.getByTestId("timeline-text").fill(all[119].text);
      assert.equal(await events.textContent(), "1 of 120 events");
      assert.equal(await page.getByTestId("timeline-event").count(), 1);
      // What was looked at is told as what was not.
      assert.equal(await exported(page), told);
    }));

  test("a large file that cannot be read to its end is named, and the page goes on", () =>
    onPage(async (page) => {
      const file = join(place.folder, "changed.pcap");
      const handle = await open(file, "w");
      await handle.write(connections(30, 100_000));
      await page.getByTestId("file-input").evaluate((input) => input.addEventListener("change", (event) => event.stopImmediatePropagation(), { capture: true, once: true }));
      await page.getByTestId("file-input").setInputFiles([file]);
      // Chromium refuses a file that is not what was chosen.
      await handle.truncate(5_000_000);
      await handle.close();
      await page.getByTestId("file-input").dispatchEvent("change");
      await page.getByTestId("notice").waitFor();
      await idle(page);
      assert.match(await page.getByTestId("notice").innerText(), /changed\.pcap/);
      await give(page, [inCaptures("tftp.pcapng")]);
      assert.equal(await page.getByTestId("transfer").count(), 4);
    }));

  test("what is found shows while a capture is read, and is judged where reading is stopped", () =>
    onPage(async (page) => {
      const file = join(place.folder, "large.pcap");
      const handle = await open(file, "w");
      await handle.write(connections(30, 5000));
      // Zeros are packets without a byte: they take long enough to be stopped in.
      await handle.truncate(3_000_000_000);
      await handle.close();
      await page.getByTestId("file-input").setInputFiles([file]);
      await page.locator('[data-testid="so-far-flows"][data-count="30"]').waitFor();
      assert.match(await page.getByTestId("so-far-flows").innerText(), /30\s+3 refused/);
      assert.equal(await page.getByTestId("so-far").getByTestId("flow").count(), 30);
      assert.match(await page.getByTestId("progress-bytes").innerText(), /^[\d.]+ [MG]B of 3\.00 GB, [\d,]+ MB\/s$/);
      assert.equal(await page.getByTestId("cancel").innerText(), "Stop here and judge");
      await page.getByTestId("cancel").click();
      await page.getByTestId("verdict").waitFor();
      await idle(page);
      assert.equal(await page.getByTestId("so-far").count(), 0);
      assert.equal(await page.getByTestId("verdict").getAttribute("data-verdict"), "inconclusive");
      assert.equal(await page.getByTestId("capture").getAttribute("data-whole"), "false");
      assert.match(await page.getByTestId("partial").innerText(), /^Only the first .* of 3\.00 GB were read\./);
      assert.equal(await page.getByTestId("flow").count(), 30);
      assert.equal(await page.locator('[data-testid="skipped"][data-code="input_unreadable"]').count(), 1);
      await page.getByTestId("read-whole").click();
      await page.getByTestId("so-far").waitFor();
    }));

  test("files that were asked for say how far they went, and are judged themselves", () =>
    onPage(async (page) => {
      await give(page, [inCaptures("tftp.pcapng")]);
      assert.deepEqual(
        await page.getByTestId("transfer").evaluateAll((all) => all.map(({ dataset }) => [dataset.name, dataset.status])),
        [
          ["CTLSEP001122334455.tlv", "complete"],
          ["ITLSEP001122334455.tlv", "complete"],
          ["exact.bin", "complete"],
          ["absent.tlv", "error"],
        ],
      );
      assert.match(await page.getByTestId("transfer").nth(3).innerText(), /refused[^]*1 File not found[^]*frame 44/);
      assert.match(await page.getByTestId("transfer").first().innerText(), /judged as CTLSEP001122334455\.tlv/);
      assert.equal(await page.locator('[data-testid="input"][data-name="CTLSEP001122334455.tlv"]').getAttribute("data-kind"), "trust-list");
    }));

  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing in a capture with an open connection, ${colorScheme}`, () =>
      onPage(
        async (page) => {
          const file = join(place.folder, `filters-${colorScheme}.pcap`);
          const handle = await open(file, "w");
          await handle.write(connections(60));
          await handle.close();
          await give(page, [inCaptures("incident_phone_itl.pcapng"), file]);
          await page.getByTestId("flow").first().getByRole("button").first().click();
          await page.getByTestId("flow-detail").locator("svg.ladder").waitFor();
          await page.evaluate(await readFile(AXE, "utf8"));
          const { violations } = await page.evaluate(() => globalThis.axe.run());
          assert.deepEqual(
            violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`)]),
            [],
          );
        },
        { colorScheme },
      ));
  }

  for (const width of [320, 1024]) {
    test(`at ${width} pixels nothing runs out of the page`, () =>
      onPage(
        async (page) => {
          await give(page, ["tls12_unknown_ca.pcapng", "tftp.pcapng"].map(inCaptures));
          await idle(page);
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
        },
        { viewport: { width, height: 900 } },
      ));
  }
});
