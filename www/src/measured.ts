/** An element drawn for the width that it has: a picture knows its pixels before it is laid out. */
import { LitElement } from "lit";

export abstract class Measured extends LitElement {
  static override properties: Record<string, object> = { room: { state: true } };

  /** Pixels there are inside its padding; 0 while it is folded away. */
  declare protected room: number;

  /** Pixels of its border and padding. */
  protected readonly frame: number = 0;

  #observer = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width > this.frame) this.room = width - this.frame;
  });

  constructor() {
    super();
    this.room = 0;
  }

  /** Drawn in the page's own tree, so that its styles and its search reach it. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }
}
