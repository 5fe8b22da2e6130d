// Time from the drop to the verdict: the first drop on a page that has just been opened, which meets the first engine and
// everything else for the first time, and drops on a warm page. `npm run bench`. Measured, not asserted.
import { readFileSync } from "node:fs";
import { launch, openPage } from "../support/browser.mjs";
import { sample } from "../support/files.mjs";
import { servePage } from "../support/server.mjs";

const ROUNDS = 30;
const PAGES = 10;
const bytes = [...readFileSync(sample("sound-itl/ITLSEP0011215A1AE3.tlv"))];

const server = await servePage();
const browser = await launch();

/** Milliseconds from a drop to the verdict on the screen. */
const dropped = (page) =>
  page.evaluate(async (content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(content)], "ITLFile.tlv"));
    const shown = new Promise((resolve) => {
      const observer = new MutationObserver(() => {
        if (document.querySelector('[data-testid="verdict"]') === null) return;
        observer.disconnect();
        // After the next frame is drawn: what the user sees, not what the script knows.
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
      });
      observer.observe(document.body, { childList: true, subtree: true });
    });
    const start = performance.now();
    document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }));
    return (await shown) - start;
  }, bytes);

const first = [];
for (let round = 0; round < PAGES; round += 1) {
  const { context, page } = await openPage(browser, server.url);
  first.push(await dropped(page));
  await context.close();
}
const warm = [];
const { page } = await openPage(browser, server.url);
for (let round = 0; round <= ROUNDS; round += 1) {
  const time = await dropped(page);
  // The whole engine takes over behind the first report.
  await page.locator("html[data-complete]").waitFor({ state: "attached" });
  await page.getByTestId("clear").click();
  if (round > 0) warm.push(time);
}
await browser.close();
await server.close();
const at = (times, share) => {
  const sorted = times.toSorted((a, b) => a - b);
  return Number(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1));
};
const result = { rounds: ROUNDS, median_ms: at(warm, 0.5), p95_ms: at(warm, 0.95), pages: PAGES, first_ms: at(first, 0.5) };
console.log(process.argv.includes("--json") ? JSON.stringify(result) : result);
