import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { build, defineConfig, type Plugin } from "vite";
import { contentSecurityPolicy, headerPolicy } from "./scripts/csp.mjs";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A module whose source is computed when it is imported. */
function virtual(id: string, load: (add: (file: string) => void) => string | Promise<string>): Plugin {
  return {
    name: id,
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load(loaded) {
      return loaded === `\0${id}` ? load((file) => this.addWatchFile(file)) : null;
    },
  };
}

/** The wasm, made smaller by Binaryen, deflated, as base64: a third of the size of plain base64. */
const wasm = virtual("virtual:tlvet-wasm", (watch) => {
  const source = here("src/generated/tlvet_web_bg.wasm");
  watch(source);
  const small = optimised(source);
  return `export default ${JSON.stringify(deflateRawSync(small, { level: 9 }).toString("base64"))};`;
});

/** What every browser of the last years can do; a newer feature would shut some out. */
const WASM_OPT = [
  "-Oz",
  "--enable-bulk-memory",
  "--enable-multivalue",
  "--enable-mutable-globals",
  "--enable-nontrapping-float-to-int",
  "--enable-reference-types",
  "--enable-sign-ext",
];

/** Runs wasm-opt once for each content of the module; Binaryen takes some seconds. */
function optimised(source: string): Buffer {
  const digest = createHash("sha256").update(WASM_OPT.join()).update(readFileSync(source)).digest("hex").slice(0, 16);
  const cache = here("node_modules/.cache/tlvet");
  const target = `${cache}/${digest}.wasm`;
  if (!existsSync(target)) {
    mkdirSync(cache, { recursive: true });
    const tool = here("node_modules/binaryen/bin/wasm-opt");
    execFileSync(process.execPath, [tool, ...WASM_OPT, source, "-o", target]);
  }
  const bytes = readFileSync(target);
  // For `npm run sizes` and for whoever wants to look at what the page carries.
  writeFileSync(here("node_modules/.cache/tlvet/tlvet.wasm"), bytes);
  return bytes;
}

/** A Worker as one classic script, carried by the page as text. */
const script = (id: string, file: string): Plugin =>
  virtual(id, async (watch) => {
    watch(here(file));
    const result = await build({
      configFile: false,
      logLevel: "warn",
      plugins: [wasm],
      build: {
        write: false,
        target: "es2022",
        lib: { entry: here(file), formats: ["iife"], name: "tlvetWorker" },
      },
    });
    const output = Array.isArray(result) ? result[0] : result;
    if (output === undefined || !("output" in output)) throw new Error(`${file} was not built`);
    return `export default ${JSON.stringify(output.output[0].code)};`;
  });

/** The samples of the menu, with their bytes. */
const samples = virtual("virtual:tlvet-samples", (watch) => {
  const folder = here("../samples");
  watch(`${folder}/manifest.json`);
  const manifest = JSON.parse(readFileSync(`${folder}/manifest.json`, "utf8")) as {
    samples: { files: { path: string; name?: string; base64?: string }[] }[];
  };
  for (const sample of manifest.samples) {
    for (const file of sample.files) {
      watch(`${folder}/${file.path}`);
      file.name = basename(file.path);
      file.base64 = readFileSync(`${folder}/${file.path}`).toString("base64");
    }
  }
  return `export default ${JSON.stringify(manifest.samples)};`;
});

const policy: Plugin = {
  name: "tlvet-policy",
  apply: "build",
  transformIndexHtml: (html) => ({
    html: html.replaceAll(" crossorigin", ""),
    tags: [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy() },
        injectTo: "head-prepend",
      },
    ],
  }),
  generateBundle() {
    // The value of the header for `tlvet serve`, so that it is written once.
    this.emitFile({ type: "asset", fileName: "csp.txt", source: headerPolicy() });
  },
};

export default defineConfig({
  base: "./",
  plugins: [script("virtual:tlvet-worker", "src/engine/worker.ts"), script("virtual:tlvet-reader", "src/engine/reader.ts"), samples, policy],
  build: {
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2048,
    rollupOptions: {
      output: {
        entryFileNames: "tlvet.js",
        assetFileNames: "tlvet[extname]",
      },
    },
  },
});
