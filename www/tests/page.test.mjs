// The page in a real browser: what it must show for which files, and what it must never do.
import assert from "node:assert/strict";
import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createRequire } from "node:module";
import { openPage } from "./support/browser.mjs";
import { checkWithProgram, DAY, inArchives, program, sample, samples } from "./support/files.mjs";
import { exported, give, idle, pages, shownFindings, unfold } from "./support/page.mjs";
import { OFFLINE } from "./support/server.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core");
const SOUND = sample("sound-itl/ITLSEP0011215A1AE3.tlv");
const ALTERED = sample("altered-itl/ITLFile.tlv");
const OLD = sample("moved-phone/phone-ITL.tlv");
const NEW = sample("moved-phone/server-ITL.tlv");
const CERTIFICATE = sample("moved-phone/ao115sub-CallManager.pem");
const KEY = sample("encrypted-config/phone-key.pem");

const { place, onPage } = pages();

describe("before any file", () => {
  test("the page is ready, has its controls, and shows neither verdict nor progress", () =>
    onPage(async (page) => {
      for (const id of ["drop-zone", "file-input", "phone-input", "trust-input"]) assert.equal(await page.getByTestId(id).count(), 1, id);
      assert.equal(await page.getByTestId("verdict").count(), 0);
      assert.equal(await page.getByTestId("export-json").count(), 0);
      assert.equal(await page.getByTestId("progress").isVisible(), false);
      assert.equal(await page.getByTestId("sample").count(), samples.length);
      assert.equal(await page.getByTestId("file-input").getAttribute("multiple"), "");
    }));
});

describe("a trust list", () => {
  test("a sound ITL has no error, four records, and its signature is verified", () =>
    onPage(async (page) => {
      await give(page, [SOUND]);
      assert.notEqual(await page.getByTestId("verdict").getAttribute("data-verdict"), "fail");
      assert.equal((await shownFindings(page)).filter(({ severity }) => severity === "error").length, 0);
      assert.equal(await page.getByTestId("record").count(), 4);
      assert.equal(await page.getByTestId("verification").getAttribute("data-status"), "verified");
      assert.match(await page.getByTestId("record").nth(3).innerText(), /CAPF-9c4cba7d/);
      const digests = await page.getByTestId("input").innerText();
      assert.ok(digests.includes("065a3996895f3c27a8523763a35e1f6587cc506911be8b46088bc0b9e136c5d1"));
    }));

  test("an altered one fails, and says so in words", () =>
    onPage(async (page) => {
      await give(page, [ALTERED]);
      assert.equal(await page.getByTestId("verdict").getAttribute("data-verdict"), "fail");
      assert.match(await page.getByTestId("verdict").innerText(), /Fail/);
      assert.equal(await page.getByTestId("verification").getAttribute("data-status"), "failed");
    }));

  test("Markdown and HTML are exported, and aliases stand for names once asked for", () =>
    onPage(async (page) => {
      await give(page, [SOUND]);
      const saved = async (id) => {
        const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId(id).click()]);
        return [download.suggestedFilename(), await readFile(await download.path(), "utf8")];
      };
      const [markdownName, markdown] = await saved("export-markdown");
      assert.equal(markdownName, "tlvet-report.md");
      assert.match(markdown, /ITLSEP0011215A1AE3\.tlv/);
      await page.getByTestId("redact").check();
      await idle(page);
      const [htmlName, html] = await saved("export-html");
      assert.equal(htmlName, "tlvet-report.html");
      assert.match(html, /^<!doctype html>/);
      assert.equal(html.includes("0011215A1AE3"), false);
      const report = JSON.parse(await exported(page));
      assert.equal(report.redacted, true);
      assert.equal(report.inputs[0].name, "ITLSEP000000000001.tlv");
    }));

  test("the listing of `show itl` is at hand", () =>
    onPage(async (page) => {
      await give(page, [SOUND]);
      await page.getByText("As “show itl” prints it").click();
      assert.match(await page.locator(".listing pre").innerText(), /System Administrator Security Token/);
    }));
});

describe("intake", () => {
  test("files dropped anywhere are judged", () =>
    onPage(async (page) => {
      const bytes = [...(await readFile(SOUND))];
      await page.evaluate((content) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(content)], "dropped.tlv"));
        document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }));
      }, bytes);
      await page.getByTestId("verdict").waitFor();
      assert.equal(await page.getByTestId("input").getAttribute("data-name"), "dropped.tlv");
      assert.equal(await page.getByTestId("input").getAttribute("data-kind"), "trust-list");
    }));

  test("a drop on the phone's part of the page takes that role", () =>
    onPage(async (page) => {
      const bytes = [...(await readFile(OLD))];
      await page.evaluate((content) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(content)], "old.tlv"));
        document.body.dispatchEvent(new DragEvent("dragenter", { bubbles: true, dataTransfer: transfer }));
      }, bytes);
      await page.locator('[data-drop-role="phone"]').waitFor();
      await page.evaluate((content) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(content)], "old.tlv"));
        document.querySelector('[data-drop-role="phone"]').dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }));
      }, bytes);
      await page.getByTestId("verdict").waitFor();
      assert.equal(await page.getByTestId("role").inputValue(), "phone");
      assert.equal(await page.locator(".overlay").count(), 0);
    }));

  test("pasted PEM text is a certificate", () =>
    onPage(async (page) => {
      const text = await readFile(CERTIFICATE, "utf8");
      await page.evaluate((content) => {
        const transfer = new DataTransfer();
        transfer.setData("text/plain", content);
        document.body.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: transfer }));
      }, text);
      await page.getByTestId("verdict").waitFor();
      assert.equal(await page.getByTestId("input").getAttribute("data-kind"), "certificate");
      assert.equal(await page.getByTestId("certificate").count(), 1);
    }));

  test("further files join the report, and a removed one leaves it", () =>
    onPage(async (page) => {
      await give(page, [SOUND]);
      await page.getByTestId("file-input").setInputFiles([CERTIFICATE]);
      await page.locator('[data-testid="input"][data-kind="certificate"]').waitFor();
      assert.equal(await page.getByTestId("input").count(), 2);
      await page.getByRole("button", { name: "Remove ITLSEP0011215A1AE3.tlv" }).click();
      await page.locator('[data-testid="trust-list"]').waitFor({ state: "detached" });
      assert.equal(await page.getByTestId("input").count(), 1);
      await page.getByTestId("clear").click();
      assert.equal(await page.getByTestId("verdict").count(), 0);
    }));

  test("the trust store is named as such", () =>
    onPage(async (page) => {
      await give(page, [CERTIFICATE], "trust-input");
      assert.equal(await page.getByTestId("role").inputValue(), "trust");
      assert.equal(JSON.parse(await exported(page)).inputs[0].role, "trust");
    }));
});

describe("roles", () => {
  test("a list named as the phone's changes the judgement of the other", () =>
    onPage(async (page) => {
      await give(page, [OLD, NEW, CERTIFICATE]);
      const codes = async () => new Set((await shownFindings(page)).map(({ code }) => code));
      assert.equal((await codes()).has("phone_rejects_list"), false);
      await page.locator('[data-testid="role"][data-name^="phone-ITL"]').selectOption("phone");
      await page.locator('[data-testid="finding"][data-code="phone_rejects_list"]').waitFor();
      await idle(page);
      assert.equal((await codes()).has("phone_rejects_list"), true);
      assert.equal(JSON.parse(await exported(page)).inputs[0].role, "phone");
    }));

  test("a member of an archive is named as the phone's, and as its archive's again", () =>
    onPage(async (page) => {
      await give(page, [inArchives("nested.zip")]);
      const phone = () => page.locator('[data-testid="finding"][data-code="phone_state"]').count();
      const menu = page.locator('[data-testid="role"][data-name="itl.tlv"]');
      assert.equal(await phone(), 0);
      await menu.selectOption("phone");
      await page.locator('[data-testid="finding"][data-code="phone_state"]').waitFor({ state: "attached" });
      await idle(page);
      assert.equal(await menu.inputValue(), "phone");
      await menu.selectOption("observed");
      await page.locator('[data-testid="finding"][data-code="phone_state"]').waitFor({ state: "detached" });
      assert.deepEqual(await menu.locator("option").evaluateAll((all) => all.map(({ value }) => value)), ["observed", "phone", "trust"]);
      assert.equal(await page.getByTestId("notice").count(), 0);
    }));

  test("a certificate says which records carry it", () =>
    onPage(async (page) => {
      await give(page, [NEW, CERTIFICATE]);
      const card = page.locator('[data-testid="certificate"]', { hasText: "ao115sub-CallManager.pem" });
      assert.deepEqual(
        await card.getByTestId("evidence").evaluateAll((all) => all.map(({ dataset }) => [dataset.input, dataset.record])),
        [["0", "5"], ["0", "6"], ["1", ""]],
      );
    }));

  test("a private key is neither shown nor exported", () =>
    onPage(async (page) => {
      await give(page, [KEY]);
      await page.getByTestId("role").selectOption("key");
      await idle(page);
      await page.getByTestId("input").getByRole("button", { name: "phone-key.pem", exact: true }).click();
      const secret = (await readFile(KEY, "utf8")).split("\n")[3];
      assert.equal(await page.getByTestId("hex").count(), 0);
      assert.equal((await page.content()).includes(secret), false);
      assert.equal((await exported(page)).includes(secret), false);
    }));
});

describe("the same word as the command line", { skip: program === undefined ? "TLVET_BIN names no program" : false }, () => {
  for (const { id, files, expected = [] } of samples) {
    test(`${id}: the export is what \`tlvet check --format json\` prints`, () =>
      onPage(async (page) => {
        await page.locator(`[data-sample="${id}"]`).click();
        await page.getByTestId("verdict").waitFor();
        await idle(page);
        const options = files.flatMap(({ path, role }) => (role === "observed" ? [] : [`--${role}`, path.split("/")[1]])).concat(expected.flatMap((address) => ["--expect", address]));
        const observed = files.filter(({ role }) => role === "observed").map(({ path }) => sample(path));
        const printed = await checkWithProgram(observed, options);
        assert.equal((await exported(page)).trimEnd(), printed.trimEnd());
        assert.deepEqual(
          await shownFindings(page),
          JSON.parse(printed).findings.map(({ code, severity }) => ({ code, severity })),
        );
      }));
  }
});

describe("bytes", () => {
  test("evidence jumps to its offset and marks the element there", () =>
    onPage(async (page) => {
      await give(page, [ALTERED]);
      const record = page.getByTestId("record").nth(3).getByRole("button", { name: /^Show bytes: record 4/ });
      await record.click();
      const hex = page.getByTestId("hex");
      assert.equal(await hex.getAttribute("data-start"), "4983");
      assert.equal(await hex.getAttribute("data-end"), "5438");
      await hex.locator('[data-at="4983"].mark').first().waitFor();
      assert.equal(await page.getByTestId("record").nth(3).getAttribute("aria-current"), "true");
      await page.locator("#hex-status", { hasText: "RECORDLENGTH" }).waitFor();
      assert.match(await page.getByTestId("hex-status").innerText(), /0x1377 \(4983\).*record 4 · RECORDLENGTH/s);
      assert.equal(await hex.locator('.hex-bytes [data-at="4986"]').innerText(), "01");
    }));

  test("every piece of evidence of every sample leads to its bytes", () =>
    onPage(async (page) => {
      for (const { id } of samples) {
        const last = page.locator(`[data-sample="${id}"]`);
        if ((await last.count()) > 0) await last.click();
        else await page.getByTestId("samples").selectOption(id);
        await page.getByTestId("verdict").waitFor();
        await idle(page);
        await unfold(page);
        const chips = page.getByTestId("finding").getByTestId("evidence");
        for (let index = 0; index < (await chips.count()); index += 1) {
          const offset = await chips.nth(index).getAttribute("data-offset");
          await chips.nth(index).click();
          if ((await page.getByTestId("hex").count()) === 0) continue;
          const start = Number(await page.getByTestId("hex").getAttribute("data-start"));
          const end = Number(await page.getByTestId("hex").getAttribute("data-end"));
          if (offset !== "") assert.ok(start <= Number(offset) && Number(offset) < Math.max(end, start + 1), `${id}: ${offset} in ${start}..${end}`);
        }
        await page.getByTestId("clear").click();
      }
    }));

  test("a file of any size opens at once and scrolls to its end", () =>
    onPage(async (page) => {
      const large = join(place.folder, "large.bin");
      const file = await open(large, "w");
      await file.truncate(40 * 1024 * 1024);
      await file.write(Buffer.from("the end"), 0, 7, 40 * 1024 * 1024 - 7);
      await file.close();
      await give(page, [large]);
      await page.getByTestId("input").getByRole("button", { name: "large.bin", exact: true }).click();
      await page.getByTestId("hex").focus();
      await page.keyboard.press("End");
      await page.locator(`.hex-bytes [data-at="${40 * 1024 * 1024 - 1}"]`, { hasText: "64" }).waitFor();
    }));
});

describe("when things go wrong", () => {
  test("cancel ends the work at once and the page goes on", () =>
    onPage(async (page) => {
      const huge = join(place.folder, "huge.bin");
      const file = await open(huge, "w");
      await file.truncate(1500 * 1024 * 1024);
      await file.close();
      await page.getByTestId("file-input").setInputFiles([huge]);
      await page.getByTestId("cancel").click();
      await idle(page);
      assert.equal(await page.getByTestId("verdict").count(), 0);
      assert.match(await page.getByTestId("notice").innerText(), /Cancelled/);
      await give(page, [SOUND]);
      assert.equal(await page.getByTestId("input").count(), 1);
    }));

  test("a Worker that stops while it reads is replaced, and the file is named", () =>
    onPage(async (page) => {
      await give(page, [SOUND]);
      await page.locator('html[data-engine="whole"]').waitFor();
      const huge = join(place.folder, "stops.bin");
      const file = await open(huge, "w");
      await file.truncate(1500 * 1024 * 1024);
      await file.close();
      await page.getByTestId("file-input").setInputFiles([huge]);
      await page.locator(".progress-text", { hasText: "stops.bin" }).waitFor();
      await page.workers()[0].evaluate(() => {
        setTimeout(() => {
          throw new Error("stopped by the test");
        });
      });
      await page.getByTestId("notice").waitFor();
      assert.match(await page.getByTestId("notice").innerText(), /stops\.bin/);
      await idle(page);
      assert.equal(await page.getByTestId("input").count(), 1);
      await page.getByTestId("file-input").setInputFiles([CERTIFICATE]);
      await page.locator('[data-testid="input"][data-kind="certificate"]').waitFor();
    }));

  test("bytes of no known kind, cut files and empty files never pass and never stop the page", () =>
    onPage(async (page) => {
      const good = await readFile(SOUND);
      const hostile = {
        "empty.tlv": Buffer.alloc(0),
        "zeros.tlv": Buffer.alloc(4096),
        "ones.tlv": Buffer.alloc(4096, 0xff),
        "length.tlv": Buffer.concat([good.subarray(0, 8), Buffer.from([0xff, 0xff]), good.subarray(10)]),
        "<img src=x onerror=alert(1)>.txt": Buffer.from("<script>alert(1)</script>"),
        ...Object.fromEntries([1, 5, 9, 200, 300, 2268, 5437].map((length) => [`cut-${length}.tlv`, good.subarray(0, length)])),
      };
      for (const [name, buffer] of Object.entries(hostile)) {
        await page.getByTestId("file-input").setInputFiles([{ name, mimeType: "application/octet-stream", buffer }]);
        await page.getByTestId("verdict").waitFor();
        await idle(page);
        assert.notEqual(await page.getByTestId("verdict").getAttribute("data-verdict"), "pass", name);
        assert.equal(await page.getByTestId("input").getAttribute("data-name"), name);
        assert.equal(await page.locator('[data-testid="verification"][data-status="verified"]').count(), 0, name);
        await page.getByTestId("clear").click();
      }
      assert.equal(await page.locator("main img, main script").count(), 0);
    }));
});

describe("nothing leaves the page", () => {
  test("its policy refuses a connection, from the page and from the Worker", () =>
    onPage(
      async (page) => {
        const attempt = async (address) => {
          try {
            await fetch(address);
            return "fetched";
          } catch {
            return "refused";
          }
        };
        assert.equal(await page.evaluate(attempt, `${place.server.url}icon.svg`), "refused");
        assert.equal(await page.workers()[0].evaluate(attempt, `${place.server.url}icon.svg`), "refused");
      },
      { ignore: (error) => /Content Security Policy|Failed to fetch|violates/.test(error) },
    ));

  test("no request is made once it is loaded, whatever is done with it", async () => {
    const { context, page, errors } = await openPage(place.browser, place.server.url);
    await page.locator("html[data-complete]").waitFor();
    const requests = [];
    context.on("request", (request) => requests.push(request.url()));
    await give(page, [OLD, NEW, CERTIFICATE]);
    await page.getByTestId("theme").selectOption("dark");
    await unfold(page);
    await page.getByTestId("evidence").first().click();
    await exported(page);
    await page.getByTestId("clear").click();
    await page.getByTestId("sample").first().click();
    await page.getByTestId("verdict").waitFor();
    assert.deepEqual(requests.filter((url) => !url.startsWith("blob:")), []);
    assert.deepEqual(errors, []);
    await context.close();
  });

  test("without a network it works the same", () =>
    onPage(async (page, context) => {
      await page.locator("html[data-complete]").waitFor();
      await context.setOffline(true);
      await give(page, [SOUND]);
      assert.equal(await page.getByTestId("record").count(), 4);
      await page.locator('html[data-engine="whole"]').waitFor();
      await give(page, [CERTIFICATE]);
      assert.equal(await page.getByTestId("input").count(), 2);
    }));

  test("text cannot become markup: Trusted Types refuse it", () =>
    onPage(
      async (page) => {
        const refused = await page.evaluate(() => {
          try {
            document.createElement("div").innerHTML = "<b>x</b>";
            return false;
          } catch (error) {
            return error instanceof TypeError;
          }
        });
        assert.equal(refused, true);
      },
      { ignore: (error) => /TrustedHTML/.test(error) },
    ));
});

describe("the one-file page", () => {
  test("works from a disk and says the same", async () => {
    let served;
    await onPage(async (page) => {
      await give(page, [OLD, NEW, CERTIFICATE]);
      served = await exported(page);
    });
    await onPage(
      async (page) => {
        await give(page, [OLD, NEW, CERTIFICATE]);
        assert.equal(await exported(page), served);
        const refused = await page.evaluate(() => fetch("https://example.test/").then(() => false, () => true));
        assert.equal(refused, true);
      },
      { url: OFFLINE, ignore: (error) => /Content Security Policy|violates/.test(error) },
    );
  });
});

describe("for everybody", () => {
  test("the whole path by keyboard: file, verdict, evidence, bytes, and back", () =>
    onPage(async (page) => {
      const focused = (id) => page.evaluate((wanted) => document.activeElement?.dataset.testid === wanted, id);
      const tabTo = async (id) => {
        for (let step = 0; step < 60; step += 1) {
          await page.keyboard.press("Tab");
          if (await focused(id)) return;
        }
        assert.fail(`${id} is not reached by the Tab key`);
      };
      // Asked for first: the browser has to know that a dialog is awaited before one opens.
      const chosen = page.waitForEvent("filechooser");
      await tabTo("now");
      await tabTo("theme");
      await tabTo("file-input");
      await page.keyboard.press("Enter");
      const chooser = await chosen;
      await chooser.setFiles([ALTERED]);
      await page.getByTestId("verdict").waitFor();
      await idle(page);
      assert.match(await page.getByTestId("announcement").innerText(), /^Verdict: Fail\./);
      // What is not complete is not exported.
      await page.locator('html[data-engine="whole"]').waitFor();
      await idle(page);
      await tabTo("export-json");
      await tabTo("evidence");
      await page.keyboard.press("Enter");
      await page.locator("[data-testid=hex]:focus").waitFor();
      const start = Number(await page.getByTestId("hex").getAttribute("data-start"));
      await page.keyboard.press("ArrowRight");
      await page.locator(`.hex-bytes .cursor[data-at="${start + 1}"]`).waitFor();
      await page.keyboard.press("Escape");
      assert.equal(await focused("evidence"), true);
    }));

  test("focus is visible wherever it goes", () =>
    onPage(async (page) => {
      await give(page, [SOUND]);
      for (let step = 0; step < 25; step += 1) {
        await page.keyboard.press("Tab");
        const seen = await page.evaluate(() => {
          const element = document.activeElement;
          const drawn = element instanceof HTMLInputElement && element.type === "file" ? element.nextElementSibling : element;
          return element === document.body || getComputedStyle(drawn).outlineStyle !== "none";
        });
        assert.equal(seen, true, await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200)));
      }
    }));

  test("dark and light: by the system, and by choice", () =>
    onPage(
      async (page) => {
        const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
        const dark = await ground();
        await page.getByTestId("theme").selectOption("light");
        const light = await ground();
        assert.notEqual(light, dark);
        await page.emulateMedia({ colorScheme: "light" });
        await page.getByTestId("theme").selectOption("auto");
        assert.equal(await ground(), light);
        await page.getByTestId("theme").selectOption("dark");
        assert.equal(await ground(), dark);
      },
      { colorScheme: "dark" },
    ));

  for (const width of [320, 390, 768, 1024, 1440]) {
    test(`at ${width} pixels nothing runs out of the page`, () =>
      onPage(
        async (page) => {
          await give(page, [OLD, NEW, CERTIFICATE]);
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
        },
        { viewport: { width, height: 800 } },
      ));
  }

  test("the bytes beside a long report stay clear of the bar, however many rows that has", () =>
    onPage(
      async (page) => {
        await give(page, [OLD, NEW, sample("failed-login/expressway-c.pcapng")]);
        await page.getByTestId("finding").nth(4).scrollIntoViewIfNeeded();
        await page.evaluate(() => scrollBy(0, 400));
        const [bar, pane] = await page.evaluate(() => [".bar", ".hex-pane"].map((one) => document.querySelector(one).getBoundingClientRect().toJSON()));
        assert.equal(bar.top, 0);
        assert.ok(bar.height > 60, `${bar.height}`);
        assert.ok(pane.top >= bar.bottom && pane.top < bar.bottom + 20, `${pane.top} below ${bar.bottom}`);
        assert.ok(pane.bottom <= 700, `${pane.bottom}`);
      },
      { viewport: { width: 1210, height: 700 } },
    ));

  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing, ${colorScheme}`, () =>
      onPage(
        async (page) => {
          const violations = async () => {
            await page.evaluate(await readFile(AXE, "utf8"));
            const { violations: found } = await page.evaluate(() => globalThis.axe.run());
            return found.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`) }));
          };
          assert.deepEqual(await violations(), []);
          await give(page, [OLD, NEW, CERTIFICATE]);
          await unfold(page);
          await page.getByTestId("evidence").first().click();
          assert.deepEqual(await violations(), []);
        },
        { colorScheme },
      ));
  }
});

describe("what no file says", () => {
  test("an answer changes the judgement, and can be taken back", () =>
    onPage(async (page) => {
      await page.locator('[data-sample="moved-phone"]').click();
      await page.getByTestId("verdict").waitFor();
      await idle(page);
      const before = await exported(page);
      await page.getByText("Answer what no file says").click();
      const answer = page.locator('[data-key="tvs.knows-signer"]');
      await answer.fill("no");
      await answer.blur();
      await page.locator('[data-testid="verdict"][data-verdict="fail"]').waitFor();
      await answer.fill("");
      await answer.blur();
      await page.locator('[data-testid="verdict"][data-verdict="inconclusive"]').waitFor();
      await idle(page);
      assert.equal(await exported(page), before);
    }));
});

describe("the day of judgement", () => {
  test("a day after every certificate's end changes the report", () =>
    onPage(async (page) => {
      await give(page, [CERTIFICATE]);
      const early = JSON.parse(await exported(page));
      await page.getByTestId("now").fill("2045-01-01");
      await page.getByTestId("now").dispatchEvent("change");
      await page.locator('[data-testid="verdict"]', { hasText: "2045-01-01" }).waitFor();
      const late = JSON.parse(await exported(page));
      assert.equal(early.now, `${DAY}T00:00:00Z`);
      assert.equal(late.now, "2045-01-01T00:00:00Z");
      assert.match(await page.getByTestId("certificate").innerText(), /expired 1,827 days ago/);
    }));
});

test("a file whose name lies is told by its content", () =>
  onPage(async (page) => {
    const liar = join(place.folder, "picture.png");
    await writeFile(liar, await readFile(SOUND));
    await give(page, [liar]);
    assert.equal(await page.getByTestId("input").getAttribute("data-kind"), "trust-list");
  }));
