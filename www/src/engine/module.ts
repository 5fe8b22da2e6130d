/** The engine's module from the text in which the page carries it. */

/**
 * Compiles a module that is deflated (raw) and written as base64. In the page, not in a Worker: what is left over is collected here, and in
 * a Worker it stays.
 */
export async function compiled(base64: string): Promise<WebAssembly.Module> {
  const packed = bytesOf(base64);
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

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const known = (Uint8Array as { fromBase64?(text: string): Uint8Array<ArrayBuffer> }).fromBase64?.(base64);
  if (known !== undefined) return known;
  const characters = atob(base64);
  // `Uint8Array.from` would go through a list of all characters, and the heap would stay as large as that.
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = characters.charCodeAt(at);
  return bytes;
}
