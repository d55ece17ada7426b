/**
 * A text as its readers see it: the tree, the scopes in it, and the free variables of its functions.
 *
 * What: `read`, and `readAgain`, which does no work where the text is the one that was read last. Why: most often a text
 * is annotated, and then a derivative of a function in it is asked for, which begins with the same.
 */
import { type FreeVariables, freeVariables } from "./free.ts";
import { analyzeScopes, type Scopes } from "./scope.ts";
import { type Node, parse, type SourceKind } from "./syntax.ts";

export interface Reading {
  readonly program: Node;
  readonly scopes: Scopes;
  readonly free: FreeVariables;
}
let last: { readonly code: string; readonly kind: SourceKind; readonly reading: Reading } | null = null;

/** Throws acorn's SyntaxError. */
export function read(code: string, kind: SourceKind): Reading {
  const program = parse(code, kind);
  const scopes = analyzeScopes(program);
  const reading = { program, scopes, free: freeVariables(scopes) };
  last = { code, kind, reading };
  return reading;
}
export function readAgain(code: string, kind: SourceKind): Reading {
  const reading = last?.code === code && last.kind === kind ? last.reading : read(code, kind);
  // whoever reads a text again keeps it
  last = null;
  return reading;
}
