/** Widths of texts, for pictures whose words must fit. */

let canvas: CanvasRenderingContext2D | null = null;

/** Width of a text in pixels. */
export function measure(text: string, font: string): number {
  canvas ??= document.createElement("canvas").getContext("2d");
  if (canvas === null) return text.length * 8;
  canvas.font = font;
  return canvas.measureText(text).width;
}

/** As much of a text as there is room for. */
export function fit(text: string, font: string, room: number): string {
  if (measure(text, font) <= room) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(`${text.slice(0, middle)}…`, font) <= room) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
}
