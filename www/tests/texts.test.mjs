// Logs in a real browser: the cause first, the lines beside findings, and the lines in their file.
import assert from "node:assert/strict";
import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { inCase } from "./support/files.mjs";
import { give, idle, pages, shownFindings } from "./support/page.mjs";

const LOG = inCase("origin_refused_chain/login", "diagnostic_log.txt");
const CONSOLE = inCase("phone_file_refused/signer", "console.txt");
/** The line of the log that the finding points at. */
const LINE = 16;
const REFUSAL = /Core server certificate verification failed for \(cucm\.steven\.lab\)/;

describe("logs", () => {
  const { place, onPage } = pages();

  test("the report opens with the cause, and its line stands beside the finding", () =>
    onPage(async (page) => {
      await give(page, [LOG]);
      assert.match(await page.getByTestId("verdict").locator(".verdict-sentence").innerText(), /refuse[sd] cucm\.steven\.lab \(10\.48\.36\.215\), port 6972/);
      assert.deepEqual(await page.getByTestId("cause").evaluateAll((all) => all.map(({ dataset }) => dataset.code)), ["origin_refused_chain"]);
      assert.deepEqual((await shownFindings(page)).filter(({ severity }) => severity === "error"), [{ code: "origin_refused_chain", severity: "error" }]);
      const finding = page.locator('[data-code="origin_refused_chain"][data-testid="finding"]');
      assert.match(await finding.locator(".excerpts code").first().innerText(), REFUSAL);
      assert.equal(await page.getByTestId("input").locator("[data-format]").first().getAttribute("data-format"), "expressway");
    }));

  test("a piece of evidence shows its line among the others", () =>
    onPage(async (page) => {
      await give(page, [LOG, CONSOLE]);
      await page.locator(`[data-testid="evidence"][data-line="${LINE}"]`).first().click();
      const marked = page.locator("tlvet-text .text-row.mark");
      await marked.waitFor();
      assert.equal(await marked.locator(".text-number").innerText(), String(LINE));
      assert.match(await marked.locator(".text-line").innerText(), REFUSAL);
      await page.locator('[data-testid="evidence"][data-line="2"]').first().click();
      await page.locator("tlvet-text .text-row.mark", { hasText: "sgn verify file failed" }).waitFor();
      assert.equal(await page.locator("tlvet-text .text-row").count(), 3);
    }));

  test("a line far down in a large log is found, in every encoding", () =>
    onPage(async (page) => {
      const log = await readFile(LOG, "utf8");
      const noise = `${"Nothing that anybody reads. ".repeat(4)}\n`;
      const before = 60_000;
      const text = noise.repeat(before) + log + noise.repeat(10);
      const large = join(place.folder, "large.txt");
      const wide = join(place.folder, "wide.txt");
      await writeFile(large, text);
      await writeFile(wide, `\ufeff${text}`, "utf16le");
      for (const file of [large, wide]) {
        await give(page, [file]);
        const line = before + LINE;
        await page.locator(`[data-testid="evidence"][data-line="${line}"]`).first().click();
        const marked = page.locator("tlvet-text .text-row.mark", { hasText: "Core server" });
        await marked.waitFor();
        assert.equal(await marked.locator(".text-number").innerText(), String(line));
        assert.equal(await page.locator("tlvet-text .text-number").first().innerText(), String(line - 60));
        await page.getByRole("button", { name: "Earlier lines" }).click();
        await page.locator("tlvet-text .text-number", { hasText: String(line - 200) }).first().waitFor();
        await page.getByTestId("clear").click();
      }
    }));

  for (const kind of ["log", "archive"]) {
    test(`a large ${kind} is judged where reading is stopped, and read to its end when that is asked for`, () =>
      onPage(async (page) => {
        const log = await readFile(LOG);
        const noise = Buffer.from("Nothing that anybody reads.\n".repeat(400_000));
        const begins = kind === "log" ? [log, noise] : [tarHead("log.txt", log.length), log, Buffer.alloc(-log.length & 511), tarHead("zeros", 3_000_000_000)];
        const file = join(place.folder, `large-${kind}`);
        const handle = await open(file, "w");
        await handle.write(Buffer.concat(begins));
        // Zeros cost nothing to write and take long enough to be stopped in.
        await handle.truncate(3_000_000_000);
        await handle.close();
        await page.getByTestId("file-input").setInputFiles([file]);
        await page.locator('[data-testid="progress-bytes"]', { hasText: "MB/s" }).waitFor();
        assert.match(await page.getByTestId("progress-bytes").innerText(), /^[\d.]+ [MG]B of 3\.00 GB, [\d,]+ MB\/s$/);
        assert.equal(await page.getByTestId("cancel").innerText(), "Stop here and judge");
        await page.getByTestId("cancel").click();
        await page.getByTestId("verdict").waitFor();
        await idle(page);
        assert.deepEqual(await page.getByTestId("cause").evaluateAll((all) => all.map(({ dataset }) => dataset.code)), ["origin_refused_chain"]);
        assert.match(await page.getByTestId("stopped").innerText(), /^Only the first .* of 3\.00 GB were read\./);
        await page.getByTestId("read-whole").click();
        await page.locator('[data-testid="progress-bytes"]', { hasText: "MB/s" }).waitFor();
        assert.equal(await page.getByTestId("stopped").count(), 0);
      }));
  }
});

/** The header of a member of a tar archive (POSIX ustar). */
function tarHead(name, size) {
  const head = Buffer.alloc(512);
  head.write(name, 0);
  head.write("0000644\0", 100);
  head.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  head.write("00000000000\0", 136);
  head.write("        0", 148);
  head.write("ustar\0" + "00", 257);
  head.write(`${head.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `, 148);
  return head;
}
