/** Scripts of Workers that the page carries as text. */

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): {
    createScriptURL(url: string): unknown;
  };
}

/** The address of a script that the page carries. */
export function address(text: string): string {
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}

/** Starts a Worker from such an address. They are the only script addresses that the page, or a Worker of it, ever names. */
export const startWorker = ((): ((url: string, name: string) => Worker) => {
  const trusted = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  const policy = trusted?.createPolicy("tlvet-worker", { createScriptURL: (url) => url });
  return (url, name) => new Worker((policy === undefined ? url : policy.createScriptURL(url)) as string, { name });
})();
