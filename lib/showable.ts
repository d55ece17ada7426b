/**
 * Values that can be shown richly in a notebook.
 *
 * What: `Showable`, the base of every result with a display, and the slot its renderer is put in. Why here:
 * results are made on the lower floors (tape/, derive/, compare/), their pictures on the highest (display/), and
 * nothing imports upward; so display/ fills the slots, from `index.ts`, and loads its code when first needed.
 * Reference: the display convention of Deno's kernel, `Symbol.for("Jupyter.display")`.
 */

/** A MIME bundle: MIME type → data (text, or an object for JSON types; base64 text for pictures). */
export type MimeBundle = Record<string, unknown>;

/** The method a front end asks for: it returns a MIME bundle, or a promise of one. */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display") as never;

/** Metadata beside the bundle (a picture's width and height) travels under this key of the bundle. */
export const metadataSymbol: unique symbol = Symbol.for("Jupyter.display.metadata") as never;

const renderers = new Map<Function, (value: never) => MimeBundle | Promise<MimeBundle>>();

/** Says how values of a class are shown. Called by `index.ts`, once for each class. */
export function showWith<T extends Showable>(
  type: abstract new (...args: never[]) => T,
  render: (value: T) => MimeBundle | Promise<MimeBundle>,
): void {
  renderers.set(type, render as never);
}

/** A value that shows itself as a MIME bundle. */
export abstract class Showable {
  async [displaySymbol](): Promise<MimeBundle> {
    const render = slotOf(renderers, this);
    if (render) return await render(this as never);
    return { "text/plain": this.toString() };
  }
  /** What a terminal or a file is shown: the same table or drawing as text. */
  async text(): Promise<string> {
    return String((await this[displaySymbol]())["text/plain"]);
  }
  toString(): string {
    return `${this.constructor.name} (await its text() for a table)`;
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

const drawers = new Map<Function, (value: never) => Promise<string>>();

/** Says how values of a class of drawings are drawn, as SVG text. Called by `index.ts`, once for each class. */
export function drawWith<T extends Drawing>(
  type: abstract new (...args: never[]) => T,
  draw: (value: T) => Promise<string>,
): void {
  drawers.set(type, draw as never);
}

/** A value that is drawn. It shows itself as a PNG, which every front end can take, and gives its SVG on request. */
export abstract class Drawing extends Showable {
  /** The drawing as SVG text, for files and pages of one's own. */
  async svg(): Promise<string> {
    const draw = slotOf(drawers, this);
    if (!draw) throw new Error(`internal: nothing draws ${this.constructor.name}`);
    return draw(this as never);
  }
}

/** What a class, or the nearest class that it extends, has in a table of slots. */
function slotOf<S>(slots: ReadonlyMap<Function, S>, value: object): S | undefined {
  for (let type = value.constructor; type; type = Object.getPrototypeOf(type)) {
    const slot = slots.get(type);
    if (slot) return slot;
  }
  return undefined;
}
