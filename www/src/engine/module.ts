/** The engine's module from the text in which the page carries it. */

/** Compiles a module that is deflated (raw) and written as base64. */
export async function compiled(base64: string): Promise<WebAssembly.Module> {
  const characters = atob(base64);
  // `Uint8Array.from` would go through a list of all characters, and the page's heap would stay as large as that.
  const packed = new Uint8Array(characters.length);
  for (let at = 0; at < packed.length; at += 1) packed[at] = characters.charCodeAt(at);
  const bytes = new ReadableStream<BufferSource>({
    start(controller) {
      controller.enqueue(packed);
      controller.close();
    },
  });
  // As it is inflated: the module's bytes are never there beside what is made of them.
  const inflated = bytes.pipeThrough(new DecompressionStream("deflate-raw"));
  return WebAssembly.compileStreaming(new Response(inflated, { headers: { "content-type": "application/wasm" } }));
}
