/**
 * What the annotation asks of whoever writes recording programs (tape/program).
 */
import type { PrivateMembers } from "./forms.ts";
import type { FreeVariables } from "./free.ts";
import type { Scopes } from "./scope.ts";
import type { Node } from "./syntax.ts";

/** Writes recording programs; tape/program implements it. */
export interface RecordingWriter {
  /** The recording program as a function expression. */
  program(): string;
  /** As the rest of a method: parameters and body. */
  methodText(): string;
  /** As statements inside a function that has the same simple parameters. */
  bodyText(): string;
  /** As statements that take their arguments from a list of that name. */
  argumentsText(list: string): string;
  initialiser(value: Node, name: string | undefined): string;
}

export interface WriterContext {
  /** The text the tree was parsed from. */
  readonly code: string;
  readonly scopes: Scopes;
  /** The names of each function's free variables. */
  readonly free: FreeVariables;
  /** Prefix of every name that is added; it does not occur in the code. */
  readonly prefix: string;
}

export type WriterFactory = (
  context: WriterContext,
  root: Node,
  privates: readonly PrivateMembers[],
) => RecordingWriter;
