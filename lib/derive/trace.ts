/**
 * Looking at an evaluation: `trace`.
 */

import { WengertError } from "../source/positions.ts";
import { parse } from "../source/syntax.ts";
import { Mode } from "../tape/evaluation.ts";
import { handleAt, Inputs, takeApart } from "../tape/inputs.ts";
import { recorder } from "../tape/recorder.ts";
import { type Operand, Tape } from "../tape/tape.ts";
import { checkFunction, checkOptions, positionsOf } from "./arguments.ts";
import { callLifted, pointOf } from "./evaluate.ts";
import type { AnyFunction, Options } from "./types.ts";

/**
 * The evaluation of f at a point, laid open: its Wengert list with every operation, value and partial.
 *
 * @example
 * const tape = trace((x1: number, x2: number) => x1 * x2 + Math.sin(x1))(2, 3);
 * tape.length // 5
 * tape.entry(3).operation // "sin"
 * tape.reverse().adjoints // Float64Array [2.5838531634528574, 2, 1, 1, 1]
 */
export function trace<P extends unknown[]>(
  f: (...args: P) => unknown,
  options?: Options,
): (...args: P) => Tape {
  checkFunction(f, "trace");
  checkOptions(options, "trace", ["wrt", "engine"]);
  return recorder.aware((...args: P) => {
    if (recorder.session !== 0)
      throw new WengertError(
        "trace is called inside a function that is differentiated",
        "trace outside of it",
      );
    const positions = positionsOf(options, args, f as AnyFunction, "trace");
    const point = pointOf(args, positions, options?.wrt !== undefined);
    const names = parameterNames(f as AnyFunction, args.length);
    const inputNames = point.parts.flatMap((part, k) => part.paths.map((path) => names[positions[k]] + path));
    return recorder.evaluate(Mode.trace, () => {
      const list = recorder.trace as NonNullable<typeof recorder.trace>;
      point.inputs.values.forEach((v) => void list.addInput(v));
      const inputs = new Inputs(
        recorder,
        point.inputs,
        (k) => k + 1,
        (from, count) => ({ first: from + 1, count }),
      );
      const output = takeApart(recorder, callLifted(f as AnyFunction, point, inputs), "the result", true);
      const handles = Array.from(output.values, (_, k) => handleAt(output, k) as number);
      return new Tape({
        name: (f as AnyFunction).name,
        inputNames,
        length: list.length,
        entry: (k) => list.entry(k),
        outputs: handles.map(
          (h, k): Operand => (h === 0 ? { constant: output.values[k] } : { entry: h - 1 }),
        ),
        outputNames: output.paths,
        get bytes() {
          return list.bytes;
        },
      });
    });
  });
}

/** The names of a function's parameters as written; `x1`, `x2` … where a pattern has none. */
export function parameterNames(f: AnyFunction, length: number): string[] {
  const names: string[] = [];
  try {
    const text = Function.prototype.toString.call(f);
    const method =
      /^(?:(?:async|get|set)\s+)?[\w$*#[\]]+\s*\(/.test(text) && !/^(?:function|\(|async\s*\()/.test(text);
    const program = parse(method && !text.includes("=>", 0) ? `({${text}})` : `(${text})`, "script");
    const expression = program.body[0].expression;
    const node = expression.type === "ObjectExpression" ? expression.properties[0].value : expression;
    for (const param of node.params) {
      const target = param.type === "AssignmentPattern" ? param.left : param;
      if (target.type === "Identifier") names.push(target.name);
      else if (target.type === "RestElement" && target.argument.type === "Identifier") {
        for (let k = names.length; k < length; k++)
          names.push(`${target.argument.name}[${k - node.params.length + 1}]`);
      } else names.push(`x${names.length + 1}`);
    }
  } catch {
    // native functions have no text to read
  }
  for (let k = names.length; k < length; k++) names.push(`x${k + 1}`);
  return names;
}
