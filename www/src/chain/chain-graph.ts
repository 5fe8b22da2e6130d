/** The graph of a chain: anchors on top, the server's certificate at the bottom, drawn for the width that it has. */
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import type { Chain, ChainCheck } from "../generated/report.js";
import { Measured } from "../measured.js";
import { messages as m } from "../messages/index.js";
import { fit, measure } from "../capture/text.js";
import type { Actions, Result } from "../state.js";
import { commonName, dayText, keyText } from "../views/parts.js";
import { headOf, layoutOf, LINE, TIGHT, type Box, type Edge } from "./layout.js";

const TITLE = "620 14px system-ui, sans-serif";
const TEXT = "12.5px system-ui, sans-serif";
const BOLD = "600 12.5px system-ui, sans-serif";
const CODE = "12px ui-monospace, monospace";
/** Where texts begin, to the right of the line that links the boxes. */
const INDENT = 50;
const STEM = 25;
const TIGHT_INDENT = 24;
const TIGHT_STEM = 11;
/** Columns narrower than this show whether a check holds, and leave what was compared to the list. */
const WITH_VALUES = 350;
const VALUES = 118;

export class ChainGraph extends Measured {
  static override properties = {
    chain: { attribute: false },
    result: { attribute: false },
    actions: { attribute: false },
    ...Measured.properties,
  };

  declare chain: Chain;
  declare result: Result;
  declare actions: Actions;

  protected override render(): TemplateResult | typeof nothing {
    if (this.room === 0) return nothing;
    const layout = layoutOf(this.chain, this.result.report, this.room);
    const { width, height, boxes, edges } = layout;
    // A hair around everything, so that no stroke is cut.
    return html`<svg class="chain-graph" role="group" aria-label=${m.chain.graphOf(nameOf(boxes[0]))} viewBox="-2 -2 ${width + 4} ${height + 4}" width=${width + 4} height=${height + 4}>
      ${edges.map((edge) => this.#edge(edge))}${boxes.map((box) => this.#box(box))}
    </svg>`;
  }

  #edge({ from, to, checks, view }: Edge): SVGTemplateResult {
    const tight = to.width < TIGHT;
    const indent = tight ? TIGHT_INDENT : INDENT;
    const x = to.x + (tight ? TIGHT_STEM : STEM);
    const top = to.y + to.height;
    const ghost = to.sha256 === null;
    const tone = ghost ? this.#ghostTone() : checks.some(({ holds }) => !holds) ? "error" : "good";
    const width = to.width;
    const middle = (top + from.y) / 2;
    const count = Math.max(1, checks.length + (view === null ? 0 : 1));
    const first = middle - (count * LINE) / 2 + 14;
    const heading = view === null ? (ghost ? m.chain.nobody : null) : m.chain.view[view];
    return svg`<g class="edge ${tone} ${ghost ? "ghost" : ""}">
      <path class="stem" d="M${x} ${from.y}V${top + 9}"/>
      ${ghost ? nothing : svg`<path class="tip" d="M${x - 5.5} ${top + 10}L${x} ${top + 1}L${x + 5.5} ${top + 10}z"/>`}
      ${heading === null ? nothing : svg`<text class="edge-head" x=${to.x + indent} y=${first}>${fit(heading, TITLE, width - indent)}</text>`}
      ${checks.map((check, index) => this.#check(check, to.x + indent, first + (index + (view === null ? 0 : 1)) * LINE, width - indent))}
    </g>`;
  }

  #check(check: ChainCheck, x: number, y: number, room: number): SVGTemplateResult {
    const word = m.chain.checks[check.check];
    return svg`<g class="check ${check.holds ? "good" : "error"}" data-testid="chain-check" data-check=${check.check} data-holds=${String(check.holds)}>
      <title>${check.values.join(check.holds ? "\n" : "\n≠ ")}</title>
      ${mark(check.holds, x, y - 10)}
      <text x=${x + 19} y=${y}>${fit(check.holds ? word : m.chain.fails(word), TEXT, room - 19)}</text>
      ${room < WITH_VALUES ? nothing : svg`<text class="code" x=${x + 19 + VALUES} y=${y}>${fit(compared(check), CODE, room - 19 - VALUES)}</text>`}
    </g>`;
  }

  #box(box: Box): SVGTemplateResult {
    const { x, y, width, height } = box;
    if (box.sha256 === null) return this.#ghost(box);
    const sha256 = box.sha256;
    const { certificate, validity } = box;
    const tone = box.errors.length > 0 ? "error" : box.inStore ? "good" : "";
    const tight = width < TIGHT;
    const depth = tight ? "" : m.chain.depth(box.depth);
    const facts = certificate === null ? `${sha256.slice(0, 16)}…` : [keyText(certificate.key), certificate.self_signed ? m.certificate.selfSigned : null, `SHA-256 ${sha256.slice(0, 12)}…`].filter((fact) => fact !== null).join(" · ");
    const pill = box.inStore ? m.chain.inStore : null;
    const pillWidth = pill === null ? 0 : measure(pill, TEXT) + 14;
    const indent = tight ? 12 : INDENT;
    const inside = width - indent - 12;
    const pillLeft = tight ? x + indent : x + width - 12 - pillWidth;
    const pillTop = y + (tight ? 66 : 46);
    return svg`<a class="node ${tone}" href="#certificate-${sha256}" data-testid="chain-node" data-sha256=${sha256} data-in-store=${String(box.inStore)} data-depth=${box.depth}
      @click=${(event: Event) => { event.preventDefault(); this.actions.reveal(`certificate-${sha256}`); }}>
      <rect class="box" x=${x} y=${y} width=${width} height=${height} rx="7"/>
      ${tight ? nothing : box.inStore ? svg`<path class="anchor" d="M${x + STEM} ${y + 20}v23m-8-16h16m-20 7c0 6 5 9 12 9s12-3 12-9"/><circle class="anchor" cx=${x + STEM} cy=${y + 17} r="3"/>`
        : box.depth === 0 ? svg`<path class="symbol" d="M${x + 15} ${y + 17}h20v10h-20zm0 14h20v10h-20zM${x + 19} ${y + 22}h.1m-.1 14h.1"/>`
          : svg`<path class="symbol" d="M${x + 16} ${y + 15}h18v26h-18zm4 7h10m-10 6h10m-10 6h5"/>`}
      <text class="title" x=${x + indent} y=${y + 23}>${fit(nameOf(box), TITLE, inside - measure(depth, TEXT) - (tight ? 0 : 10))}</text>
      <text class="depth" x=${x + width - 12} y=${y + 23} text-anchor="end">${depth}</text>
      <text class="facts" x=${x + indent} y=${y + 41}>${fit(facts, TEXT, inside)}</text>
      ${this.#validity(validity, x + indent, y + 59, tight ? inside : inside - pillWidth - 6)}
      ${pill === null ? nothing : svg`<rect class="pill" x=${pillLeft} y=${pillTop} width=${pillWidth} height="17" rx="8.5"/><text class="pill-text" x=${pillLeft + pillWidth / 2} y=${pillTop + 12.5} text-anchor="middle">${pill}</text>`}
      ${this.#errors(box)}
    </a>`;
  }

  #validity(check: ChainCheck | null, x: number, y: number, room: number): SVGTemplateResult | typeof nothing {
    if (check === null) return nothing;
    const [from = "", until = ""] = check.values;
    const text = check.holds ? m.chain.validUntil(dayText(until)) : Date.parse(this.result.report.now) > Date.parse(until) ? m.chain.expired(dayText(until)) : m.chain.notYet(dayText(from));
    return svg`<g class="check ${check.holds ? "good" : "error"}" data-testid="chain-check" data-check="validity" data-holds=${String(check.holds)}>
      ${mark(check.holds, x, y - 10)}<text x=${x + 18} y=${y}>${fit(text, TEXT, room - 18)}</text></g>`;
  }

  #ghost(box: Box): SVGTemplateResult {
    const { x, y, width, height, wanted } = box;
    const tight = width < TIGHT;
    const indent = tight ? 12 : INDENT;
    const inside = width - indent - 12;
    const identifier = wanted?.keyIdentifier ?? null;
    const depth = tight ? "" : m.chain.depth(box.depth);
    return svg`<g class="node ghost ${this.#ghostTone()}" data-testid="chain-missing" data-depth=${box.depth} data-key-identifier=${identifier ?? ""}>
      <title>${wanted?.subject ?? ""}</title>
      <rect class="box" x=${x} y=${y} width=${width} height=${height} rx="7"/>
      ${tight ? nothing : svg`<text class="query" x=${x + STEM} y=${y + 40} text-anchor="middle">?</text>`}
      <text class="title" x=${x + indent} y=${y + 23}>${fit(commonName(wanted?.subject ?? ""), TITLE, inside - measure(depth, TEXT) - 10)}</text>
      <text class="depth" x=${x + width - 12} y=${y + 23} text-anchor="end">${depth}</text>
      <text class="missing" x=${x + indent} y=${y + 41}>${fit(this.chain.ok === false ? m.chain.missing : m.chain.absent, BOLD, inside)}</text>
      <text class="code" x=${x + indent} y=${y + 59}>${fit(identifier === null ? m.chain.noIdentifier : m.chain.identifier(identifier), CODE, inside)}</text>
      ${this.#errors(box)}
    </g>`;
  }

  /** What is not there is an error only where a trust store was given and the chain is refused for it. */
  #ghostTone(): "error" | "unknown" {
    return this.chain.ok === false ? "error" : "unknown";
  }

  #errors(box: Box): SVGTemplateResult[] {
    const first = this.chain.all[0];
    return box.errors.map((failure, index) => {
      const y = box.y + headOf(box.width) + index * LINE + 11;
      const x = box.x + (box.width < TIGHT ? 12 : INDENT);
      const words = m.chain.error(failure.code, failure.error);
      return svg`<g class="failure ${failure === first ? "first" : ""}">${mark(false, x, y - 10)}<text x=${x + 19} y=${y}>${fit(words, failure === first ? TITLE : TEXT, box.x + box.width - x - 31)}</text></g>`;
    });
  }
}

/** A tick or a cross in a disc, 14 pixels wide. */
function mark(holds: boolean, x: number, y: number): SVGTemplateResult {
  return svg`<circle class="disc" cx=${x + 6.5} cy=${y + 6.5} r="6.5"/><path class="cut" d=${holds ? `M${x + 3.6} ${y + 6.8}l2.1 2.2 3.8-4.4` : `M${x + 4} ${y + 4}l5 5m0-5l-5 5`}/>`;
}

function nameOf(box: Box | undefined): string {
  if (box?.certificate) return commonName(box.certificate.subject);
  return box?.sha256 ? `${box.sha256.slice(0, 16)}…` : "";
}

/** What was compared, in few words. */
function compared({ check, holds, values }: ChainCheck): string {
  const [one = "", other = ""] = values;
  if (check === "names") return holds ? commonName(one) : commonName(one) === commonName(other) ? `${one} ≠ ${other}` : `${commonName(one)} ≠ ${commonName(other)}`;
  if (check === "key_identifiers") return holds ? one : `${one.slice(0, 12)}… ≠ ${other.slice(0, 12)}…`;
  return values.join(", ");
}

customElements.define("tlvet-chain", ChainGraph);
