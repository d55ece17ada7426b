/**
 * Random programs: a small language of the things that numerical code does, its generator, its text as TypeScript,
 * and an interpreter on dual numbers.
 *
 * Why an interpreter of its own, with derivatives written out here: it shares nothing with the library but Math. Both
 * do the same operations in the same order, so values agree to the last bit.
 *
 * The program is `f(x, y, v)` with numbers x, y and a list v of three; it writes into v and returns two numbers.
 */
import fc from "fast-check";

export type Expression =
  | { t: "number"; value: number }
  | { t: "variable"; k: number }
  | { t: "element"; list: number; at: number }
  | { t: "binary"; operator: "+" | "-" | "*" | "/"; a: Expression; b: Expression }
  | { t: "unary"; name: Unary; a: Expression }
  | { t: "extreme"; name: "max" | "min"; a: Expression; b: Expression }
  | { t: "choice"; a: Expression; b: Expression; yes: Expression; no: Expression }
  | { t: "helper"; a: Expression; b: Expression }
  | { t: "writer"; list: number; a: Expression }
  | { t: "mix"; a: Expression }
  | { t: "reduce"; list: number; start: Expression; body: Expression };
type Unary = keyof typeof slopes;

export type Statement =
  | { t: "set"; k: number; operator: "=" | "+=" | "-=" | "*="; e: Expression }
  | { t: "put"; list: number; at: number; operator: "=" | "+=" | "*="; e: Expression }
  | { t: "if"; a: Expression; b: Expression; yes: Statement[]; no: Statement[] }
  | { t: "for"; n: number; body: Statement[] }
  | { t: "while"; n: number; a: Expression; body: Statement[] }
  | { t: "of"; list: number; body: Statement[] }
  | { t: "map"; from: number; to: number; e: Expression }
  | { t: "closure"; k: number; e: Expression; first: Expression; second: Expression }
  | { t: "try"; a: Expression; b: Expression; body: Statement[]; handler: Statement[] }
  | { t: "swap"; k: number; j: number };

export interface Program {
  readonly helper: Expression;
  readonly writer: Statement[];
  readonly body: Statement[];
  readonly results: readonly [Expression, Expression];
  /** Inside a function of its own, so that f's helpers are local to it. */
  readonly wrapped: boolean;
}

// ---- generator ----

/** Value and slope of the functions of one number. */
export const slopes = {
  sin: (x: number) => [Math.sin(x), Math.cos(x)],
  cos: (x: number) => [Math.cos(x), -Math.sin(x)],
  tanh: (x: number) => [Math.tanh(x), 1 / Math.cosh(x) ** 2],
  atan: (x: number) => [Math.atan(x), 1 / (1 + x * x)],
  abs: (x: number) => [Math.abs(x), x > 0 ? 1 : x < 0 ? -1 : 0],
  floor: (x: number) => [Math.floor(x), 0],
  negative: (x: number) => [-x, -1],
  cube: (x: number) => [x ** 3, 3 * x * x],
};
const names = Object.keys(slopes) as Unary[];

const small = fc.nat({ max: 7 });
const numberLeaf = fc.constantFrom(0.5, -1.25, 2, 0.1, 3);
const { expression, statement } = fc.letrec<{ expression: Expression; statement: Statement }>((tie) => {
  const e = tie("expression");
  const body = fc.array(tie("statement"), { maxLength: 3, depthIdentifier: "statement" });
  return {
    expression: fc.oneof(
      { depthSize: "medium", maxDepth: 4, withCrossShrink: true, depthIdentifier: "expression" },
      fc.record({ t: fc.constant("variable" as const), k: small }),
      fc.record({ t: fc.constant("number" as const), value: numberLeaf }),
      fc.record({ t: fc.constant("element" as const), list: small, at: small }),
      fc.record({
        t: fc.constant("binary" as const),
        operator: fc.constantFrom("+", "-", "*", "/"),
        a: e,
        b: e,
      }),
      fc.record({ t: fc.constant("unary" as const), name: fc.constantFrom(...names), a: e }),
      fc.record({ t: fc.constant("extreme" as const), name: fc.constantFrom("max", "min"), a: e, b: e }),
      fc.record({ t: fc.constant("choice" as const), a: e, b: e, yes: e, no: e }),
      fc.record({ t: fc.constant("helper" as const), a: e, b: e }),
      fc.record({ t: fc.constant("writer" as const), list: small, a: e }),
      fc.record({ t: fc.constant("mix" as const), a: e }),
      fc.record({ t: fc.constant("reduce" as const), list: small, start: e, body: e }),
    ) as fc.Arbitrary<Expression>,
    statement: fc.oneof(
      { depthSize: "small", maxDepth: 3, withCrossShrink: true, depthIdentifier: "statement" },
      fc.record({
        t: fc.constant("set" as const),
        k: small,
        operator: fc.constantFrom("=", "+=", "-=", "*="),
        e,
      }),
      fc.record({
        t: fc.constant("put" as const),
        list: small,
        at: small,
        operator: fc.constantFrom("=", "+=", "*="),
        e,
      }),
      fc.record({ t: fc.constant("if" as const), a: e, b: e, yes: body, no: body }),
      fc.record({ t: fc.constant("for" as const), n: fc.nat({ max: 3 }), body }),
      fc.record({ t: fc.constant("while" as const), n: fc.nat({ max: 3 }), a: e, body }),
      fc.record({ t: fc.constant("of" as const), list: small, body }),
      fc.record({ t: fc.constant("map" as const), from: small, to: small, e }),
      fc.record({ t: fc.constant("closure" as const), k: small, e, first: e, second: e }),
      fc.record({ t: fc.constant("try" as const), a: e, b: e, body, handler: body }),
      fc.record({ t: fc.constant("swap" as const), k: small, j: small }),
    ) as fc.Arbitrary<Statement>,
  };
});
export const programs: fc.Arbitrary<Program> = fc.record({
  helper: expression,
  writer: fc.array(statement, { maxLength: 2 }),
  body: fc.array(statement, { minLength: 1, maxLength: 6 }),
  results: fc.tuple(expression, expression),
  wrapped: fc.boolean(),
});
const coordinate = fc.integer({ min: -20, max: 20 }).map((k) => k / 8 + 0.03);
export const points = fc.tuple(coordinate, coordinate, fc.tuple(coordinate, coordinate, coordinate));
export type Point = [number, number, [number, number, number]];

// ---- what both readers share: which names a place of the program sees ----

interface Names {
  readonly variables: readonly string[];
  readonly lists: readonly string[];
  /** Names of the loop counters around. */
  readonly counters: readonly string[];
  /** 0: the helper, which calls nothing; 1: the writer, which calls the helper; 2: f. */
  readonly level: number;
  readonly depth: number;
}
const inHelper: Names = { variables: ["a", "b"], lists: [], counters: [], level: 0, depth: 0 };
const inWriter: Names = { variables: ["a", "z"], lists: ["m"], counters: [], level: 1, depth: 0 };
const inF: Names = {
  variables: ["s0", "s1", "o.p", "o.q"],
  lists: ["v", "w"],
  counters: [],
  level: 2,
  depth: 0,
};

const pick = (list: readonly string[], k: number) => list[k % list.length];
const withLocals = (n: Names, ...locals: string[]): Names => ({
  ...n,
  variables: [...locals, ...n.variables],
  depth: n.depth + 1,
});
const withCounter = (n: Names, counter: string): Names => ({
  ...n,
  counters: [counter, ...n.counters],
  depth: n.depth + 1,
});

// ---- text ----

export function textOf({ helper, writer, body, results, wrapped }: Program): string {
  const text = `class Pair {
  p: number;
  q: number;
  constructor(p: number, q: number) { this.p = p; this.q = q; }
  mix(t: number): number { this.p += 0.25 * t * this.q; return this.p; }
}
const helper = (a: number, b: number): number => ${print(helper, inHelper)};
function writer(m: number[], a: number): number {
  let z = 0.5;
${printAll(writer, inWriter, "  ")}  m[0] = Math.sin(m[0] + a);
  return m[1] + z;
}
function f(x: number, y: number, v: number[]): number[] {
  let s0 = x, s1 = y;
  const o = new Pair(x + 1, 0.5);
  let w = [0.5, x, y];
${printAll(body, inF, "  ")}  return [${results.map((e) => print(e, inF)).join(", ")}];
}
`;
  return wrapped ? `return (() => {\n${text}return f;\n})();\n` : `${text}return f;\n`;
}
function place(at: number, n: Names): string {
  return n.counters.length ? `(${pick(n.counters, at)} + ${at}) % 3` : String(at % 3);
}
function print(e: Expression, n: Names): string {
  const of = (x: Expression) => print(x, n);
  switch (e.t) {
    case "number":
      return e.value < 0 ? `(${e.value})` : String(e.value);
    case "variable":
      return pick(n.variables, e.k);
    case "element":
      return n.lists.length ? `${pick(n.lists, e.list)}[${place(e.at, n)}]` : "0.75";
    case "binary":
      return e.operator === "/"
        ? `(${of(e.a)} / (2 + ${of(e.b)} ** 2))`
        : `(${of(e.a)} ${e.operator} ${of(e.b)})`;
    case "unary":
      return e.name === "negative"
        ? `(-${of(e.a)})`
        : e.name === "cube"
          ? `((${of(e.a)}) ** 3)`
          : `Math.${e.name}(${of(e.a)})`;
    case "extreme":
      return `Math.${e.name}(${of(e.a)}, ${of(e.b)})`;
    case "choice":
      return `(${of(e.a)} > ${of(e.b)} ? ${of(e.yes)} : ${of(e.no)})`;
    case "helper":
      return n.level > 0 ? `helper(${of(e.a)}, ${of(e.b)})` : `(${of(e.a)} - ${of(e.b)})`;
    case "writer":
      return n.level > 1 ? `writer(${pick(n.lists, e.list)}, ${of(e.a)})` : of(e.a);
    case "mix":
      return n.level > 1 ? `o.mix(${of(e.a)})` : of(e.a);
    case "reduce": {
      if (n.lists.length === 0) return of(e.start);
      const inner = withLocals(n, `r${n.depth}`, `e${n.depth}`);
      return `${pick(n.lists, e.list)}.reduce((r${n.depth}, e${n.depth}) => ${print(e.body, inner)}, ${of(e.start)})`;
    }
  }
}
function printAll(statements: readonly Statement[], n: Names, indent: string): string {
  return statements.map((s) => `${indent}${printOne(s, n, indent)}\n`).join("");
}
function printOne(s: Statement, n: Names, indent: string): string {
  const d = n.depth;
  const block = (inner: readonly Statement[], names: Names, before = "") =>
    `{\n${before}${printAll(inner, names, `${indent}  `)}${indent}}`;
  switch (s.t) {
    case "set":
      return `${pick(n.variables, s.k)} ${s.operator} ${print(s.e, n)};`;
    case "put":
      return `${pick(n.lists, s.list)}[${place(s.at, n)}] ${s.operator} ${print(s.e, n)};`;
    case "if":
      return `if (${print(s.a, n)} > ${print(s.b, n)}) ${block(s.yes, n)} else ${block(s.no, n)}`;
    case "for":
      return `for (let i${d} = 0; i${d} < ${s.n}; i${d}++) ${block(s.body, withCounter(n, `i${d}`))}`;
    case "while": {
      const inner = withCounter(n, `i${d}`);
      return `for (let i${d} = 0; ; ) {\n${indent}  if (i${d}++ >= ${s.n} || ${print(s.a, inner)} > 4) break;\n${printAll(s.body, inner, `${indent}  `)}${indent}}`;
    }
    case "of":
      return `for (let e${d} of ${pick(n.lists, s.list)}) ${block(s.body, withLocals(n, `e${d}`))}`;
    case "map":
      return `${pick(n.lists, s.to)} = ${pick(n.lists, s.from)}.map((e${d}, k${d}) => ${print(s.e, withCounter(withLocals(n, `e${d}`), `k${d}`))});`;
    case "closure":
      return `const g${d} = (t${d}: number) => { ${pick(n.variables, s.k)} += ${print(s.e, withLocals(n, `t${d}`))}; return t${d}; }; g${d}(g${d}(${print(s.first, n)}) - ${print(s.second, n)});`
        .replace(/^/, "{ ")
        .concat(" }");
    case "try":
      return `try ${block(s.body, n, `${indent}  if (${print(s.a, n)} > ${print(s.b, n)}) throw ${print(s.b, n)};\n`)} catch (error${d}: any) ${block(s.handler, withLocals(n, `error${d}`))}`;
    case "swap":
      return `[${pick(n.variables, s.k)}, ${pick(n.variables, s.j)}] = [${pick(n.variables, s.j)}, ${pick(n.variables, s.k)}];`;
  }
}

// ---- dual numbers ----

/** A number and its partials by the five inputs. */
export interface Dual {
  readonly v: number;
  readonly d: readonly number[];
}
const constant = (v: number): Dual => ({ v, d: [0, 0, 0, 0, 0] });
const combine = (v: number, a: Dual, p: number, b: Dual, q: number): Dual => ({
  v,
  d: a.d.map((x, k) => (x === 0 ? 0 : x * p) + (b.d[k] === 0 ? 0 : b.d[k] * q)),
});
const one = (v: number, a: Dual, p: number): Dual => ({ v, d: a.d.map((x) => (x === 0 ? 0 : x * p)) });

function binary(operator: "+" | "-" | "*" | "/", a: Dual, b: Dual): Dual {
  switch (operator) {
    case "+":
      return combine(a.v + b.v, a, 1, b, 1);
    case "-":
      return combine(a.v - b.v, a, 1, b, -1);
    case "*":
      return combine(a.v * b.v, a, b.v, b, a.v);
    case "/":
      return combine(a.v / b.v, a, 1 / b.v, b, -(a.v / b.v) / b.v);
  }
}

// ---- interpreter ----

interface Cell {
  value: Dual;
}
type List = Dual[];
interface World {
  readonly program: Program;
  readonly cells: Map<string, Cell>;
  readonly lists: Map<string, { list: List }>;
  readonly counters: Map<string, number>;
  readonly watch: { largest: number; operations: number };
}
class Thrown {
  constructor(readonly value: Dual) {}
}
class TooLong extends Error {}

export interface Run {
  readonly results: readonly Dual[];
  /** What the list holds afterwards. */
  readonly list: readonly number[];
  /** The largest value or partial on the way. */
  readonly largest: number;
}

/** Runs f on dual numbers; null for programs that run away. */
export function interpret(program: Program, [x, y, v]: Point): Run | null {
  const input = (value: number, k: number): Dual => ({
    v: value,
    d: [0, 1, 2, 3, 4].map((j) => (j === k ? 1 : 0)),
  });
  const argument = v.map((value, k) => input(value, k + 2));
  const [X, Y] = [input(x, 0), input(y, 1)];
  const world: World = {
    program,
    cells: new Map([
      ["s0", { value: X }],
      ["s1", { value: Y }],
      ["o.p", { value: binary("+", X, constant(1)) }],
      ["o.q", { value: constant(0.5) }],
    ]),
    lists: new Map([
      ["v", { list: argument }],
      ["w", { list: [constant(0.5), X, Y] }],
    ]),
    counters: new Map(),
    watch: { largest: 1, operations: 0 },
  };
  try {
    runAll(program.body, inF, world);
    const results = program.results.map((e) => evaluate(e, inF, world));
    return { results, list: argument.map((d) => d.v), largest: world.watch.largest };
  } catch (error) {
    if (error instanceof TooLong) return null;
    throw error;
  }
}
function seen(y: Dual, { watch }: World): Dual {
  for (const z of [y.v, ...y.d]) if (!(Math.abs(z) <= watch.largest)) watch.largest = Math.abs(z);
  if (++watch.operations > 3000 || !(watch.largest < 1e5)) throw new TooLong();
  return y;
}
const within = (w: World, cells: readonly [string, Dual][]): World => ({
  ...w,
  cells: new Map([...w.cells, ...cells.map(([name, value]) => [name, { value }] as const)]),
});
const counting = (w: World, counter: string, k: number): World => ({
  ...w,
  counters: new Map(w.counters).set(counter, k),
});
const indexOf = (at: number, n: Names, w: World) =>
  n.counters.length ? ((w.counters.get(pick(n.counters, at)) as number) + at) % 3 : at % 3;
const cellOf = (k: number, n: Names, w: World) => w.cells.get(pick(n.variables, k)) as Cell;
const listOf = (k: number, n: Names, w: World) => w.lists.get(pick(n.lists, k)) as { list: List };

function evaluate(e: Expression, n: Names, w: World): Dual {
  return seen(evaluateUnwatched(e, n, w), w);
}
function evaluateUnwatched(e: Expression, n: Names, w: World): Dual {
  const of = (x: Expression) => evaluate(x, n, w);
  switch (e.t) {
    case "number":
      return constant(e.value);
    case "variable":
      return cellOf(e.k, n, w).value;
    case "element":
      return n.lists.length ? listOf(e.list, n, w).list[indexOf(e.at, n, w)] : constant(0.75);
    case "binary": {
      const a = of(e.a);
      const b = of(e.b);
      if (e.operator !== "/") return binary(e.operator, a, b);
      return binary("/", a, binary("+", constant(2), one(b.v ** 2, b, 2 * b.v)));
    }
    case "unary": {
      const a = of(e.a);
      const [v, slope] = slopes[e.name](a.v);
      return one(v, a, slope);
    }
    case "extreme": {
      const [a, b] = [of(e.a), of(e.b)];
      const share = a.v === b.v ? 0.5 : a.v > b.v === (e.name === "max") ? 1 : 0;
      return combine(Math[e.name](a.v, b.v), a, share, b, 1 - share);
    }
    case "choice": {
      const [a, b] = [of(e.a), of(e.b)];
      return of(a.v > b.v ? e.yes : e.no);
    }
    case "helper": {
      const [a, b] = [of(e.a), of(e.b)];
      if (n.level === 0) return binary("-", a, b);
      return evaluate(w.program.helper, inHelper, {
        ...w,
        cells: new Map([
          ["a", { value: a }],
          ["b", { value: b }],
        ]),
      });
    }
    case "writer": {
      if (n.level < 2) return of(e.a);
      const { list } = listOf(e.list, n, w);
      const inner: World = {
        ...w,
        cells: new Map([
          ["a", { value: of(e.a) }],
          ["z", { value: constant(0.5) }],
        ]),
        lists: new Map([["m", { list }]]),
        counters: new Map(),
      };
      runAll(w.program.writer, inWriter, inner);
      const m = (inner.lists.get("m") as { list: List }).list;
      const sum = binary("+", m[0], (inner.cells.get("a") as Cell).value);
      m[0] = one(Math.sin(sum.v), sum, Math.cos(sum.v));
      return binary("+", m[1], (inner.cells.get("z") as Cell).value);
    }
    case "mix": {
      const t = of(e.a);
      if (n.level < 2) return t;
      const p = w.cells.get("o.p") as Cell;
      const step = binary("*", binary("*", constant(0.25), t), (w.cells.get("o.q") as Cell).value);
      p.value = binary("+", p.value, step);
      return p.value;
    }
    case "reduce": {
      if (n.lists.length === 0) return of(e.start);
      const { list } = listOf(e.list, n, w);
      let sum = of(e.start);
      const inner = withLocals(n, `r${n.depth}`, `e${n.depth}`);
      for (let k = 0; k < list.length; k++)
        sum = evaluate(
          e.body,
          inner,
          within(w, [
            [`r${n.depth}`, sum],
            [`e${n.depth}`, list[k]],
          ]),
        );
      return sum;
    }
  }
}
function assigned(operator: string, old: Dual, e: Dual): Dual {
  return operator === "=" ? e : binary(operator[0] as "+" | "-" | "*", old, e);
}
function runAll(statements: readonly Statement[], n: Names, w: World): void {
  for (const s of statements) runOne(s, n, w);
}
function runOne(s: Statement, n: Names, w: World): void {
  const d = n.depth;
  switch (s.t) {
    case "set": {
      const cell = cellOf(s.k, n, w);
      const old = cell.value;
      cell.value = seen(assigned(s.operator, old, evaluate(s.e, n, w)), w);
      return;
    }
    case "put": {
      const { list } = listOf(s.list, n, w);
      const at = indexOf(s.at, n, w);
      const old = list[at];
      list[at] = seen(assigned(s.operator, old, evaluate(s.e, n, w)), w);
      return;
    }
    case "if": {
      const [a, b] = [evaluate(s.a, n, w), evaluate(s.b, n, w)];
      runAll(a.v > b.v ? s.yes : s.no, n, w);
      return;
    }
    case "for":
      for (let i = 0; i < s.n; i++) runAll(s.body, withCounter(n, `i${d}`), counting(w, `i${d}`, i));
      return;
    case "while":
      for (let i = 0; ; ) {
        const inner = withCounter(n, `i${d}`);
        if (i++ >= s.n) return;
        const now = counting(w, `i${d}`, i);
        if (evaluate(s.a, inner, now).v > 4) return;
        runAll(s.body, inner, now);
      }
    case "of": {
      const { list } = listOf(s.list, n, w);
      for (let k = 0; k < list.length; k++)
        runAll(s.body, withLocals(n, `e${d}`), within(w, [[`e${d}`, list[k]]]));
      return;
    }
    case "map": {
      const inner = withCounter(withLocals(n, `e${d}`), `k${d}`);
      const { list } = listOf(s.from, n, w);
      const made: List = [];
      for (let k = 0; k < list.length; k++)
        made.push(evaluate(s.e, inner, counting(within(w, [[`e${d}`, list[k]]]), `k${d}`, k)));
      listOf(s.to, n, w).list = made;
      return;
    }
    case "closure": {
      const call = (t: Dual): Dual => {
        const cell = cellOf(s.k, n, w);
        const old = cell.value;
        cell.value = seen(
          binary("+", old, evaluate(s.e, withLocals(n, `t${d}`), within(w, [[`t${d}`, t]]))),
          w,
        );
        return t;
      };
      const first = call(evaluate(s.first, n, w));
      call(binary("-", first, evaluate(s.second, n, w)));
      return;
    }
    case "try": {
      try {
        const [a, b] = [evaluate(s.a, n, w), evaluate(s.b, n, w)];
        if (a.v > b.v) throw new Thrown(evaluate(s.b, n, w));
        runAll(s.body, n, w);
      } catch (error) {
        if (!(error instanceof Thrown)) throw error;
        runAll(s.handler, withLocals(n, `error${d}`), within(w, [[`error${d}`, error.value]]));
      }
      return;
    }
    case "swap": {
      const [a, b] = [cellOf(s.k, n, w), cellOf(s.j, n, w)];
      const [x, y] = [a.value, b.value];
      a.value = y;
      b.value = x;
      return;
    }
  }
}
