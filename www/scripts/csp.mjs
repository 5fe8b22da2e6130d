// The Content-Security-Policy of the page, in one place.
//
// - Nothing may be fetched: `connect-src 'none'`. The wasm and the Workers' scripts stand inside the page's two scripts. The
//   second is imported, which `script-src` governs: it can come from nowhere but where the page came from.
// - The Worker starts from a Blob and so inherits this policy, whatever server sent the page.
// - `wasm-unsafe-eval` allows compiling WebAssembly, not evaluating text.
// - Trusted Types: the only two policies are Lit's (templates that stand in the source) and the one
//   that names the Worker's Blob.

/** @param {{ script?: string, style?: string, worker?: string, image?: string }} sources */
export function contentSecurityPolicy({ script = "'self'", style = "'self'", image = "'self'" } = {}) {
  return [
    "default-src 'none'",
    `script-src ${script} 'wasm-unsafe-eval'`,
    "worker-src blob:",
    `style-src ${style}`,
    `img-src ${image}`,
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types lit-html tlvet-worker",
  ].join("; ");
}

/** What a server adds to the policy of the page: a meta element cannot say it. */
export function headerPolicy() {
  return `${contentSecurityPolicy()}; frame-ancestors 'none'`;
}
