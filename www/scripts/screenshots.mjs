// Pictures of the page with the bundled samples, to be looked at: `npm run shots -- FOLDER`.
// With `--readme` it makes the one picture that the README shows.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch, openPage } from "../tests/support/browser.mjs";
import { servePage } from "../tests/support/server.mjs";

const readme = process.argv.includes("--readme");
const folder = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "shots";
const sample = process.env.SAMPLE ?? "moved-phone";
const server = await servePage();
const browser = await launch();

async function shot(name, { width, height, scheme, filled, full = false }) {
  const { context, page, errors } = await openPage(browser, server.url, { viewport: { width, height }, colorScheme: scheme });
  if (filled) {
    await page.locator(`[data-sample="${sample}"]`).click();
    await page.getByTestId("verdict").waitFor();
    await page.locator('[data-testid="progress"][hidden]').waitFor({ state: "attached" });
  }
  await page.screenshot({ path: name, fullPage: full });
  if (errors.length > 0) console.error(name, errors);
  await context.close();
}

if (readme) {
  const target = fileURLToPath(new URL("../../docs/images/", import.meta.url));
  mkdirSync(target, { recursive: true });
  await shot(`${target}page.png`, { width: 1280, height: 860, scheme: "light", filled: true });
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
