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

/** The two builds of the engine: what a page needs first, and everything. */
type Engine = "first" | "whole";

/** The wasm, made smaller by Binaryen, deflated, as base64: a third of the size of plain base64. */
const wasm = (engine: Engine): Plugin =>
  virtual(`virtual:tlvet-wasm-${engine}`, (watch) => {
    const source = here(`src/generated/${engine}/tlvet_web_bg.wasm`);
    watch(source);
    const small = optimised(source, engine);
    return `export default ${JSON.stringify(deflateRawSync(small, { level: 9 }).toString("base64"))};`;
  });

/** Which build a Worker's script is made around. */
const scope = (engine: Engine): Plugin => virtual("virtual:tlvet-scope", () => `export const whole = ${engine === "whole"};`);

/** Both builds have the same face: the Worker's source names the whole one. */
const bindings = (engine: Engine): Plugin => ({
  name: "tlvet-bindings",
  enforce: "pre",
  resolveId: (source) => (source.endsWith("/generated/whole/tlvet_web.js") ? here(`src/generated/${engine}/tlvet_web.js`) : null),
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
function optimised(source: string, engine: Engine): Buffer {
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
  writeFileSync(`${cache}/tlvet-${engine}.wasm`, bytes);
  return bytes;
}

/** A Worker as one classic script, carried by the page as text. */
const script = (id: string, file: string, engine: Engine): Plugin =>
  virtual(id, async (watch) => {
    watch(here(file));
    const result = await build({
      configFile: false,
      logLevel: "warn",
      plugins: [bindings(engine), scope(engine)],
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

/** How the page comes to its engines: the one file that works from a disk has the whole one alone, which is smaller than both. */
const engines = (offline: boolean): Plugin =>
  virtual("virtual:tlvet-engines", () => {
    const engine = (name: Engine): string => `import script from "virtual:tlvet-worker-${name}"; import wasm from "virtual:tlvet-wasm-${name}"; export const first = { script, wasm };`;
    return offline ? `${engine("whole")} export const whole = null;` : `${engine("first")} export const whole = () => import("virtual:tlvet-whole");`;
  });

/** What the page fetches behind the first engine. */
const second = virtual("virtual:tlvet-whole", () => `export { default as script } from "virtual:tlvet-worker-whole"; export { default as wasm } from "virtual:tlvet-wasm-whole";`);

export default defineConfig(({ mode }) => {
  const offline = mode === "offline";
  return {
    base: "./",
    plugins: [
      engines(offline),
      second,
      wasm("first"),
      wasm("whole"),
      script("virtual:tlvet-worker-first", "src/engine/worker.ts", "first"),
      script("virtual:tlvet-worker-whole", "src/engine/worker.ts", "whole"),
      script("virtual:tlvet-reader", "src/engine/reader.ts", "first"),
      samples,
      policy,
    ],
    build: {
      outDir: offline ? "node_modules/.cache/tlvet/offline" : "dist",
      emptyOutDir: true,
      target: "es2022",
      modulePreload: false as const,
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4096,
      rollupOptions: {
        output: {
          entryFileNames: "tlvet.js",
          chunkFileNames: "tlvet-whole.js",
          assetFileNames: "tlvet[extname]",
        },
      },
    },
  };
});
