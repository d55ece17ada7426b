/**
 * Errors that several parts of the recorder raise.
 */
import { WengertError } from "../source/positions.ts";

export function stale(): WengertError {
  return new WengertError(
    "a value that an earlier derivative evaluation left in a variable, list, cache or member is used in another one, where its derivative is unknown",
    "set it anew in the function, pass it as an argument, or mark it by stopGradient(x)",
  );
}
export function escaped(): WengertError {
  return new WengertError(
    "a traced value of an inner derivative is used after that derivative was taken",
    "return it from the inner function instead of storing it outside",
  );
}

export function nameOf(f: Function): string {
  return f.name ? `the function ${f.name}` : "a function without a name";
}

export function converted(): WengertError {
  return new WengertError(
    "an object with traced values is converted to a number by JavaScript itself, which loses its derivative",
    "compute with its elements",
  );
}
