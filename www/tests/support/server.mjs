// Serves the built page: by `tlvet serve` when TLVET_BIN names the program, else by a few lines of
// node that send the same policy.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { createInterface } from "node:readline";

const DIST = new URL("../../dist/", import.meta.url);
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const FILES = new Set(["index.html", "tlvet.js", "tlvet-whole.js", "tlvet.css", "icon.svg", "tlvet-offline.html"]);

/** Where the one-file page stands. */
export const OFFLINE = new URL("tlvet-offline.html", DIST).href;

/** @returns {Promise<{ url: string, close(): Promise<void> }>} */
export function servePage() {
  const program = process.env.TLVET_BIN;
  return program ? serveWithTlvet(program) : serveWithNode();
}

async function serveWithNode() {
  const policy = await readFile(new URL("csp.txt", DIST), "utf8");
  const server = createServer(async (request, response) => {
    const name = new URL(request.url ?? "/", "http://localhost").pathname.slice(1) || "index.html";
    if (!FILES.has(name)) {
      response.writeHead(404).end();
      return;
    }
    const body = await readFile(new URL(name, DIST));
    const policies = name === "tlvet-offline.html" ? {} : { "content-security-policy": policy };
    response.writeHead(200, { "content-type": TYPES[extname(name)], "x-content-type-options": "nosniff", ...policies });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function serveWithTlvet(program) {
  const child = spawn(program, ["serve", "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        const found = /http:\/\/\S+/.exec(line)?.[0];
        if (found !== undefined) resolve(found);
      });
    }
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${program} serve ended with ${code} before it named its address`)));
  });
  return {
    url,
    close: async () => {
      child.kill();
      await ended;
    },
  };
}
