/** The phones of a capture: what each did, over all servers, as one ladder. */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { messages as m } from "../messages/index.js";
import type { Capture } from "../report.js";
import "../views/choice.js";
import { MANY, type Option } from "../views/choice.js";
import "./ladder.js";
import { sequenceOfPhone, type Phone, type Sequence } from "./sequence.js";

export class Phones extends LitElement {
  static override properties = {
    capture: { attribute: false },
    phones: { attribute: false },
    subjectOf: { attribute: false },
    chosen: { state: true },
  };

  declare capture: Capture;
  declare phones: Phone[];
  declare subjectOf: (sha256: string) => string;
  /** Address of the phone that is shown; null for the one with the most failures. */
  declare private chosen: string | null;

  constructor() {
    super();
    this.chosen = null;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    const words = m.phones;
    const worst = this.phones.reduce<Phone | undefined>((worst, phone) => (worst === undefined || phone.failures > worst.failures ? phone : worst), undefined);
    const phone = this.phones.find(({ address }) => address === this.chosen) ?? worst;
    if (phone === undefined) return nothing;
    const name = ({ device, address, failures }: Phone): string => `${device === null ? address : `${device} (${address})`}${failures === 0 ? "" : `, ${words.failures(failures)}`}`;
    const option = (one: Phone): Option => [one.address, name(one)];
    return html`<div class="phone-head"><h4>${words.title} <span class="badge">${this.phones.length.toLocaleString("en")}</span></h4>
        ${this.phones.length === 1 ? html`<span class="mono">${name(phone)}</span>` : html`<label class="control-plain"><span class="visually-hidden">${words.choose}</span><tlvet-choice .testId=${"phone"} .chosen=${option(phone)} .many=${this.phones.length > MANY} .options=${() => this.phones.map(option)}
          .choose=${(address: string) => (this.chosen = address)}></tlvet-choice></label>`}</div>
      <div data-testid="boot" data-phone=${phone.address} data-device=${phone.device ?? ""}><tlvet-ladder .sequence=${this.#sequence(phone)}></tlvet-ladder></div>`;
  }

  #known: { capture: Capture; phone: Phone; sequence: () => Sequence } | null = null;

  #sequence(phone: Phone): () => Sequence {
    const { capture, subjectOf } = this;
    if (this.#known?.capture !== capture || this.#known.phone !== phone) this.#known = { capture, phone, sequence: () => sequenceOfPhone(capture, phone, subjectOf) };
    return this.#known.sequence;
  }
}

customElements.define("tlvet-phones", Phones);
