// Makes dist/tlvet-offline.html: the whole page in one file that works from a disk or a USB stick.
// Script and style stand inside it, and its policy names them by their hashes.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { contentSecurityPolicy } from "./csp.mjs";

const dist = new URL("../dist/", import.meta.url);
const made = new URL("../node_modules/.cache/tlvet/offline/", import.meta.url);
const read = (name) => readFileSync(new URL(name, made), "utf8");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

// Inside a script element these two would end it or begin a comment; inside a string literal, where
// alone they can stand in this bundle, the escaped forms mean the same.
const script = read("tlvet.js").replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
const style = read("tlvet.css").replaceAll("</style", "<\\/style");
const icon = `data:image/svg+xml;base64,${Buffer.from(read("icon.svg")).toString("base64")}`;

const policy = contentSecurityPolicy({ script: hash(script), style: hash(style), image: "data:" });

let html = read("index.html");
const replaceOnce = (pattern, replacement) => {
  if (!pattern.test(html)) throw new Error(`index.html has nothing that matches ${pattern}`);
  html = html.replace(pattern, () => replacement);
};
replaceOnce(/<meta http-equiv="Content-Security-Policy"[^>]*>/, `<meta http-equiv="Content-Security-Policy" content="${policy}">`);
replaceOnce(/<link rel="stylesheet"[^>]*>/, `<style>${style}</style>`);
replaceOnce(/<link rel="icon"[^>]*>/, `<link rel="icon" href="${icon}">`);
replaceOnce(/<script type="module"[^>]*><\/script>/, "");
replaceOnce(/<\/body>/, `<script type="module">${script}</script>\n</body>`);
writeFileSync(new URL("tlvet-offline.html", dist), html);
