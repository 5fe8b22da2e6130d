/** A menu. One of very many options has the chosen one alone until somebody turns to it: thousands of them weigh more than the table below. */
import { html, LitElement, type TemplateResult } from "lit";

/** Options beyond which a menu is not filled before somebody turns to it. */
export const MANY = 100;

export type Option = readonly [value: string, name: string];

export class Choice extends LitElement {
  static override properties = {
    testId: { attribute: false },
    chosen: { attribute: false },
    many: { attribute: false },
    options: { attribute: false },
    filled: { state: true },
  };

  declare testId: string;
  declare chosen: Option;
  /** There are very many. */
  declare many: boolean;
  /** All of them. */
  declare options: () => readonly Option[];
  declare choose: (value: string) => void;
  /** Somebody has turned to it. */
  declare private filled: boolean;

  constructor() {
    super();
    this.filled = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const options = this.filled || !this.many ? this.options() : [this.chosen];
    return html`<select class=${this.many ? "many" : ""} data-testid=${this.testId} @pointerdown=${() => this.#fill()} @focus=${() => this.#fill()} @change=${(event: Event) => this.choose((event.target as HTMLSelectElement).value)}>
      ${options.map(([value, name]) => html`<option value=${value}>${name}</option>`)}</select>`;
  }

  protected override updated(): void {
    const select = this.querySelector("select");
    if (select !== null) [select.value] = this.chosen;
  }

  /** At once: the browser opens the menu behind this event. */
  #fill(): void {
    if (this.filled) return;
    this.filled = true;
    this.performUpdate();
  }
}

customElements.define("tlvet-choice", Choice);
