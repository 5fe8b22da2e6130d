/** The page's side of the Worker: starts it, replaces it when it stops, and throws late answers away. */
import readerSource from "virtual:tlvet-reader";
import source from "virtual:tlvet-worker";
import type { Answer, Answers, ContextKey, Export, Form, Job, Request, Stop } from "./protocol.js";

export type Reply = Exclude<Answer, { type: "ready" }>;

interface Listener {
  ready(contextKeys: ContextKey[]): void;
  reply(reply: Reply): void;
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): {
    createScriptURL(url: string): unknown;
  };
}

const [workerUrl, readerUrl] = ((): [string, string] => {
  const urls = [source, readerSource].map((text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }))) as [string, string];
  const trusted = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  if (trusted === undefined) return urls;
  // The only script addresses that this page ever makes.
  const policy = trusted.createPolicy("tlvet-worker", { createScriptURL: (text) => text });
  return urls.map((url) => policy.createScriptURL(url)) as [string, string];
})();

export class Engine {
  #worker: Worker | null = null;
  /** Reads large files for it. */
  #reader: Worker | null = null;
  #request = 0;
  /** The input that the Worker reads now, so that it can be named should the Worker stop. */
  #busyWith: number | null = null;
  #starting = false;

  constructor(private readonly listener: Listener) {
    this.#start();
  }

  /** Asks for a report; answers to earlier requests are dropped. */
  judge(jobs: Job[], now: number, answers: Answers, redact: boolean): void {
    if (this.#worker === null) this.#start();
    this.#request += 1;
    const request: Request = { id: this.#request, jobs, now, answers, redact };
    this.#worker?.postMessage(request);
  }

  /** Asks for the report that was answered last in another form. */
  export(form: Form, now: number, redact: boolean): void {
    const request: Export = { exportOf: this.#request, form, now, redact };
    this.#worker?.postMessage(request);
  }

  /** Asks that what is being read now be judged as far as it is read, and nothing more be read. */
  stop(): void {
    const stop: Stop = { stop: this.#request };
    this.#worker?.postMessage(stop);
  }

  /** Ends whatever runs, at once, and has a fresh Worker ready. */
  restart(): void {
    this.#end();
    this.#request += 1;
    this.#start();
  }

  #start(): void {
    const worker = new Worker(workerUrl, { name: "tlvet" });
    const reader = new Worker(readerUrl, { name: "tlvet-reader" });
    this.#worker = worker;
    this.#reader = reader;
    const { port1, port2 } = new MessageChannel();
    worker.postMessage(port1, [port1]);
    reader.postMessage(port2, [port2]);
    this.#busyWith = null;
    this.#starting = true;
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (worker !== this.#worker) return;
      if (data.type === "ready") {
        this.#starting = false;
        this.listener.ready(data.contextKeys);
        return;
      }
      if (data.id !== this.#request && data.id !== 0) return;
      if (data.type === "opening") this.#busyWith = data.key;
      if (data.type === "judging" || data.type === "report") this.#busyWith = null;
      if (data.type === "trap") this.#stopped(data);
      else this.listener.reply(data);
    };
    for (const one of [worker, reader]) {
      one.onerror = (event) => {
        event.preventDefault();
        if (worker !== this.#worker) return;
        this.#stopped({ type: "trap", id: this.#request, key: this.#busyWith, message: event.message });
      };
    }
  }

  #end(): void {
    this.#worker?.terminate();
    this.#reader?.terminate();
    this.#worker = null;
    this.#reader = null;
  }

  #stopped(trap: Extract<Reply, { type: "trap" }>): void {
    this.#end();
    // A Worker that does not even start would be started for ever.
    if (!this.#starting) this.#start();
    this.listener.reply(trap);
  }
}
