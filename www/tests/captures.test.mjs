// Packet captures in a real browser: connections, what TLS tells of them, and files that were carried.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { give, idle, pages } from "./support/page.mjs";

const inCaptures = (name) => fileURLToPath(new URL(`../../tests/captures/${name}`, import.meta.url));

const { onPage } = pages();

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
      assert.match(text, /closed/);
      const link = flow.locator('a[href^="#certificate-"]');
      assert.equal(await link.count(), 2);
      const target = await link.first().getAttribute("href");
      assert.equal(await page.locator(target).count(), 1);
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
