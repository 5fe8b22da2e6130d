/**
 * The page's side of the Worker: starts it, replaces it when it stops, and throws late answers away.
 *
 * The page starts with the first engine, which knows lists and signed files, and fetches the script of the whole one when it is
 * ready. Behind the first report, or when a request needs it, the whole engine is started and given the last request; from
 * then on it is the only one.
 */
import { first, whole } from "virtual:tlvet-engines";
import readerSource from "virtual:tlvet-reader";
import type { Answer, Answers, ContextKey, Export, Form, Job, Request, Stop } from "./protocol.js";

export type Reply = Exclude<Answer, { type: "ready" }>;

interface Listener {
  /** A Worker waits for requests; `whole` says that it knows everything. */
  ready(contextKeys: ContextKey[], whole: boolean): void;
  /** All scripts are here: nothing is fetched from now on. */
  complete(): void;
  reply(reply: Reply): void;
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): {
    createScriptURL(url: string): unknown;
  };
}

/** The address of a script that the page carries. */
const address = ((): ((text: string) => string) => {
  const blob = (text: string): string => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const trusted = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  if (trusted === undefined) return blob;
  // The only script addresses that this page ever makes.
  const policy = trusted.createPolicy("tlvet-worker", { createScriptURL: (text) => text });
  return (text) => policy.createScriptURL(blob(text)) as string;
})();

const readerUrl = address(readerSource);

/** The Worker with the engine, and the one that reads large files for it. */
interface Pair {
  worker: Worker;
  reader: Worker;
  whole: boolean;
  /** It has said that it waits for requests. */
  ready: boolean;
}

export class Engine {
  #pair: Pair | null = null;
  /** The whole engine while it starts beside the first. */
  #next: Pair | null = null;
  #url = { first: address(first), whole: null as string | null };
  /** Its script, once it was asked for. */
  #source: Promise<string> | null = null;
  /** The whole engine starts, or has started. */
  #growing = false;
  #request = 0;
  /** What was asked last, for the whole engine to answer again. */
  #last: Request | null = null;
  /** The last request was answered: what else is said of it while it is answered again is no news. */
  #answered = false;
  /** The input that the Worker reads now, so that it can be named should the Worker stop. */
  #busyWith: number | null = null;

  constructor(private readonly listener: Listener) {
    this.#start();
  }

  /** Asks for a report; answers to earlier requests are dropped. */
  judge(jobs: Job[], now: number, answers: Answers, redact: boolean): void {
    if (this.#pair === null) this.#start();
    this.#request += 1;
    this.#answered = false;
    this.#last = { id: this.#request, jobs, now, answers, redact };
    this.#pair?.worker.postMessage(this.#last);
  }

  /** Asks for the report that was answered last in another form. */
  export(form: Form, now: number, redact: boolean): void {
    const request: Export = { exportOf: this.#request, form, now, redact };
    this.#pair?.worker.postMessage(request);
  }

  /** Asks that what is being read now be judged as far as it is read, and nothing more be read. */
  stop(): void {
    const stop: Stop = { stop: this.#request };
    this.#pair?.worker.postMessage(stop);
  }

  /** Ends whatever runs, at once, and has a fresh Worker ready. */
  restart(): void {
    this.#end();
    this.#request += 1;
    this.#last = null;
    this.#start();
  }

  #start(): void {
    const { first: url, whole: known } = this.#url;
    this.#pair = this.#open(known ?? url, known !== null || whole === null);
    this.#busyWith = null;
  }

  #open(url: string, knowsAll: boolean): Pair {
    const pair: Pair = {
      worker: new Worker(url, { name: "tlvet" }),
      reader: new Worker(readerUrl, { name: "tlvet-reader" }),
      whole: knowsAll,
      ready: false,
    };
    const { port1, port2 } = new MessageChannel();
    pair.worker.postMessage(port1, [port1]);
    pair.reader.postMessage(port2, [port2]);
    pair.worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#told(pair, data);
    for (const one of [pair.worker, pair.reader]) {
      one.onerror = (event) => {
        event.preventDefault();
        this.#told(pair, { type: "trap", id: this.#request, key: this.#busyWith, message: event.message });
      };
    }
    return pair;
  }

  #told(pair: Pair, answer: Answer): void {
    if (pair !== this.#pair && pair !== this.#next) return;
    if (answer.type === "ready") {
      pair.ready = true;
      if (pair === this.#next) this.#change(pair);
      this.listener.ready(answer.contextKeys, pair.whole);
      if (pair.whole) this.listener.complete();
      else requestIdle(() => void this.#fetch().catch(() => {}));
      return;
    }
    if (pair === this.#next) {
      if (answer.type === "trap") this.#missing(answer.message);
      return;
    }
    if (answer.id !== this.#request && answer.id !== 0) return;
    switch (answer.type) {
      case "beyond":
        this.#answered = false;
        this.listener.reply(answer);
        void this.#grow();
        return;
      case "opening":
        this.#busyWith = answer.key;
        break;
      case "read":
        // Asked again, it is to be read as far as the user wanted.
        this.#last?.jobs.filter(({ key }) => key === answer.key).forEach((job) => (job.stopAt = answer.stoppedAt));
        break;
      case "judging":
        this.#busyWith = null;
        break;
      case "report":
        this.#busyWith = null;
        this.#answered = true;
        this.listener.reply(answer);
        // The user reads the first verdict while the rest comes.
        if (!pair.whole) requestIdle(() => void this.#grow());
        return;
      case "trap":
        this.#stopped(pair, answer);
        return;
    }
    if (!this.#answered || answer.type === "exported") this.listener.reply(answer);
  }

  /** The script of the whole engine. One that did not come is asked for again the next time. */
  async #fetch(): Promise<string> {
    if (whole === null) throw new Error("this page has one engine");
    this.#source ??= whole();
    try {
      const source = await this.#source;
      this.listener.complete();
      return source;
    } catch (error) {
      this.#source = null;
      throw error;
    }
  }

  /** Has the whole engine take over, once it is here. */
  async #grow(): Promise<void> {
    if (this.#growing) return;
    this.#growing = true;
    try {
      this.#url.whole = address(await this.#fetch());
      this.#next = this.#open(this.#url.whole, true);
    } catch (error) {
      this.#missing(String(error));
    }
  }

  #change(pair: Pair): void {
    const before = this.#pair;
    this.#next = null;
    this.#pair = pair;
    this.#busyWith = null;
    if (before !== null) end(before);
    if (this.#last !== null) pair.worker.postMessage(this.#last);
  }

  /** The whole engine did not come. What the first one knows it goes on answering. */
  #missing(message: string): void {
    if (this.#next !== null) end(this.#next);
    this.#next = null;
    this.#url.whole = null;
    this.#growing = false;
    if (!this.#answered && this.#last !== null) this.listener.reply({ type: "trap", id: this.#request, key: null, message });
  }

  #end(): void {
    if (this.#pair !== null) end(this.#pair);
    this.#pair = null;
  }

  #stopped(pair: Pair, trap: Extract<Reply, { type: "trap" }>): void {
    this.#end();
    this.#last = null;
    // A Worker that does not even start would be started for ever.
    if (pair.ready) this.#start();
    this.listener.reply(trap);
  }
}

function end({ worker, reader }: Pair): void {
  worker.terminate();
  reader.terminate();
}

/** Calls back when the browser has nothing better to do, or soon. */
function requestIdle(call: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(call, { timeout: 500 });
  else setTimeout(call, 100);
}
