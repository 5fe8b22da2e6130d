// Writes src/generated/report.ts from docs/report.schema.json: the report's types come from Rust and
// are not written a second time. A path given as an argument replaces the schema's place.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const schemaPath = process.argv[2] ?? fileURLToPath(new URL("../../docs/report.schema.json", import.meta.url));
const target = new URL("../src/generated/report.ts", import.meta.url);

const schema = JSON.parse(readFileSync(schemaPath, "utf8"));
const types = await compile(schema, "Report", {
  additionalProperties: false,
  bannerComment: "// Made by `npm run types` from docs/report.schema.json; do not edit.",
  format: false,
});
mkdirSync(new URL(".", target), { recursive: true });
writeFileSync(target, types);
