// Time from the drop to the first verdict, on a warm page: `npm run bench`. Measured, not asserted.
import { readFileSync } from "node:fs";
import { launch, openPage } from "../support/browser.mjs";
import { sample } from "../support/files.mjs";
import { servePage } from "../support/server.mjs";

const ROUNDS = 30;
const bytes = [...readFileSync(sample("sound-itl/ITLSEP0011215A1AE3.tlv"))];

const server = await servePage();
const browser = await launch();
const times = [];
for (let round = 0; round < ROUNDS; round += 1) {
  // The first drop on a page meets the first engine.
  const { context, page } = await openPage(browser, server.url);
  times.push(
    await page.evaluate(async (content) => {
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
    }, bytes),
  );
  await context.close();
}
await browser.close();
await server.close();
times.sort((a, b) => a - b);
const at = (share) => Number(times[Math.min(times.length - 1, Math.floor(share * times.length))].toFixed(1));
const result = { rounds: ROUNDS, median_ms: at(0.5), p95_ms: at(0.95) };
console.log(process.argv.includes("--json") ? JSON.stringify(result) : result);
