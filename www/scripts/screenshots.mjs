// Pictures of the page with the bundled samples, to be looked at: `npm run shots -- FOLDER`.
// With `--readme` it makes the pictures that the README shows.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch, openPage } from "../tests/support/browser.mjs";
import { DAY } from "../tests/support/files.mjs";
import { servePage } from "../tests/support/server.mjs";

const readme = process.argv.includes("--readme");
const folder = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "shots";
const sample = process.env.SAMPLE ?? "moved-phone";
const server = await servePage();
const browser = await launch();

async function shot(name, { width, height, scheme, filled, full = false, story = sample, chains = null, ladder = false }) {
  const { context, page, errors } = await openPage(browser, server.url, { viewport: { width, height }, colorScheme: scheme });
  await page.getByTestId("now").fill(DAY);
  await page.getByTestId("now").dispatchEvent("change");
  if (filled) {
    await page.locator(`[data-sample="${story}"]`).click();
    await page.getByTestId("verdict").waitFor();
    await page.locator('[data-testid="progress"][hidden]').waitFor({ state: "attached" });
  }
  if (chains !== null) {
    await page.getByTestId("chain").evaluateAll((all, [from, to]) => {
      for (const chain of all) chain.open = true;
      all[from].scrollIntoView();
      for (const chain of all.slice(to)) chain.open = false;
    }, chains);
    await page.locator(".chain-graph").first().waitFor();
  }
  if (ladder) await page.locator("svg.ladder").first().screenshot({ path: name });
  else await page.screenshot({ path: name, fullPage: full });
  if (errors.length > 0) console.error(name, errors);
  await context.close();
}

if (readme) {
  const target = fileURLToPath(new URL("../../docs/images/", import.meta.url));
  mkdirSync(target, { recursive: true });
  await shot(`${target}page.png`, { width: 1280, height: 860, scheme: "light", filled: true });
  // The subscriber whose intermediate CA is missing, and below it a node in order.
  await shot(`${target}chain.png`, { width: 900, height: 920, scheme: "light", filled: true, story: "x14-forecast", chains: [4, 6] });
  // A phone that rejects its ITL, from a capture on its switch port.
  await shot(`${target}ladder.png`, { width: 1000, height: 900, scheme: "light", filled: true, story: "phone-boot", ladder: true });
} else {
  mkdirSync(folder, { recursive: true });
  for (const scheme of ["light", "dark"]) {
    for (const width of [1440, 1024, 768, 390]) {
      for (const filled of [false, true]) {
        await shot(`${folder}/${width}-${scheme}-${filled ? "report" : "start"}.png`, { width, height: 900, scheme, filled, full: width < 1440 });
      }
    }
  }
}
await browser.close();
await server.close();
