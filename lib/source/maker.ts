/**
 * What prepared code gives with a function.
 *
 * What: the type of its `Maker`. Why a file of its own: the registry keeps makers, late.ts makes some, and sites.ts asks
 * them.
 */

export type AnyFunction = (...args: never[]) => unknown;

/**
 * Answers with a function's recording program (0), its place in the text (1), and the current values of its free
 * variables (from 2 on); `f` is the function itself. One closure for all of it, since closures are made where time counts.
 */
export type Maker = (what: number, f?: AnyFunction) => unknown;
