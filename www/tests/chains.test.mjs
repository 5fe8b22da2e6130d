// Chains of servers in a real browser: the graph, the names, the forecast, and what the user says about them.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { openPage } from "./support/browser.mjs";
import { fingerprint, inCase } from "./support/files.mjs";
import { exported, give, idle, pages, shownFindings, unfold } from "./support/page.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core");
const MISSING = "origin_issuer_unknown/missing-intermediate";
const PARTED = "chain_views_differ/two-cas-of-one-name";
const FAULTS = "origin_chain_invalid/two-faults";
const LEAF = fingerprint(inCase(MISSING, "tomcat.pem"));
const ROOT = fingerprint(inCase(FAULTS, "store.pem"));

const { place, onPage } = pages();

/** A server's certificate and the trust store of a case folder. */
async function giveCase(page, folder, files = ["tomcat.pem"]) {
  await give(page, files.map((name) => inCase(folder, name)));
  await give(page, [inCase(folder, "store.pem")], "trust-input");
  await page.locator('[data-testid="chain"]:not([data-ok="unknown"])').first().waitFor();
}

async function openSample(page) {
  await page.locator('[data-sample="x14-forecast"]').click();
  await page.getByTestId("forecast-row").first().waitFor();
  await idle(page);
}

/** Types into a field and leaves it. */
async function answer(page, id, text) {
  await page.getByTestId(id).fill(text);
  await page.getByTestId(id).blur();
  await idle(page);
}

const data = (locator, ...names) => locator.evaluateAll((all, wanted) => all.map(({ dataset }) => wanted.map((name) => dataset[name])), names);

async function codes(page) {
  return (await shownFindings(page)).map(({ code }) => code);
}

describe("the graph of a chain", () => {
  test("a missing intermediate is a ghost above the certificate that lacks it, and the errors stand at their depth", () =>
    onPage(async (page) => {
      await giveCase(page, MISSING);
      const chain = page.getByTestId("chain");
      assert.deepEqual(await data(chain, "certificate", "ok"), [[LEAF, "false"]]);
      assert.deepEqual(await data(page.getByTestId("chain-node"), "sha256", "depth", "inStore"), [[LEAF, "0", "false"]]);
      const ghost = page.getByTestId("chain-missing");
      const authority = JSON.parse(await exported(page)).chains[0].missing.key_identifier;
      assert.match(authority, /^[0-9a-f]{40}$/);
      assert.deepEqual(await data(ghost, "depth", "keyIdentifier"), [["1", authority]]);
      assert.match(await ghost.textContent(), /Example Issuing CA/);
      const above = (await ghost.boundingBox()).y;
      const below = (await page.getByTestId("chain-node").boundingBox()).y;
      assert.ok(above < below, `${above} is above ${below}`);
      assert.match(await page.getByTestId("chain-node").textContent(), /error 20: unable to get local issuer certificate[^]*error 21/);
      assert.match(await chain.innerText(), /error 20 at depth 0: unable to get local issuer certificate[^]*error 21 at depth 0: unable to verify the first certificate/);
    }));

  test("a chain that holds says of each check that it does, and marks the anchor", () =>
    onPage(async (page) => {
      await giveCase(page, FAULTS);
      assert.deepEqual((await data(page.getByTestId("chain-node"), "sha256", "inStore")).at(-1), [ROOT, "true"]);
      assert.deepEqual(await data(page.getByTestId("chain-check"), "check", "holds"), [
        ["names", "true"],
        ["key_identifiers", "true"],
        ["issuer_is_ca", "true"],
        ["signature", "true"],
        ["validity", "false"],
        ["validity", "true"],
      ]);
      assert.equal(await page.getByTestId("chain-missing").count(), 0);
    }));

  test("where names and key identifiers part, both ways are drawn", () =>
    onPage(async (page) => {
      await giveCase(page, PARTED);
      assert.deepEqual(await data(page.getByTestId("chain-node"), "depth", "inStore"), [["0", "false"], ["1", "true"], ["1", "true"]]);
      const [, left, right] = await page.getByTestId("chain-node").evaluateAll((all) => all.map((node) => node.getBoundingClientRect().x));
      assert.ok(left < right);
      assert.deepEqual((await data(page.getByTestId("chain-check"), "check", "holds")).filter(([check]) => check === "key_identifiers"), [
        ["key_identifiers", "false"],
        ["key_identifiers", "true"],
      ]);
      assert.match(await page.locator(".chain-graph").textContent(), /by name[^]*by key identifier/);
    }));

  test("a certificate of the graph leads to its details, by mouse and by keyboard", () =>
    onPage(async (page) => {
      await giveCase(page, FAULTS);
      await page.locator(`[data-testid="chain-node"][data-sha256="${ROOT}"]`).click();
      await page.locator(`#certificate-${ROOT}:focus`).waitFor();
      const leaf = page.locator('[data-testid="chain-node"][data-depth="0"]');
      await leaf.focus();
      await page.keyboard.press("Enter");
      await page.locator(`#certificate-${await leaf.getAttribute("data-sha256")}:focus`).waitFor();
    }));

  test("the same stands in words, from the server upward", () =>
    onPage(async (page) => {
      await giveCase(page, MISSING);
      await page.getByText("The chain in words").click();
      const words = await page.locator(".chain-words").innerText();
      assert.match(words, /cucm-pub\.example\.com[^]*error 20: unable to get local issuer certificate[^]*validity: 2025-02-10T00:00:00Z – 2030-01-14T00:00:00Z[^]*missing[^]*CN=Example Issuing CA/);
    }));

  for (const width of [320, 390, 1024, 1440]) {
    test(`at ${width} pixels it fits, without a text beside its box`, () =>
      onPage(
        async (page) => {
          for (const folder of [MISSING, PARTED]) {
            await giveCase(page, folder);
            assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
            const outside = await page.locator(".chain-graph .node").evaluateAll((nodes) =>
              nodes.flatMap((node) => {
                const box = node.querySelector(".box").getBoundingClientRect();
                return [...node.querySelectorAll("text")]
                  .filter((text) => text.textContent !== "" && text.getBoundingClientRect().right > box.right + 1)
                  .map((text) => text.textContent);
              }),
            );
            assert.deepEqual(outside, []);
            await page.getByTestId("clear").click();
          }
        },
        { viewport: { width, height: 900 } },
      ));
  }

  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing, ${colorScheme}`, () =>
      onPage(
        async (page) => {
          await openSample(page);
          await unfold(page);
          await page.locator(".chain-graph").last().waitFor();
          await page.evaluate(await readFile(AXE, "utf8"));
          const { violations } = await page.evaluate(() => globalThis.axe.run());
          assert.deepEqual(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 160)) })), []);
        },
        { colorScheme },
      ));
  }
});

describe("names and forecast", () => {
  test("each address tried is a row with three judges and the near misses", () =>
    onPage(async (page) => {
      await giveCase(page, MISSING);
      assert.deepEqual(await data(page.getByTestId("name-check"), "address", "openssl", "trafficServer", "browser"), [
        ["cucm-pub.example.com", "true", "yes", "true"],
        ["cucm-pub", "false", "no", "false"],
      ]);
      assert.match(await page.getByTestId("name-check").nth(1).innerText(), /cucm-pub\.example\.com DNS name, common name: the same host with its domain, or without/);
    }));

  test("the sample's forecast has a row for each address and certificate, with the exact log lines", () =>
    onPage(async (page, context) => {
      await openSample(page);
      const rows = await data(page.getByTestId("forecast-row"), "address", "port", "trusted", "named");
      assert.deepEqual(
        rows.toSorted(),
        [
          ["cucm-pub", "8443", "false", "false"],
          ["cucm-pub", "8443", "true", "false"],
          ["cucm-pub.example.com", "6972", "true", "true"],
          ["10.48.36.216", "8443", "false", "false"],
          ["cucm-sub2.example.com", "8443", "false", "true"],
          ["imp1.example.com", "8443", "true", "true"],
        ].toSorted(),
      );
      const row = page.locator('[data-testid="forecast-row"][data-address="10.48.36.216"]');
      const lines = JSON.parse(await exported(page)).forecast.find(({ address }) => address === "10.48.36.216").log;
      assert.match(lines[0], /^WARNING: Core server certificate verification failed for \(10\.48\.36\.216\)\. Action=Terminate Error=self signed certificate server=/);
      assert.deepEqual(await row.locator(".log code").allInnerTexts(), lines);
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      await row.getByRole("button", { name: /^Copy log lines for 10\.48\.36\.216:8443/ }).click();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), lines.join("\n"));
    }));

  test("an address leads to the chain of its certificate", () =>
    onPage(async (page) => {
      await openSample(page);
      const row = page.locator('[data-testid="forecast-row"][data-address="imp1.example.com"]');
      const target = await row.getByRole("link").getAttribute("href");
      assert.equal(await page.locator(target).evaluate((chain) => chain.open), false);
      await row.getByRole("link").click();
      await page.locator(`${target}[open]:focus`).waitFor();
    }));
});

describe("what the user says", () => {
  test("the addresses that clients use change the forecast; a bad one is named and the rest goes on", () =>
    onPage(async (page) => {
      await giveCase(page, MISSING);
      assert.equal(await page.getByTestId("forecast-row").count(), 0);
      const before = await exported(page);
      await answer(page, "expected", "10.0.0.1:8443, cucm-pub.example.com:6972\nhttp://x/\ncucm-pub=absent.pem");
      await page.getByTestId("forecast-row").first().waitFor();
      assert.deepEqual(await data(page.getByTestId("forecast-row"), "address", "port", "named"), [
        ["10.0.0.1", "8443", "false"],
        ["cucm-pub.example.com", "6972", "true"],
      ]);
      const notices = await page.getByTestId("notice").allInnerTexts();
      assert.equal(notices.length, 2);
      assert.match(notices[0], /“http:\/\/x\/” is left out/);
      assert.match(notices[1], /“cucm-pub=absent\.pem” is left out: no file is named absent\.pem/);
      assert.deepEqual(await data(page.getByTestId("name-check"), "address"), [["10.0.0.1"], ["cucm-pub.example.com"]]);
      await answer(page, "expected", "");
      await page.getByTestId("forecast-row").first().waitFor({ state: "detached" });
      assert.equal(await page.getByTestId("notice").count(), 0);
      assert.equal(await exported(page), before);
    }));

  test("a thousand addresses and more are met with few words, and shown in parts", () =>
    onPage(async (page) => {
      await giveCase(page, MISSING);
      const many = Array.from({ length: 1007 }, (_, index) => `host-${index}.example.com`);
      await answer(page, "expected", many.join("\n"));
      await page.getByTestId("forecast-row").first().waitFor();
      assert.equal(await page.getByTestId("forecast-row").count(), 25);
      assert.equal(await page.getByTestId("name-check").count(), 25);
      assert.equal(JSON.parse(await exported(page)).forecast.length, 1000);
      const notices = await page.getByTestId("notice").allInnerTexts();
      assert.equal(notices.length, 6);
      assert.match(notices[0], /“host-1000\.example\.com” is left out: more than 1000 addresses/);
      assert.match(notices[5], /2 further addresses are left out too/);
    }));

  test("an address can name the file whose certificate is presented there", () =>
    onPage(async (page) => {
      const cluster = "origin_forecast/cluster";
      await giveCase(page, cluster, ["pub-tomcat.pem", "sub1-tomcat.pem"]);
      await answer(page, "expected", "10.48.36.216:8443=sub1-tomcat.pem");
      await page.getByTestId("forecast-row").waitFor();
      const { forecast } = JSON.parse(await exported(page));
      assert.deepEqual(forecast.map(({ address, certificate }) => [address, certificate]), [
        ["10.48.36.216", fingerprint(inCase(cluster, "sub1-tomcat.pem"))],
      ]);
    }));

  test("a file that is named a trust store after the drop is judged as one", () =>
    onPage(async (page) => {
      await give(page, [inCase(FAULTS, "tomcat.pem"), inCase(FAULTS, "store.pem")]);
      assert.deepEqual(await data(page.getByTestId("chain"), "ok"), [["unknown"]]);
      const role = page.locator('[data-testid="role"][data-name="store.pem"]');
      await role.selectOption("trust");
      await page.locator('[data-testid="chain"][data-ok="false"]').waitFor();
      await idle(page);
      assert.ok((await codes(page)).includes("origin_chain_invalid"));
      assert.equal(JSON.parse(await exported(page)).inputs[1].role, "trust");
      await role.selectOption("observed");
      await page.locator('[data-testid="chain"][data-ok="unknown"]').waitFor();
    }));
});

describe("intake", () => {
  test("a dropped folder is opened, and the folders in it", () =>
    onPage(async (page) => {
      const bytes = [...(await readFile(inCase(MISSING, "tomcat.pem")))];
      await page.evaluate((content) => {
        // A folder cannot be put into a DataTransfer by script: the browser's own types, as far as they are asked.
        const file = (name) => ({ isFile: true, isDirectory: false, file: (done) => done(new File([new Uint8Array(content)], name)) });
        const directory = (parts) => ({
          isFile: false,
          isDirectory: true,
          createReader: () => ({ readEntries: (done) => done(parts.shift() ?? []) }),
        });
        const tree = directory([[file("one.pem"), directory([[file("two.pem")], [file("three.pem")]])]]);
        const transfer = new DataTransfer();
        transfer.items.add(new File([], "folder"));
        const item = { kind: "file", webkitGetAsEntry: () => tree };
        const event = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer });
        Object.defineProperty(event, "dataTransfer", { value: { types: ["Files"], files: transfer.files, items: [item] } });
        document.body.dispatchEvent(event);
      }, bytes);
      await page.getByTestId("verdict").waitFor();
      await idle(page);
      assert.deepEqual(await data(page.getByTestId("input"), "name"), [["one.pem"], ["two.pem"], ["three.pem"]]);
    }));
});

describe("on paper", () => {
  test("controls and bytes are left out, and the graph stays", () =>
    onPage(async (page) => {
      await openSample(page);
      await page.emulateMedia({ media: "print" });
      for (const hidden of [".intake", ".bar", ".hex-pane", ".controls", ".copy", "textarea"]) assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
      assert.equal(await page.locator(".chain-graph").first().isVisible(), true);
      assert.equal(await page.getByTestId("forecast-row").first().isVisible(), true);
      assert.equal(await page.getByTestId("verdict").isVisible(), true);
    }));
});

describe("stores, keys and requests", () => {
  test("a store asks for its password where it stands, and opens with it", () =>
    onPage(async (page) => {
      await give(page, [inCase("container_opened/modern", "tomcat.p12")]);
      assert.deepEqual(await data(page.getByTestId("store"), "protection"), [["needs-password"]]);
      assert.equal(await page.getByTestId("certificate").count(), 0);
      await answer(page, "password", "wrong");
      await page.locator('[data-testid="store"][data-protection="wrong-password"]').waitFor();
      await answer(page, "password", "changeit");
      await page.locator('[data-testid="store"][data-protection="opened"]').waitFor();
      assert.equal(await page.getByTestId("certificate").count(), 2);
      assert.deepEqual(await data(page.getByTestId("private-key"), "protection"), [["opened"]]);
      assert.equal(await page.getByTestId("password").inputValue(), "changeit");
      assert.equal((await exported(page)).includes("changeit"), false);
    }));

  test("bytes that hold a private key in clear are not shown, whatever else stands beside it", () =>
    onPage(async (page) => {
      const texts = await Promise.all(["tomcat.pem", "tomcat.key"].map((name) => readFile(inCase("key_matches_certificate/pair", name), "utf8")));
      await give(page, [{ name: "both.pem", mimeType: "text/plain", buffer: Buffer.from(texts.join("")) }]);
      assert.deepEqual(await data(page.getByTestId("private-key"), "protection"), [["clear"]]);
      await page.getByTestId("input").getByRole("button", { name: "both.pem", exact: true }).click();
      assert.match(await page.getByTestId("hex-pane").innerText(), /A private key is never shown/);
      assert.equal(await page.getByTestId("hex").count(), 0);
    }));

  test("a revocation list shows who made it, when the next is due, and how many it revokes", () =>
    onPage(async (page) => {
      await give(page, [fileURLToPath(new URL("../../core/tests/data/x509/containers/list.crl", import.meta.url))]);
      const shown = await page.getByTestId("revocation-list").innerText();
      assert.match(shown, /O=Example, CN=Container Root[^]*Number\s+2a\b[^]*Next due\s+2026-03-01 00:00:00 UTC[^]*Revoked certificates\s+1\b/);
    }));

  test("a request shows what it asks for and the certificate of its key", () =>
    onPage(async (page) => {
      const folder = "certificate_request_matches_certificate/same_names";
      await give(page, ["tomcat.csr", "tomcat.pem"].map((name) => inCase(folder, name)));
      const card = page.getByTestId("certificate-request");
      const { certificate_requests: requests } = JSON.parse(await exported(page));
      assert.deepEqual(await data(card, "sha256"), [[requests[0].sha256]]);
      assert.equal(await card.getByTestId("verification").getAttribute("data-status"), "verified");
      assert.equal(await card.locator(`a[href="#certificate-${requests[0].certificates[0]}"]`).count(), 1);
    }));
});

test("the addresses and the password leave no trace in the browser's storage", async () => {
  const { context, page, errors } = await openPage(place.browser, place.server.url);
  await openSample(page);
  await page.getByText("Answer what no file says").click();
  await answer(page, "password", "correct horse");
  assert.equal(await page.getByTestId("password").getAttribute("type"), "password");
  assert.equal((await exported(page)).includes("correct horse"), false);
  assert.equal(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage })), "{}");
  await page.getByTestId("clear").click();
  await page.locator('[data-sample="x14-forecast"]').click();
  await page.getByTestId("verdict").waitFor();
  assert.equal(await page.getByTestId("password").inputValue(), "");
  assert.deepEqual(errors, []);
  await context.close();
});
