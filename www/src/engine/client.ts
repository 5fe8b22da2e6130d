/**
 * The page's side of the Worker: starts it, replaces it when it stops, and throws late answers away.
 *
 * The page starts with the first engine, which knows lists and signed files, and fetches the script of the whole one when it is
 * ready. Behind the first report, or when a request needs it, the whole engine is started and given the last request; from
 * then on it is the only one.
 */
import { first, whole, type Build } from "virtual:tlvet-engines";
import reader from "virtual:tlvet-reader";
import type { Report } from "../report.js";
import type { Answer, Answers, ContextKey, Export, Form, Job, Request, Start, Stop } from "./protocol.js";
import { compiled } from "./module.js";
import { address, startWorker } from "./script.js";
import { Assembly } from "./slices.js";

/** What the page is told: the report in one. */
export type Reply = Exclude<Answer, { type: "ready" | "slice" | "report" }> | (Extract<Answer, { type: "report" }> & { report: Report });

interface Listener {
  /** A Worker waits for requests; `whole` says that it knows everything. */
  ready(contextKeys: ContextKey[], whole: boolean): void;
  /** All scripts are here: nothing is fetched from now on. */
  complete(): void;
  reply(reply: Reply): void;
}

/** An engine that Workers can be started with. */
interface Loaded {
  /** Address of their script. */
  url: string;
  module: Promise<WebAssembly.Module>;
  /** It knows everything. */
  whole: boolean;
}

function load({ script, wasm }: Build, whole: boolean): Loaded {
  return { url: address(script), module: compiled(wasm), whole };
}

/** A Worker with an engine. */
interface Running {
  worker: Worker;
  engine: Loaded;
  /** It has said that it waits for requests. */
  ready: boolean;
}

export class Engine {
  #running: Running | null = null;
  /** The whole engine while it starts beside the first. */
  #next: Running | null = null;
  /** What a Worker is started with: the first engine, until the whole one has taken over. */
  #engine = load(first, whole === null);
  /** The whole one as it came, once it was asked for. */
  #build: Promise<Build> | null = null;
  /** The whole engine starts, or has started. */
  #growing = false;
  #request = 0;
  /** What was asked last, for the whole engine to answer again. */
  #last: Request | null = null;
  /** The last request was answered: what else is said of it while it is answered again is no news. */
  #answered = false;
  /** The input that the Worker reads now, so that it can be named should the Worker stop. */
  #busyWith: number | null = null;
  /** The report that is being told. */
  #assembly = new Assembly();

  constructor(private readonly listener: Listener) {
    this.#start();
  }

  /** Asks for a report; answers to earlier requests are dropped. */
  judge(jobs: Job[], now: number, answers: Answers, redact: boolean): void {
    if (this.#running === null) this.#start();
    this.#request += 1;
    this.#answered = false;
    this.#last = { id: this.#request, jobs, now, answers, redact };
    this.#running?.worker.postMessage(this.#last);
  }

  /** Asks for the report that was answered last in another form. */
  export(form: Form, now: number, redact: boolean): void {
    const request: Export = { exportOf: this.#request, form, now, redact };
    this.#running?.worker.postMessage(request);
  }

  /** Asks that what is being read now be judged as far as it is read, and nothing more be read. */
  stop(): void {
    const stop: Stop = { stop: this.#request };
    this.#running?.worker.postMessage(stop);
  }

  /** Ends whatever runs, at once, and has a fresh Worker ready. */
  restart(): void {
    this.#end();
    this.#request += 1;
    this.#last = null;
    this.#start();
  }

  #start(): void {
    this.#running = this.#open(this.#engine);
    this.#busyWith = null;
  }

  #open(engine: Loaded): Running {
    const running: Running = { worker: startWorker(engine.url, "tlvet"), engine, ready: false };
    const trap = (message: string): void => this.#told(running, { type: "trap", id: this.#request, key: this.#busyWith, message });
    engine.module.then(
      (module) => {
        const start: Start = { module, reader };
        running.worker.postMessage(start);
      },
      (error: unknown) => trap(String(error)),
    );
    running.worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#told(running, data);
    running.worker.onerror = (event) => {
      event.preventDefault();
      trap(event.message);
    };
    return running;
  }

  #told(running: Running, answer: Answer): void {
    if (running !== this.#running && running !== this.#next) return;
    if (answer.type === "ready") {
      running.ready = true;
      if (running === this.#next) this.#change(running);
      this.listener.ready(answer.contextKeys, running.engine.whole);
      if (running.engine.whole) this.listener.complete();
      else requestIdle(() => void this.#fetch().catch(() => {}));
      return;
    }
    if (running === this.#next) {
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
      case "slice":
        this.#assembly.take(answer);
        return;
      case "report":
        this.#busyWith = null;
        this.#answered = true;
        this.listener.reply({ ...answer, report: this.#assembly.end() });
        // The user reads the first verdict while the rest comes.
        if (!running.engine.whole) requestIdle(() => void this.#grow());
        return;
      case "trap":
        this.#stopped(running, answer);
        return;
    }
    if (!this.#answered || answer.type === "exported") this.listener.reply(answer);
  }

  /** The whole engine. One that did not come is asked for again the next time. */
  async #fetch(): Promise<Build> {
    if (whole === null) throw new Error("this page has one engine");
    this.#build ??= whole();
    try {
      const build = await this.#build;
      this.listener.complete();
      return build;
    } catch (error) {
      this.#build = null;
      throw error;
    }
  }

  /** Has the whole engine take over, once it is here. */
  async #grow(): Promise<void> {
    if (this.#growing) return;
    this.#growing = true;
    try {
      this.#next = this.#open(load(await this.#fetch(), true));
    } catch (error) {
      this.#missing(String(error));
    }
  }

  #change(running: Running): void {
    const before = this.#running;
    this.#next = null;
    this.#running = running;
    this.#engine = running.engine;
    this.#busyWith = null;
    before?.worker.terminate();
    if (this.#last !== null) running.worker.postMessage(this.#last);
  }

  /** The whole engine did not come. What the first one knows it goes on answering. */
  #missing(message: string): void {
    this.#next?.worker.terminate();
    this.#next = null;
    this.#growing = false;
    if (!this.#answered && this.#last !== null) this.listener.reply({ type: "trap", id: this.#request, key: null, message });
  }

  #end(): void {
    this.#running?.worker.terminate();
    this.#running = null;
  }

  #stopped(running: Running, trap: Extract<Reply, { type: "trap" }>): void {
    this.#end();
    this.#last = null;
    // A Worker that does not even start would be started for ever.
    if (running.ready) this.#start();
    this.listener.reply(trap);
  }
}

/** Calls back when the browser has nothing better to do, or soon. */
function requestIdle(call: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(call, { timeout: 500 });
  else setTimeout(call, 100);
}
