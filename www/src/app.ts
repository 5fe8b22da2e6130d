/** The page: holds the state, talks to the Worker, puts the views together. */
import { guard } from "lit/directives/guard.js";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import samples, { type Sample } from "virtual:tlvet-samples";
import { Engine, type Reply } from "./engine/client.js";
import type { CaptureSoFar, ContextKey, Form, Refusal, Role } from "./engine/protocol.js";
import type { Flows } from "./capture/flows.js";
import "./hex/hex-view.js";
import "./text/text-view.js";
import "./timeline/timeline.js";
import type { HexView } from "./hex/hex-view.js";
import type { Layout } from "./hex/regions.js";
import { droppedFiles, pastedFiles } from "./intake.js";
import { messages as m } from "./messages/index.js";
import type { Report } from "./report.js";
import { PAGE_SIZE, type Actions, type Entry, type Notice, type Result, type Selection, type SoFar, type Theme } from "./state.js";
import { capture } from "./views/captures.js";
import { certificate } from "./views/certificates.js";
import { chain, chainsLead, forecast, namesSection } from "./views/chains.js";
import { findings, firstEvidence, skipped, verdict } from "./views/findings.js";
import { inputs } from "./views/inputs.js";
import { configuration, signedFile, trustList } from "./views/lists.js";
import { soFar } from "./views/so-far.js";
import { icon, logo, moreButton, type Piece } from "./views/parts.js";
import { privateKey, request, revocationList, store } from "./views/stores.js";

/** Bytes from which on progress is told in bytes. */
const LARGE = 8_000_000;
/** Connections that are listed while a capture is read. */
const LATEST = 100;
/** Findings, certificates, chains or connections beyond which a report is long. */
const LONG = 1000;
/** Items of each section that a long report shows at first: what is drawn weighs more than what is known. */
const FEW = 25;
/** Milliseconds until reading that does not stop is given up. */
const PATIENCE = 3000;
const THEMES: Theme[] = ["auto", "light", "dark"];
/** From this width on, bytes and report stand side by side; the same as in report.css. */
const WIDE = "(min-width: 1200px)";
/** Answers that were not taken: how many are told, and with how many characters at most. */
const REFUSALS = 5;
const REFUSAL_LENGTH = 400;
const DROP_ROLES = ["observed", "phone", "trust"] as const;

export class App extends LitElement {
  static override properties = {
    entries: { state: true },
    result: { state: true },
    busy: { state: true },
    ready: { state: true },
    notices: { state: true },
    selection: { state: true },
    day: { state: true },
    theme: { state: true },
    dragging: { state: true },
    shown: { state: true },
    rest: { state: true },
    announcement: { state: true },
    contextKeys: { state: true },
    context: { state: true },
    expected: { state: true },
    password: { state: true },
    redact: { state: true },
  };

  declare private entries: Entry[];
  declare private result: Result | null;
  declare private busy: "idle" | "loading" | "reading" | "judging";
  declare private ready: boolean;
  declare private notices: Notice[];
  declare private selection: Selection | null;
  /** Day of judgement, `YYYY-MM-DD`. */
  declare private day: string;
  declare private theme: Theme;
  declare private dragging: boolean;
  /** How many items of a long section are shown, by section. */
  declare private shown: { [section: string]: number };
  /** The verdict is on the screen, and what lies below the findings may follow. */
  declare private rest: boolean;
  /** What a screen reader says next. */
  declare private announcement: string;

  /** Questions that no file answers, and the answers given. */
  declare private contextKeys: ContextKey[];
  declare private context: { [key: string]: string };
  /** Addresses that clients use, as they were typed. */
  declare private expected: string;
  /** Kept here and in the Worker, nowhere else. */
  declare private password: string;
  /** Names and addresses are shown and exported as aliases. */
  declare private redact: boolean;

  #engine: Engine;
  #nextKey = 0;
  #pasted = 0;
  /** The capture that is being read, and what it has shown. */
  #soFar: SoFar | null = null;
  /** The entry that is read now, when what was read of it is judged where the user stops it. */
  #stops: number | null = null;
  /** Ends the work when the engine does not stop by itself. */
  #impatience: ReturnType<typeof setTimeout> | undefined;
  /** Entries that are in no report yet. */
  #fresh = new Set<number>();
  #drags = 0;
  #returnTo: HTMLElement | null = null;
  #focusHex = false;
  /** The bar that stays in sight, whose height depends on how many sections there are: what stands below it keeps clear of it. */
  #bar: Element | null = null;
  #barSize = new ResizeObserver(([entry]) => document.documentElement.style.setProperty("--bar-height", `${entry?.borderBoxSize[0]?.blockSize ?? 0}px`));

  constructor() {
    super();
    this.entries = [];
    this.result = null;
    this.busy = "idle";
    this.ready = false;
    this.notices = [];
    this.selection = null;
    this.day = today();
    this.theme = storedTheme();
    this.dragging = false;
    this.shown = {};
    this.rest = false;
    this.announcement = "";
    this.contextKeys = [];
    this.context = {};
    this.expected = "";
    this.password = "";
    this.redact = false;
    this.#engine = new Engine({ ready: (keys, whole) => this.#isReady(keys, whole), complete: () => (document.documentElement.dataset["complete"] = "true"), reply: (reply) => this.#answered(reply) });
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("dragenter", this.#dragEnter);
    document.addEventListener("dragover", this.#dragOver);
    document.addEventListener("dragleave", this.#dragLeave);
    document.addEventListener("drop", this.#drop);
    document.addEventListener("paste", this.#paste);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("dragenter", this.#dragEnter);
    document.removeEventListener("dragover", this.#dragOver);
    document.removeEventListener("dragleave", this.#dragLeave);
    document.removeEventListener("drop", this.#drop);
    document.removeEventListener("paste", this.#paste);
    this.#barSize.disconnect();
    this.#bar = null;
  }

  // Intake

  readonly #dragEnter = (event: DragEvent): void => {
    if (!carriesFiles(event)) return;
    // Entering a child comes before leaving its parent: counting keeps the overlay from flickering.
    this.#drags += 1;
    this.dragging = true;
  };

  readonly #dragOver = (event: DragEvent): void => {
    if (carriesFiles(event)) event.preventDefault();
  };

  readonly #dragLeave = (event: DragEvent): void => {
    if (!carriesFiles(event)) return;
    this.#drags = Math.max(0, this.#drags - 1);
    this.dragging = this.#drags > 0;
  };

  readonly #drop = (event: DragEvent): void => {
    this.#drags = 0;
    this.dragging = false;
    if (event.dataTransfer === null || !carriesFiles(event)) return;
    event.preventDefault();
    const zone = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-drop-role]") : null;
    const role = (zone?.dataset["dropRole"] ?? "observed") as Role;
    droppedFiles(event.dataTransfer).then(
      (files) => this.#addFiles(files, role),
      (error: unknown) => this.#notify({ tone: "error", text: m.unreadable("", String(error)) }),
    );
  };

  readonly #paste = (event: ClipboardEvent): void => {
    if (event.clipboardData === null || event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
    const files = pastedFiles(event.clipboardData, `pasted-${this.#pasted + 1}.txt`);
    if (files.length === 0) return;
    this.#pasted += 1;
    event.preventDefault();
    this.#addFiles(files, "observed");
  };

  #chosen(event: Event, role: Role): void {
    const input = event.target as HTMLInputElement;
    this.#addFiles([...(input.files ?? [])], role);
    // So that the same file can be chosen again after it was removed.
    input.value = "";
  }

  #addFiles(files: File[], role: Role): void {
    this.#actions.add(files.map((file) => ({ name: file.name, role, file })));
  }

  #openSample(sample: Sample): void {
    this.#clear();
    this.expected = (sample.expected ?? []).join("\n");
    this.#actions.add(
      sample.files.map(({ name, role, base64 }) => ({
        name,
        role,
        file: new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]),
      })),
    );
  }

  // Engine

  readonly #actions: Actions = {
    add: (files) => {
      if (files.length === 0) return;
      const added = files.map(({ name, role, file }): Entry => {
        this.#nextKey += 1;
        this.#fresh.add(this.#nextKey);
        return { key: this.#nextKey, name, role, file, members: {}, read: 0, rate: 0, stopAt: null, status: "waiting" };
      });
      this.entries = [...this.entries, ...added];
      this.notices = [];
      this.#judge();
    },
    remove: (key) => {
      this.entries = this.entries.filter((entry) => entry.key !== key);
      this.#judge();
    },
    changeRole: (key, role) => {
      // What an archive is named as, all in it is.
      this.entries = this.entries.map((entry) => (entry.key === key ? { ...entry, role, members: {} } : entry));
      this.#judge();
    },
    changeMemberRole: (key, path, role) => {
      this.entries = this.entries.map((entry) => (entry.key === key ? { ...entry, members: { ...entry.members, [path]: role } } : entry));
      this.#judge();
    },
    readWhole: (key) => {
      this.entries = this.entries.map((entry) => (entry.key === key ? { ...entry, stopAt: null } : entry));
      this.#judge();
    },
    select: (selection, from) => {
      this.selection = selection;
      this.#returnTo = from;
      this.#focusHex = true;
    },
    showFrame: (input, frame) => {
      const place = `[data-testid="capture"][data-input="${input}"]`;
      const row = this.querySelector<HTMLElement>(`${place} tr[data-frame="${frame}"]`);
      row?.scrollIntoView({ block: "center" });
      row?.focus({ preventScroll: true });
      return row !== null || this.querySelector<Flows>(`${place} tlvet-flows`)?.show(frame) === true;
    },
    showMore: (section) => {
      this.shown = { ...this.shown, [section]: this.#shown(section) + PAGE_SIZE };
    },
    reveal: (id) => {
      const report = this.result?.report;
      const places: [section: string, index: number][] = [
        ["findings", Number(/^finding-(\d+)$/.exec(id)?.[1] ?? -1)],
        ["certificates", report?.certificates.findIndex(({ sha256 }) => id === `certificate-${sha256}`) ?? -1],
        ["chains", report?.chains.findIndex(({ certificate: sha256 }) => id === `chain-${sha256}`) ?? -1],
      ];
      for (const [section, index] of places) {
        if (index >= this.#shown(section)) this.shown = { ...this.shown, [section]: index + 1 };
      }
      void this.updateComplete.then(() => {
        const target = document.getElementById(id);
        if (target instanceof HTMLDetailsElement) target.open = true;
        // The address marks the card as the target; going there again would otherwise do nothing.
        location.hash = id;
        target?.scrollIntoView();
        target?.focus({ preventScroll: true });
      });
    },
    copy: (text, button) => {
      navigator.clipboard.writeText(text).then(
        () => {
          this.announcement = m.copied;
          button.dataset["done"] = "true";
          button.addEventListener("blur", () => delete button.dataset["done"], { once: true });
        },
        (error: unknown) => this.#notify({ tone: "error", text: String(error) }),
      );
    },
  };

  #judge(): void {
    if (this.entries.length === 0) {
      this.#clear();
      return;
    }
    const jobs = this.entries.map(({ key, name, role, file, members, stopAt }) => ({ key, name, role, file, members, stopAt }));
    this.#begins();
    this.#engine.judge(jobs, this.#now(), {
      context: this.context,
      expected: this.expected.split(/[,\r\n]/).map((text) => text.trim()).filter((text) => text !== ""),
      passwords: this.password === "" ? [] : [this.password],
    }, this.redact);
  }

  /** The time of judgement, in seconds since 1970. */
  #now(): number {
    return Date.parse(`${this.day}T00:00:00Z`) / 1000;
  }

  /** Nothing is read yet of what the engine is about to read. */
  #begins(): void {
    clearTimeout(this.#impatience);
    this.#impatience = undefined;
    this.#soFar = null;
    this.#stops = null;
    this.busy = "reading";
  }

  #isReady(keys: ContextKey[], whole: boolean): void {
    this.contextKeys = keys;
    this.ready = true;
    document.documentElement.dataset["ready"] = "true";
    document.documentElement.dataset["engine"] = whole ? "whole" : "first";
  }

  #answered(reply: Reply): void {
    switch (reply.type) {
      case "rereading":
        this.#begins();
        for (const entry of this.entries) Object.assign(entry, { status: "waiting", read: 0 });
        this.#notify({ tone: "info", text: m.rereading });
        break;
      case "beyond":
        this.#begins();
        for (const entry of this.entries) Object.assign(entry, { status: "waiting", read: 0 });
        this.busy = "loading";
        break;
      case "opening":
        this.busy = "reading";
        this.#mark(reply.key, { read: 0, rate: 0, status: "reading" });
        this.#stops = reply.stops ? reply.key : null;
        this.#soFar = reply.capture ? { key: reply.key, packets: 0, flows: [], connections: 0, refused: 0, transfers: 0, failed: 0, names: 0, unknown: 0, subjects: new Map() } : null;
        break;
      case "progress":
        this.#mark(reply.key, { read: reply.read, rate: reply.rate, status: "reading" });
        if (reply.soFar !== null) this.#learn(JSON.parse(reply.soFar) as CaptureSoFar);
        break;
      case "read":
        this.#mark(reply.key, { status: "read", stopAt: reply.stoppedAt });
        break;
      case "unreadable": {
        const entry = this.#mark(reply.key, { status: "unreadable" });
        this.#notify({ tone: "error", text: m.unreadable(entry?.name ?? "", reply.message) });
        break;
      }
      case "judging":
        this.#soFar = null;
        this.busy = "judging";
        break;
      case "report":
        this.#show(reply);
        break;
      case "exported":
        this.#download(reply.text, reply.form);
        break;
      case "trap":
        this.#trapped(reply);
        break;
    }
  }

  #learn(news: CaptureSoFar): void {
    if (this.#soFar === null) return;
    const { certificates, last: _, ...seen } = news;
    this.#soFar = { ...this.#soFar, ...seen, flows: [...this.#soFar.flows, ...seen.flows].slice(-LATEST) };
    for (const { sha256, subject } of certificates) this.#soFar.subjects.set(sha256, subject);
  }

  #mark(key: number, change: Partial<Entry>): Entry | undefined {
    const entry = this.entries.find((candidate) => candidate.key === key);
    if (entry !== undefined) Object.assign(entry, change);
    this.requestUpdate();
    return entry;
  }

  #show(reply: Extract<Reply, { type: "report" }>): void {
    const { report } = reply;
    // Inputs that the user gave come in the order of the jobs; those found inside others stand between.
    const given = report.inputs.filter(({ inside }) => inside === null || inside === undefined);
    const entryOf = new Map<number, Entry>();
    const inputOf = new Map<number, number>();
    reply.keys.forEach((key, index) => {
      const input = given[index];
      const entry = this.entries.find((candidate) => candidate.key === key);
      if (input === undefined || entry === undefined) return;
      entryOf.set(input.id, entry);
      inputOf.set(key, input.id);
    });
    const listings = new Map(reply.listings.flatMap(([key, text]) => {
      const input = inputOf.get(key);
      return input === undefined ? [] : [[input, text] as const];
    }));
    this.result = { report, whole: reply.whole, entryOf, listings, certificates: this.#certificates(report) };
    this.#ends();
    this.notices = [...this.notices.filter(({ ofAnswers }) => ofAnswers !== true), ...refusals(reply.refused)];
    this.#fresh.clear();
    if (this.selection !== null && !entryOf.has(this.selection.input)) this.selection = null;
    // Where the bytes stand beside the report they show its first piece of evidence at once.
    if (this.selection === null && matchMedia(WIDE).matches) this.selection = firstEvidence(this.result);
    const { errors, warnings, verdict: word } = report.summary;
    this.announcement = `${m.verdictLabel}: ${m.verdict[word]}. ${m.errors(errors)}, ${m.warnings(warnings)}.`;
  }

  #certificates(report: Report): Result["certificates"] {
    const subjects = new Map(report.certificates.map(({ sha256, subject }) => [sha256, subject]));
    return {
      subjectOf: (sha256) => subjects.get(sha256) ?? "",
      linkTo: (sha256, label) => (subjects.has(sha256) ? html`<a href="#certificate-${sha256}" @click=${(event: Event) => {
        event.preventDefault();
        this.#actions.reveal(`certificate-${sha256}`);
      }}>${label}</a>` : html`<code>${label}</code>`),
    };
  }

  /** Nothing is being read or judged any more. */
  #ends(): void {
    clearTimeout(this.#impatience);
    this.#impatience = undefined;
    this.#soFar = null;
    this.#stops = null;
    this.busy = "idle";
  }

  #trapped({ key, message }: Extract<Reply, { type: "trap" }>): void {
    this.#ends();
    if (!this.ready) {
      this.#notify({ tone: "error", text: m.engineMissing, detail: message });
      return;
    }
    const culprit = this.entries.find((entry) => entry.key === key);
    const text = culprit === undefined ? m.stopped : m.stoppedAt(culprit.name);
    const left = culprit === undefined ? this.entries.filter((entry) => !this.#fresh.has(entry.key)) : this.entries.filter((entry) => entry !== culprit);
    // Without a culprit and without newcomers nothing could be left out: judging again would stop again.
    const retry = left.length > 0 && left.length < this.entries.length;
    this.#fresh.clear();
    this.entries = left;
    this.notices = [...this.notices, { tone: "error", text, detail: message }];
    if (retry) this.#judge();
    else if (left.length === 0) this.#clear(this.notices);
  }

  #cancel(): void {
    const { busy } = this;
    const read = this.entries.find(({ key }) => key === this.#stops)?.read ?? 0;
    if (busy === "reading" && read > 0 && this.#impatience === undefined) {
      // What a capture, an archive or a log has shown until now is worth a report.
      this.#engine.stop();
      this.#impatience = setTimeout(() => this.#giveUp(), PATIENCE);
    } else this.#giveUp();
  }

  #giveUp(): void {
    this.#engine.restart();
    this.entries = this.entries.filter((entry) => !this.#fresh.has(entry.key));
    this.#fresh.clear();
    this.#ends();
    const notice: Notice = { tone: "info", text: m.cancelled };
    if (this.entries.length === 0) this.#clear([notice]);
    else this.notices = [notice];
  }

  #clear(notices: Notice[] = []): void {
    if (this.busy !== "idle") this.#engine.restart();
    this.entries = [];
    this.result = null;
    this.rest = false;
    this.selection = null;
    this.#ends();
    this.shown = {};
    this.context = {};
    this.expected = "";
    this.password = "";
    this.notices = notices;
    this.#fresh.clear();
  }

  #notify(notice: Notice): void {
    this.notices = [...this.notices, notice];
  }

  #shown(section: string): number {
    return this.shown[section] ?? (this.result !== null && isLong(this.result.report) ? FEW : PAGE_SIZE);
  }

  #setDay(value: string): void {
    this.day = /^\d{4}-\d\d-\d\d$/.test(value) ? value : today();
    if (this.entries.length > 0) this.#judge();
  }

  #setContext(key: string, value: string): void {
    const { [key]: _, ...others } = this.context;
    this.context = value.trim() === "" ? others : { ...others, [key]: value.trim() };
    this.#judge();
  }

  #setExpected(value: string): void {
    if (value === this.expected) return;
    this.expected = value;
    this.#judge();
  }

  #setPassword(value: string): void {
    if (value === this.password) return;
    this.password = value;
    this.#judge();
  }

  #setTheme(theme: Theme): void {
    this.theme = theme;
    try {
      localStorage.setItem("tlvet-theme", theme);
    } catch {
      // A page from a file may have no storage; the choice then lasts as long as the page.
    }
  }

  #setRedact(redact: boolean): void {
    this.redact = redact;
    if (this.entries.length > 0) this.#judge();
  }

  #download(content: BlobPart, form: "json" | Form): void {
    const { type, ending } = { json: { type: "application/json", ending: "json" }, markdown: { type: "text/markdown", ending: "md" }, html: { type: "text/html", ending: "html" } }[form];
    const url = URL.createObjectURL(new Blob([content], { type }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `tlvet-report.${ending}`;
    link.click();
    URL.revokeObjectURL(url);
  }

  #closeHex(): void {
    this.selection = null;
    this.#returnTo?.focus();
    this.#returnTo = null;
  }

  // Rendering

  protected override updated(changed: PropertyValues): void {
    if (changed.has("theme")) {
      if (this.theme === "auto") delete document.documentElement.dataset["theme"];
      else document.documentElement.dataset["theme"] = this.theme;
    }
    const bar = this.querySelector(".bar");
    if (bar !== this.#bar) {
      this.#barSize.disconnect();
      if (bar !== null) this.#barSize.observe(bar);
      this.#bar = bar;
    }
    // In the frame behind the one that shows the verdict.
    if (this.result !== null && !this.rest) requestAnimationFrame(() => requestAnimationFrame(() => (this.rest = this.result !== null)));
    if (this.#focusHex) {
      this.#focusHex = false;
      this.querySelector<HexView>("tlvet-hex")?.focusBytes();
    }
  }

  protected override render(): TemplateResult {
    const filled = this.entries.length > 0;
    return html`
      <a class="skip" href="#verdict" ?hidden=${this.result === null}>${m.skipToResult}</a>
      ${this.#header(filled)}
      <main class=${filled ? "filled" : "empty"}>
        ${this.#intake(filled)}
        ${this.#progress()}
        ${this.#soFar === null ? nothing : soFar(this.#soFar)}
        ${this.notices.map((notice) => this.#notice(notice))}
        ${this.result === null ? nothing : this.#report(this.result)}
        ${filled ? nothing : this.#sampleList()}
      </main>
      <footer class="foot"><span>${m.independent}</span></footer>
      <p class="visually-hidden" aria-live="polite" data-testid="announcement">${this.announcement}</p>
      ${this.dragging ? this.#overlay() : nothing}
    `;
  }

  #header(filled: boolean): TemplateResult {
    return html`<header class="top">
      <div class="brand">${logo()}<h1>${m.name}</h1><p>${m.tagline}</p></div>
      <div class="controls">
        <label class="control"><span>${m.now}</span><input type="date" data-testid="now" .value=${this.day} @change=${(event: Event) => this.#setDay((event.target as HTMLInputElement).value)} /></label>
        <label class="control"><span>${m.theme}</span><select data-testid="theme" .value=${this.theme} @change=${(event: Event) => this.#setTheme((event.target as HTMLSelectElement).value as Theme)}>
          ${THEMES.map((theme) => html`<option value=${theme} ?selected=${theme === this.theme}>${m.themes[theme]}</option>`)}</select></label>
        ${filled ? html`<label class="control"><span class="visually-hidden">${m.samples}</span><select data-testid="samples" @change=${(event: Event) => this.#chooseSample(event)}>
          <option value="">${m.sampleMenu}</option>${samples.map((sample) => html`<option value=${sample.id}>${sample.title}</option>`)}</select></label>` : nothing}
      </div>
    </header>`;
  }

  #chooseSample(event: Event): void {
    const menu = event.target as HTMLSelectElement;
    const sample = samples.find(({ id }) => id === menu.value);
    menu.value = "";
    if (sample !== undefined) this.#openSample(sample);
  }

  #intake(filled: boolean): TemplateResult {
    return html`<section class="intake" aria-label=${m.dropTitle}>
      <div class="promise">
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="M8 1.4l5.5 2v4.2c0 3.3-2.2 5.8-5.5 7-3.3-1.2-5.5-3.7-5.5-7V3.4z"/><path d="M5.3 8l2 2 3.5-4"/></svg>
        <p>${m.promise}</p>
        <details><summary>${m.promiseHow}</summary><ul>${m.promiseSteps.map((step) => html`<li>${step}</li>`)}</ul></details>
      </div>
      <div class="drop-zone" data-testid="drop-zone">
        <div class="drop-text"><h2>${filled ? m.dropMore : m.dropTitle}</h2>${filled ? nothing : html`<p>${m.dropPaste}</p><p class="quiet">${m.dropKinds}</p>`}</div>
        <div class="pickers">
          <label class="picker primary"><input type="file" multiple data-testid="file-input" @change=${(event: Event) => this.#chosen(event, "observed")} /><span>${m.chooseFiles}</span></label>
          <label class="picker"><input type="file" multiple data-testid="phone-input" @change=${(event: Event) => this.#chosen(event, "phone")} /><span>${m.choosePhone}</span></label>
          <label class="picker"><input type="file" multiple data-testid="trust-input" @change=${(event: Event) => this.#chosen(event, "trust")} /><span>${m.chooseTrust}</span></label>
        </div>
      </div>
    </section>`;
  }

  #sampleList(): TemplateResult {
    return html`<section class="samples"><h2>${m.samplesTitle}</h2><ul>${samples.map((sample) => html`<li>
      <button type="button" data-testid="sample" data-sample=${sample.id} @click=${() => this.#openSample(sample)}>
        <b>${sample.title}</b><span>${sample.shows}</span><small class="mono">${m.filesIn(sample.files.length)}</small></button></li>`)}</ul></section>`;
  }

  #progress(): TemplateResult {
    const busy = this.busy !== "idle" || (!this.ready && this.entries.length > 0) || (this.result !== null && !this.rest);
    const done = this.entries.filter(({ status }) => status === "read" || status === "unreadable").length;
    const all = this.entries.length;
    const current = this.entries.find(({ status }) => status === "reading") ?? this.entries.find(({ status }) => status === "waiting");
    const text = !this.ready ? m.starting : this.busy === "loading" ? m.loading : this.busy === "judging" || done >= all ? m.judging : m.reading(done, all);
    const share = current === undefined || current.file.size === 0 ? 0 : current.read / (current.stopAt ?? current.file.size);
    const large = busy && this.busy === "reading" && current !== undefined && current.file.size >= LARGE;
    return html`<div class="progress" data-testid="progress" ?hidden=${!busy}>
      <progress max="1" .value=${all === 0 ? 0 : Math.min(1, (done + share) / all)} aria-label=${text}></progress>
      <span class="progress-text">${text}${current === undefined || !busy ? nothing : html` <span class="mono">${current.name}</span>`}
        ${large ? html`<span class="mono quiet" data-testid="progress-bytes">${m.progress(current.read, current.file.size, current.rate)}</span>` : nothing}</span>
      <button type="button" data-testid="cancel" @click=${() => this.#cancel()}>${large && current.key === this.#stops ? m.stopHere : m.cancel}</button>
    </div>`;
  }

  #notice(notice: Notice): TemplateResult {
    return html`<div class="notice ${notice.tone}" role=${notice.tone === "error" ? "alert" : "status"} data-testid="notice">
      ${icon(notice.tone)}<div><p>${notice.text}</p>${notice.detail === undefined ? nothing : html`<details><summary>${m.detail}</summary><code>${notice.detail}</code></details>`}</div>
      <button type="button" class="quiet-button" aria-label=${m.dismiss} @click=${() => (this.notices = this.notices.filter((other) => other !== notice))}>✕</button>
    </div>`;
  }

  #report(result: Result): TemplateResult {
    const { report } = result;
    const actions = this.#actions;
    // Certificates and lists are many and change only with the report.
    const body = guard([result, this.rest, this.selection, this.shown, this.entries, this.entries.map(({ role }) => role).join(), this.expected, this.password], () => html`
      ${part("findings", report.findings.length, findings(result, this.#shown("findings"), actions))}
      ${this.rest ? this.#below(result) : nothing}`);
    return html`<div class="report" ?data-stale=${this.busy !== "idle"} ?data-long=${isLong(report)}>
      ${verdict(result, actions)}
      <div class="bar">
        <nav aria-label=${m.jumpTo}>${this.#links(result)}</nav>
        <div class="bar-actions">
          <button type="button" data-testid="export-json" ?disabled=${!result.whole} @click=${() => this.#download(JSON.stringify(report), "json")}>${m.exportJson}</button>
          <button type="button" data-testid="export-markdown" ?disabled=${this.busy !== "idle" || !result.whole} @click=${() => this.#engine.export("markdown", this.#now(), this.redact)}>${m.exportMarkdown}</button>
          <button type="button" data-testid="export-html" ?disabled=${this.busy !== "idle" || !result.whole} @click=${() => this.#engine.export("html", this.#now(), this.redact)}>${m.exportHtml}</button>
          <label class="redact" title=${m.redactLead}><input type="checkbox" data-testid="redact" .checked=${this.redact} @change=${(event: Event) => this.#setRedact((event.target as HTMLInputElement).checked)} /> ${m.redact}</label>
          <button type="button" @click=${() => globalThis.print()}>${m.print}</button>
          <button type="button" data-testid="clear" @click=${() => this.#clear()}>${m.clear}</button>
        </div>
      </div>
      <div class="columns ${this.selection === null && report.captures.length > 0 ? "single" : ""}"><div class="parts">${this.#questions(report)}${body}</div>${this.#hex(result)}</div>
    </div>`;
  }

  /** Everything below the findings. */
  #below(result: Result): TemplateResult {
    const { report } = result;
    const actions = this.#actions;
    const { trust_lists: lists, signed_files: signed, configurations, certificates, chains, timeline: events } = report;
    const { certificate_requests: requests, revocation_lists: revocations, stores, private_keys: keys } = report;
    const asksPassword = this.#asksPassword(report);
    const needed = report.skipped.filter(({ outcome }) => outcome === "not_enough_evidence").length;
    const shown = this.#shown("certificates");
    return html`
      ${part("forecast", report.forecast.length, html`${this.#expectedField(asksAddresses(report))}${forecast(report.forecast, result, this.#shown("forecast"), actions)}`, asksAddresses(report))}
      ${part("chains", chains.length, html`${chainsLead(chains)}${chains.slice(0, this.#shown("chains")).map((item) => chain(item, chains.length === 1, this.#shown(namesSection(item)), result, actions))}${moreButton(chains.length, this.#shown("chains"), "chains", actions)}`)}
      ${part("captures", report.captures.length, html`${report.captures.slice(0, this.#shown("captures")).map((item) => capture(item, (section) => this.#shown(section), result, actions))}${moreButton(report.captures.length, this.#shown("captures"), "captures", actions)}`)}
      ${part("skipped", needed, skipped(report.skipped, actions), report.skipped.length > 0)}
      ${part("lists", lists.length, html`${lists.slice(0, this.#shown("lists")).map((list) => trustList(list, result, this.selection, actions))}${moreButton(lists.length, this.#shown("lists"), "lists", actions)}`)}
      ${part("signed", signed.length, html`${signed.slice(0, this.#shown("signed")).map((file) => signedFile(file, result, actions))}${moreButton(signed.length, this.#shown("signed"), "signed", actions)}`)}
      ${part("configurations", configurations.length, html`${configurations.slice(0, this.#shown("configurations")).map((item) => configuration(item, result, actions))}${moreButton(configurations.length, this.#shown("configurations"), "configurations", actions)}`)}
      ${part("certificates", certificates.length, html`<div class="cards">${certificates.slice(0, shown).map((item) => certificate(item, result, actions))}</div>${moreButton(certificates.length, shown, "certificates", actions)}`)}
      ${this.#list("requests", requests, (item) => request(item, result, actions))}
      ${this.#list("revocations", revocations, (item) => revocationList(item, result, actions))}
      ${this.#list("stores", stores, (item) => store(item, result, actions), asksPassword ? this.#passwordField() : nothing)}
      ${this.#list("keys", keys, (item) => privateKey(item, result, actions), stores.length === 0 && asksPassword ? this.#passwordField() : nothing)}
      ${part("timeline", events.length, html`<tlvet-timeline .events=${events} .result=${result} .actions=${actions}></tlvet-timeline>`)}
      ${part("inputs", report.inputs.length, inputs(this.entries, result, this.#shown("inputs"), actions))}
    `;
  }

  #list<T>(section: keyof typeof m.sections, all: T[], one: (item: T) => TemplateResult, before: Piece = nothing): Piece {
    const shown = this.#shown(section);
    return part(section, all.length, html`${before}<div class="cards">${all.slice(0, shown).map(one)}</div>${moreButton(all.length, shown, section, this.#actions)}`);
  }

  /** What no file says; the two questions that these files call for stand where their answers show. */
  #questions(report: Report): Piece {
    if (this.contextKeys.length === 0) return nothing;
    return html`<details class="fold questions" data-testid="context"><summary>${m.contextTitle}</summary>
      <p class="quiet">${m.contextLead}</p>
      ${asksAddresses(report) ? nothing : this.#expectedField(false)}
      ${this.#asksPassword(report) ? nothing : this.#passwordField()}
      <div class="question-list">${(this.rest ? this.contextKeys : []).map(({ name, values }) => html`<label><code>${name}</code><input type="text" data-key=${name} .value=${this.context[name] ?? ""}
        @change=${(event: Event) => this.#setContext(name, (event.target as HTMLInputElement).value)} /><small class="quiet">${values}</small></label>`)}</div></details>`;
  }

  /** Whether there is something to open; the field stays where it is once it is open. */
  #asksPassword({ stores, private_keys: keys }: Report): boolean {
    return [...stores, ...keys].some(({ protection }) => protection !== "clear" && protection !== "unsupported");
  }

  #expectedField(inviting: boolean): TemplateResult {
    const lines = Math.max(2, Math.min(8, this.expected.split("\n").length));
    return html`<label class="question ${inviting ? "panel" : ""}"><b>${m.expectedTitle}</b><span class="quiet">${inviting && this.expected === "" ? m.expectedInvite : m.expectedLead}</span>
      <textarea class="mono" rows=${lines} spellcheck="false" autocomplete="off" data-testid="expected" placeholder=${m.expectedExample} .value=${this.expected}
        @change=${(event: Event) => this.#setExpected((event.target as HTMLTextAreaElement).value)}></textarea></label>`;
  }

  #passwordField(): TemplateResult {
    return html`<label class="question"><b>${m.passwordTitle}</b><span class="quiet">${m.passwordLead}</span>
      <input type="password" autocomplete="off" data-testid="password" .value=${this.password}
        @change=${(event: Event) => this.#setPassword((event.target as HTMLInputElement).value)} /></label>`;
  }

  #links(result: Result): Piece[] {
    const { report } = result;
    const asked = asksAddresses(report);
    const links: [keyof typeof m.sections, number][] = [
      ["findings", report.findings.length],
      ["forecast", report.forecast.length],
      ["chains", report.chains.length],
      ["captures", report.captures.length],
      ["skipped", report.skipped.filter(({ outcome }) => outcome === "not_enough_evidence").length],
      ["lists", report.trust_lists.length],
      ["signed", report.signed_files.length],
      ["configurations", report.configurations.length],
      ["certificates", report.certificates.length],
      ["requests", report.certificate_requests.length],
      ["revocations", report.revocation_lists.length],
      ["stores", report.stores.length],
      ["keys", report.private_keys.length],
      ["timeline", report.timeline.length],
      ["inputs", report.inputs.length],
    ];
    return links.map(([section, count]) => (count === 0 && !(section === "forecast" && asked) ? nothing
      : html`<a href="#${section}">${m.sections[section]}${count === 0 ? nothing : html` <span class="badge">${count}</span>`}</a>`));
  }

  #hex(result: Result): TemplateResult {
    const { selection } = this;
    const input = selection === null ? undefined : result.report.inputs[selection.input];
    const entry = selection === null ? undefined : result.entryOf.get(selection.input);
    const head = html`<h2>${selection?.line == null ? m.hexTitle : m.textTitle}</h2>${input === undefined ? nothing : html`<span class="mono hex-file">${input.name}</span>`}
      ${selection === null ? nothing : html`<button type="button" class="quiet-button" aria-label=${m.hexClose} title=${m.hexClose} @click=${() => this.#closeHex()}>✕</button>`}`;
    const content = !this.rest
      ? nothing
      : selection === null || input === undefined
      ? html`<p class="quiet">${m.hexEmpty}</p>`
      : entry === undefined
        ? html`<p class="quiet">${m.hexNoBytes}</p>`
        : entry.role === "key" || input.kind === "private-key" || result.report.private_keys.some((key) => key.input === selection.input && key.protection === "clear")
          ? html`<p class="quiet">${m.hexKey}</p>`
          : selection.line !== null
            ? html`<tlvet-text .file=${entry.file} .line=${selection.line} .label=${m.textOf(input.name)}></tlvet-text>`
            : html`<tlvet-hex .file=${entry.file} .layout=${layoutOf(result, selection.input)} .start=${selection.start} .end=${selection.end} .label=${m.hexOf(input.name)}></tlvet-hex>`;
    return html`<aside class="hex-pane ${selection === null ? "" : "open"}" aria-label=${m.hexTitle} data-testid="hex-pane"
      @keydown=${(event: KeyboardEvent) => { if (event.key === "Escape") this.#closeHex(); }}>
      <header class="hex-head">${head}</header>${content}</aside>`;
  }

  #overlay(): TemplateResult {
    return html`<div class="overlay" aria-hidden="true">${DROP_ROLES.map((role) => html`<div class="overlay-zone" data-drop-role=${role}>
      <b>${m.dragHere[role][0]}</b><span>${m.dragHere[role][1]}</span></div>`)}</div>`;
  }
}

function part(section: keyof typeof m.sections, count: number, content: unknown, show = count > 0): Piece {
  if (!show) return nothing;
  return html`<section class="part" id=${section} aria-labelledby="title-${section}" tabindex="-1"><h2 id="title-${section}">${m.sections[section]}${count === 0 ? nothing : html` <span class="badge">${count}</span>`}</h2>${content}</section>`;
}

/** Whether there is so much that what is out of sight is not laid out until somebody comes near. */
function isLong({ findings, certificates, chains, captures }: Report): boolean {
  const flows = captures.reduce((sum, capture) => sum + capture.flows.length, 0);
  return Math.max(findings.length, certificates.length, chains.length, flows) > LONG;
}

/** Whether there are servers that clients reach by an address. */
function asksAddresses(report: Report): boolean {
  return report.chains.length > 0 || report.forecast.length > 0;
}

/** Answers that the engine did not take; of very many, the first tell enough. */
function refusals(all: Refusal[]): Notice[] {
  const told = all.slice(0, REFUSALS).map(({ of, message }) =>
    of === null ? m.refusedPassword(message) : "answer" in of ? m.refusedAnswer(of.answer, message) : "member" in of ? m.refusedMember(of.member, message) : m.refusedAddress(of.address, message));
  if (all.length > REFUSALS) told.push(m.refusedMore(all.length - REFUSALS));
  return told.map((text) => ({ tone: "error", ofAnswers: true, text: text.length > REFUSAL_LENGTH ? `${text.slice(0, REFUSAL_LENGTH)}…` : text }));
}

const layouts = new WeakMap<Report, Map<number, Layout>>();

/** The same object for the same report, so that the hex view names its bytes once. */
function layoutOf({ report }: Result, input: number): Layout | null {
  const known = layouts.get(report) ?? new Map<number, Layout>();
  layouts.set(report, known);
  const found = known.get(input);
  if (found !== undefined) return found;
  const list = report.trust_lists.find((candidate) => candidate.input === input);
  const signed = report.signed_files.find((candidate) => candidate.input === input);
  const headerLength = list?.header_length ?? signed?.header_length ?? null;
  if (headerLength === null) return null;
  const layout = { headerLength, records: list?.records ?? [] };
  known.set(input, layout);
  return layout;
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") === true;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem("tlvet-theme");
    return THEMES.find((theme) => theme === stored) ?? "auto";
  } catch {
    return "auto";
  }
}

customElements.define("tlvet-app", App);
