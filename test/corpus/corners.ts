/** Corners of the language, where two features meet. */
import { type Entry, note } from "./entry.ts";

class Pair {
  #a: number;
  #b: number;
  static #made = 0;
  static #count() {
    return ++Pair.#made;
  }
  constructor(a: number, b: number) {
    [this.#a, this.#b] = [a, b];
    Pair.#count();
  }
  swap() {
    [this.#a, this.#b] = [this.#b, this.#a];
    return this;
  }
  bump() {
    this.#a++;
    this.#b **= 2;
    this.#a ||= 5;
    ({ a: this.#a } = { a: this.#a * 2 });
    return this;
  }
  static first(p?: Pair) {
    return p === undefined ? 1 : p.#a;
  }
  get product() {
    return this.#a * this.#b;
  }
  set product(v) {
    this.#a = v / this.#b;
  }
  *[Symbol.iterator]() {
    yield this.#a;
    yield* [this.#b];
  }
}

class Counter {
  static total = 0;
  value = Counter.next();
  static next() {
    return 1;
  }
  static get twice() {
    return 2;
  }
}

class Animal {
  weight: number;
  constructor(w: number) {
    this.weight = w;
    this.init();
  }
  init() {}
  get food() {
    return this.weight * 0.1;
  }
  set food(f: number) {
    this.weight = f * 10;
  }
}

class Dog extends Animal {
  declare extra: number;
  override init() {
    this.extra = this.weight ** 2;
  }
  override get food() {
    return super.food * 2;
  }
  override set food(f: number) {
    super.food = f * f;
  }
}

class Even {
  static [Symbol.hasInstance](x: { v: number }) {
    return x.v > 1;
  }
}

function optional(
  x: number,
  { k = x, ...rest }: { k?: number; a?: number; b?: number } = {},
  [p = k, q = p * 2]: number[] = [],
) {
  return x * k * p + q + (rest.a ?? 0) * (rest.b ?? 0);
}

function* tree(depth: number, x: number): Generator<number, number, void> {
  if (depth === 0) {
    yield x;
    return 1;
  }
  const left = yield* tree(depth - 1, x * 1.1);
  const right = yield* tree(depth - 1, x + 0.3);
  return left + right;
}

const add = (...xs: number[]) => xs.reduce((a, b) => a + b, 0);

export const corners: Entry[] = [
  {
    name: "private members in patterns",
    f: (x: number, y: number) => {
      const p = new Pair(x, y).swap().bump();
      p.product = p.product * x;
      return p.product + Pair.first(p) + Pair.first();
    },
    args: [1.3, 0.7],
    second: true,
  },
  {
    name: "an iterable class, spread and destructured",
    f: (x: number, y: number) => {
      const [a, b] = new Pair(x, y);
      return a * b + add(...new Pair(b, x * x)) + Math.max(...new Pair(x, y));
    },
    args: [1.3, 0.7],
  },
  {
    name: "static members at work",
    f: (x: number) => {
      Counter.total = 0;
      for (let i = 0; i < 3; i++) Counter.total += new Counter().value * Counter.twice;
      return Counter.total * x;
    },
    args: [1.3],
  },
  {
    name: "a constructor calls an overridden method",
    f: (w: number) => {
      const d = new Dog(w);
      const before = d.food;
      d.food = w;
      return before * d.extra + d.weight + d.food;
    },
    args: [1.3],
  },
  {
    name: "Symbol.hasInstance",
    f: (x: number) => ({ v: x }) instanceof (Even as any) ? x * x : x,
    args: [1.3],
  },
  {
    name: "patterns, defaults and rests that meet",
    f: (x: number) =>
      optional(x) +
      optional(x, { k: 2, a: x, b: 3 }) +
      optional(x, undefined, [x * 3]) +
      optional(x, {}, [undefined as any, 4]),
    args: [1.3],
    second: true,
  },
  {
    name: "generators that return to delegates",
    f: (x: number) => {
      const g = tree(2, x);
      let s = 0;
      let r = g.next();
      while (!r.done) {
        s = s * 0.5 + r.value;
        r = g.next();
      }
      return s * r.value;
    },
    args: [1.3],
  },
  {
    name: "an iterator closed by a throw",
    f: (x: number) => {
      let closed = 0;
      const it = {
        [Symbol.iterator]: () => ({
          n: 0,
          next() {
            return { value: x * ++this.n, done: false as const };
          },
          return() {
            closed += x;
            return { value: undefined, done: true as const };
          },
        }),
      };
      try {
        for (const v of it) if (v > 3) throw v;
      } catch (e) {
        return (e as number) * closed;
      }
      return 0;
    },
    args: [1.3],
  },
  {
    name: "an iterator closed by a pattern",
    f: (x: number) => {
      let closed = 0;
      function* g() {
        try {
          yield x;
          yield x * 2;
          yield 9;
        } finally {
          closed = x * 5;
        }
      }
      const [a, b] = g();
      return a * b * closed;
    },
    args: [1.3],
  },
  {
    name: "labels, finally and generators",
    f: (x: number) => {
      let s = 0;
      function* g() {
        for (let i = 0; ; i++) {
          try {
            yield i * x;
          } finally {
            s += 1;
          }
        }
      }
      outer: for (const v of g()) {
        for (const w of g()) {
          if (w > v + 2) continue outer;
          if (s > 12) break outer;
          s += w * 0.1;
        }
      }
      return s * x;
    },
    args: [1.3],
  },
  {
    name: "closures over patterns in a for of",
    f: (ps: number[][]) => {
      const fs: (() => number)[] = [];
      for (const [a, b = 2] of ps) fs.push(() => a * b);
      for (const { length, 0: first } of ps) fs.push(() => length * first);
      return fs.map((g) => g());
    },
    args: [[[1.5], [2, 3]]],
  },
  {
    name: "closures in switch",
    f: (x: number) => {
      const fs: (() => number)[] = [];
      for (let i = 0; i < 3; i++)
        switch (i) {
          case 0: {
            const y = x * 2;
            fs.push(() => y);
            break;
          }
          case 1: {
            let y = x;
            fs.push(() => (y += 1));
            break;
          }
          default:
            fs.push(() => x ** i);
        }
      return fs.reduce((s, g) => s * 2 + g() + g(), 0);
    },
    args: [1.3],
  },
  {
    name: "arguments in an arrow, and spread",
    f: (x: number, y: number) =>
      (function (..._all: number[]) {
        const g = () => add(...(arguments as unknown as number[])) * arguments[1];
        return g();
      })(x, y, x * y),
    args: [1.3, 0.7],
  },
  {
    name: "apply with an arguments object",
    f: (x: number, y: number) => {
      function inner() {
        return add.apply(null, arguments as unknown as number[]) * arguments.length;
      }
      return (inner as any)(x, y, 2);
    },
    args: [1.3, 0.7],
  },
  {
    name: "Array.apply and map",
    f: (x: number) =>
      Array.apply(null, Array(3))
        .map((_, i) => x * i)
        .concat(Array(2).fill(x)),
    args: [1.3],
  },
  {
    name: "from strings and iterators",
    f: (x: number) =>
      Array.from("abc", (c, i) => x * i + c.length).concat(
        Array.from(new Map([["a", x]]).values()),
        Array.from([x, 2].entries(), ([i, v]) => i * v),
      ),
    args: [1.3],
  },
  {
    name: "flat to any depth",
    f: (x: number) =>
      (([x, [x * 2, [3, [x ** 2]]]] as any[]).flat(Infinity) as number[]).reduce((s, y, i) => s + y * i, 0),
    args: [1.3],
  },
  {
    name: "a comparator that gives booleans",
    f: (xs: number[]) => [...xs].sort((a, b) => (a > b ? 1 : a < b ? -1 : 0)).map((x, i) => x * i),
    args: [[3, 1.5, 2, -1]],
  },
  {
    name: "a stable sort by a key",
    f: (xs: number[]) =>
      xs
        .map((x, i) => ({ x, k: i % 2 }))
        .sort((a, b) => a.k - b.k)
        .map(({ x }) => x),
    args: [[3, 1.5, 2, -1]],
  },
  {
    name: "sort with an active comparator and effects",
    f: (xs: number[], w: number) => [...xs].sort((a, b) => (note("c"), a * w - b * w)),
    args: [[3, 1.5, 2, -1], -1],
  },
  {
    name: "reduce without a start on one element",
    f: (x: number) => [x].reduce((a, b) => a + b * 100) * [[x, 2]].reduce((a) => a)[1],
    args: [1.3],
  },
  {
    name: "callbacks with index, list and this",
    f: (xs: number[]) => {
      const o = {
        k: 2,
        scale(x: number, i: number, all: number[]) {
          return x * i * all.length * this.k;
        },
      };
      return xs.map(o.scale, o);
    },
    args: [[1, 2, 3]],
  },
  {
    name: "methods taken out and bound",
    f: (x: number) => {
      const o = {
        k: x,
        get(y: number) {
          return this.k * y;
        },
      };
      const g = o.get.bind(o);
      const h = o.get.bind({ k: 3 } as typeof o, x) as (...rest: number[]) => number;
      return [2, x].map(g).reduce((a, b) => a + b) + h(0);
    },
    args: [1.3],
  },
  {
    name: "a list as a tuple of functions",
    f: (x: number) => {
      const [f, , g = Math.sin]: ((y: number) => number)[] = [Math.exp, Math.log];
      return f(x) * g(x);
    },
    args: [1.3],
  },
  {
    name: "Math under names in a record and as defaults",
    f: (x: number, g = Math.cos, { h = Math.sqrt } = {}) => {
      const t = { s: Math.sin, ...Math, pow: Math.pow };
      return g(x) + h(x) + t.s(x) + t.pow(x, 3) + Number(Object.is(t.s, Math.sin));
    },
    args: [1.3],
  } as unknown as Entry,
  {
    name: "functions of Math by reduce and compose",
    f: (x: number) =>
      (["sin", "exp", "sqrt"] as const).reduce((y, name) => Math[name](y), x) + Reflect.get(Math, "tan")(x),
    args: [1.3],
  },
  {
    name: "exponents of every sign of form",
    f: (x: number) => (-x) ** 2 + (x ** -x) ** 0.5 + (2 ** x) ** (2 ** 0.5) - -(x ** 3),
    args: [1.3],
    second: true,
  },
  {
    name: "unary operators on members",
    f: (x: number) => {
      const o = { v: -x, w: [x] };
      return -o.v + +o.w[0] - -o.v * o.w[0] + (o.v++, -o.v) + (typeof o.v === "number" ? 1 : 0) + x;
    },
    args: [1.3],
  },
  {
    name: "computed members everywhere",
    f: (x: number) => {
      const [k, k1, ks] = ["v", "v1", "vs"] as const;
      class C {
        [k1] = x;
        static [ks] = 3;
        get [k]() {
          return x * 2;
        }
        set [k](y: number) {
          (this as any).v1 = y;
        }
      }
      const c = new C() as any;
      c[k] = c[k] * (C as any).vs;
      const { [`${k}1`]: got } = c;
      return got * c[k];
    },
    args: [1.3],
  },
  {
    name: "toJSON and toString are not called",
    f: (x: number) => {
      const o = {
        v: x,
        toJSON() {
          note("json");
          return 1;
        },
        toString() {
          note("text");
          return "o";
        },
      };
      return `${o}` === "o" ? o.v * 2 : JSON.stringify(o).length;
    },
    args: [1.3],
  },
  {
    name: "nested templates with effects",
    f: (x: number) => {
      const t = (s: TemplateStringsArray, ...v: any[]) => {
        note(s.join("|"));
        return v.reduce((a, b) => a * (typeof b === "function" ? b(x) : b), 1);
      };
      return t`a${x}b${(y: number) => y + 1}${t`${2}`}`;
    },
    args: [1.3],
  },
  {
    name: "a recursive type of closures",
    f: (x: number) => {
      type S = { v: number; next: () => S };
      const from = (v: number): S => ({ v, next: () => from(v * x + 1) });
      let s = from(x);
      for (let i = 0; i < 4; i++) s = s.next();
      return s.v;
    },
    args: [0.7],
    second: true,
  },
  {
    name: "continuation passing",
    f: (x: number) => {
      const sumTo = (n: number, k: (s: number) => number): number =>
        n === 0 ? k(0) : sumTo(n - 1, (s) => k(s + x ** n));
      return sumTo(5, (s) => s * s);
    },
    args: [0.7],
    second: true,
  },
  {
    name: "an event emitter",
    f: (x: number) => {
      const handlers: Record<string, ((v: number) => void)[]> = {};
      const on = (e: string, h: (v: number) => void) => {
        (handlers[e] ??= []).push(h);
      };
      const emit = (e: string, v: number) =>
        handlers[e]?.forEach((h) => {
          h(v);
        });
      let s = 0;
      on("a", (v) => {
        s += v;
        emit("b", v * 2);
      });
      on("b", (v) => {
        s *= v;
      });
      emit("a", x);
      emit("none", x);
      return s;
    },
    args: [1.3],
  },
  {
    name: "a state machine by a generator and a switch",
    f: (xs: number[]) => {
      function* machine(): Generator<number, void, number> {
        let state = "up";
        let s = 0;
        for (;;) {
          const x: number = yield s;
          switch (state) {
            case "up":
              s += x;
              if (s > 3) state = "down";
              break;
            case "down":
              s -= x * x;
              if (s < 0) state = "up";
              break;
          }
        }
      }
      const m = machine();
      m.next();
      return xs.map((x) => m.next(x).value as number);
    },
    args: [[1, 2.5, 1.5, 1.2, 0.4]],
  },
  {
    name: "an interpreter of little programs",
    f: (x: number) => {
      type E = ["n", number] | ["x"] | ["+" | "*", E, E] | ["f", "sin" | "exp", E];
      const run = (e: E): number => {
        switch (e[0]) {
          case "n":
            return e[1];
          case "x":
            return x;
          case "f":
            return Math[e[1]](run(e[2]));
          default:
            return e[0] === "+" ? run(e[1]) + run(e[2]) : run(e[1]) * run(e[2]);
        }
      };
      return run(["+", ["*", ["x"], ["f", "sin", ["x"]]], ["*", ["n", 2], ["f", "exp", ["x"]]]]);
    },
    args: [0.7],
    second: true,
  },
  {
    name: "reverse mode written by hand",
    f: (x: number, y: number) => {
      class N {
        grad = 0;
        constructor(
          public v: number,
          public back: [N, number][] = [],
        ) {}
        mul(o: N) {
          return new N(this.v * o.v, [
            [this, o.v],
            [o, this.v],
          ]);
        }
        sin() {
          return new N(Math.sin(this.v), [[this, Math.cos(this.v)]]);
        }
      }
      const visit = (n: N, g: number) => {
        n.grad += g;
        for (const [m, d] of n.back) visit(m, g * d);
      };
      const a = new N(x);
      const b = new N(y);
      visit(a.mul(b).sin().mul(a), 1);
      return a.grad * b.grad;
    },
    args: [1.3, 0.7],
    second: true,
  },
  {
    name: "differences by hand",
    f: (x: number) => {
      const g = (y: number) => y ** 3 - 2 * y;
      const h = 0.5;
      return (g(x + h) - g(x - h)) / (2 * h);
    },
    args: [1.3],
    second: true,
  },
  {
    name: "a matrix class with operators by name",
    f: (m: number[][]) => {
      class M {
        constructor(readonly rows: readonly (readonly number[])[]) {}
        static eye(n: number) {
          return new M(
            Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Number(i === j))),
          );
        }
        get T() {
          return new M(this.rows[0].map((_, j) => this.rows.map((r) => r[j])));
        }
        times(o: M) {
          return new M(this.rows.map((r) => o.T.rows.map((c) => r.reduce((s, x, k) => s + x * c[k], 0))));
        }
        pow(n: number): M {
          return n === 0
            ? M.eye(this.rows.length)
            : n % 2
              ? this.times(this.pow(n - 1))
              : this.times(this).pow(n / 2);
        }
        trace() {
          return this.rows.reduce((s, r, i) => s + r[i], 0);
        }
      }
      return new M(m).T.times(new M(m)).pow(3).trace();
    },
    args: [
      [
        [0.5, 0.2],
        [0.1, 0.9],
      ],
    ],
    second: true,
  },
  {
    name: "quaternions in frozen records",
    f: (q: { w: number; x: number; y: number; z: number }) => {
      type Q = Readonly<typeof q>;
      const mul = (a: Q, b: Q): Q =>
        Object.freeze({
          w: a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
          x: a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
          y: a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
          z: a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
        });
      return mul(mul(q, q), { ...q, w: -q.w });
    },
    args: [{ w: 0.9, x: 0.1, y: -0.2, z: 0.3 }],
  },
  {
    name: "rational numbers with lazy members",
    f: (x: number) => {
      class R {
        #value?: number;
        constructor(
          readonly n: number,
          readonly d: number,
        ) {}
        get value() {
          this.#value ??= this.n / this.d;
          return this.#value;
        }
        plus({ n, d }: R) {
          return new R(this.n * d + n * this.d, this.d * d);
        }
      }
      return [1, 2, 3].map((k) => new R(x, x + k)).reduce((a, b) => a.plus(b)).value;
    },
    args: [1.3],
    second: true,
  },
  {
    name: "money in a union of records",
    f: (x: number) => {
      type S = { kind: "circle"; r: number } | { kind: "box"; w: number; h: number };
      const area = (s: S) => {
        switch (s.kind) {
          case "circle":
            return Math.PI * s.r ** 2;
          case "box":
            return s.w * s.h;
        }
      };
      return (
        [
          { kind: "circle", r: x },
          { kind: "box", w: x, h: x + 1 },
        ] as S[]
      )
        .map(area)
        .reduce((a, b) => a * b);
    },
    args: [1.3],
  },
  {
    name: "enum and const assertions",
    f: (x: number) => {
      enum Mode {
        Sin,
        Exp = 5,
        Text = "t",
      }
      const table = [
        [Mode.Sin, Math.sin],
        [Mode.Exp, Math.exp],
      ] as const;
      return (
        table.reduce((s, [m, g]) => s + g(x) * (m + 1), Mode[5] === "Exp" ? x : 0) +
        (Mode.Text as string).length
      );
    },
    args: [1.3],
  },
  {
    name: "types that vanish: as, satisfies, generics, non-null",
    f: (x: number) => {
      const id = <T>(y: T): T => y;
      const o = { v: x } satisfies Record<string, number>;
      const l = [x] as const;
      return id<number>(o.v)! * (l[0] as number) + <number>id(x);
    },
    args: [1.3],
  },
  {
    name: "getters on classes, static and inherited, by super",
    f: (x: number) => {
      class A {
        static get k() {
          return 2;
        }
        get v() {
          return x;
        }
      }
      class B extends A {
        static override get k() {
          return super.k * 3;
        }
        override get v() {
          return super.v ** 2 * B.k;
        }
      }
      return new B().v;
    },
    args: [1.3],
  },
  {
    name: "assigning to super's member",
    f: (x: number) => {
      const base = { v: 1 };
      const o = {
        __proto__: base,
        go() {
          (super.v as any) = x * 2;
          return (this as any).v * (super.v as any);
        },
      } as any;
      return o.go();
    },
    args: [1.3],
  },
  {
    name: "a function's own name and length",
    f: (x: number) => {
      const g = (a: number, b: number) => a * b;
      return g.length * x + (g.name === "g" ? x * x : 0);
    },
    args: [1.3],
  },

  {
    name: "names that code made by a machine might use",
    f: (x: number) => {
      const $ = x;
      const _ = x * 2;
      const box = $ + _;
      const heap = [box];
      const recorder = { record: heap[0] };
      const tape = recorder.record * $;
      const t = tape + 1;
      const self = t;
      const W = self;
      const __w = W;
      const wengert = __w * 2;
      const value = wengert;
      const index = 0;
      const bar = [value][index];
      return bar;
    },
    args: [1.3],
    second: true,
  },
  {
    name: "contextual keywords as names",
    f: (async: number) => {
      const of = async * 2;
      const get = of + async;
      const set = {
        get,
        static: of,
        class: async,
        default: 3,
        new: 4,
        function: 5,
        if: async,
        typeof: 2,
        of,
      };
      const as = set.class * set.default;
      const type = as + set.static * set.get;
      const from = type;
      let target = from;
      target *= set.if ** set.typeof + set.new - set.function;
      const { class: klass, default: d = 2 } = set;
      return target * klass * d;
    },
    args: [1.3],
    second: true,
  },
  {
    name: "letters of other alphabets",
    f: (θ: number, ñ: number) => {
      const Δ = θ - ñ;
      const переменная = Δ ** 2;
      const o = { "ключ с пробелом": переменная, "a-b": θ, 変数: ñ };
      return o["ключ с пробелом"] * o["a-b"] + o.変数 * \u0061lpha(θ);
      function alpha(y: number) {
        return y * 2;
      }
    },
    args: [1.3, 0.4],
    second: true,
  },
  {
    name: "Math shadowed",
    f: (x: number) => {
      const Math = { sin: (y: number) => y * 2, PI: 1 };
      return Math.sin(x) * Math.PI;
    },
    args: [1.3],
  },
  {
    name: "natives shadowed",
    f: (x: number) => {
      const Number = (y: number) => y * 3;
      const Array = { from: (y: number[]) => y.map((v) => v + 1) };
      const isNaN = (y: number) => y > 100;
      const parseFloat = (y: number) => y ** 2;
      return Number(x) * Array.from([x])[0] + (isNaN(x) ? 0 : parseFloat(x));
    },
    args: [1.3],
  },
  {
    name: "a parameter called Math",
    f: (Math: number, undefinedLike: number) => Math * undefinedLike + Math,
    args: [1.3, 0.4],
  },
  {
    name: "methods called like those of lists",
    f: (x: number) => {
      const o = {
        map: (y: number) => y * x,
        push(y: number) {
          return y + x;
        },
        sort: () => x,
        get length() {
          return x * 2;
        },
        reduce: 3,
        has: (y: number) => y,
        get: (y: number) => y * 2,
        set: (y: number) => y ** 2,
      };
      return o.map(2) * o.push(1) + o.sort() * o.length * o.reduce + o.has(x) * o.get(x) + o.set(x);
    },
    args: [1.3],
    second: true,
  },
  {
    name: "regular expressions, comments and semicolons",
    f: (x: number) => {
      const parts = "a/b*c//d".split(/\/|\*(?!x)/g) /* not a division: 4 / 2 */;
      let y = x / parts.length / 2; // a comment; with "quotes" and `ticks`
      [y] = [y * 2];
      const s = `}${"`"}\${x}` + "'" + "\\";
      y > 100 ? null : (y += s.length);
      return y * x;
    },
    args: [1.3],
  },
  {
    name: "numeric and odd keys",
    f: (x: number) => {
      const o: any = { 1e3: x, 0x10: x * 2, "": 3, "1.5": 4, [-1]: x ** 2, __proto__: { inherited: x } };
      const a: any = [1];
      a[-1] = x;
      a.k = x * 2;
      a["2"] = x;
      return o[1000] * o[16] + o[""] * o[1.5] + o["-1"] * o.inherited + a[-1] * a.k * a[2] * a.length;
    },
    args: [1.3],
  },
  {
    name: "lists that change while they are walked",
    f: (x: number) => {
      const a = [x, 2];
      let s = 0;
      for (const y of a) {
        s += y;
        if (a.length < 5) a.push(y * x);
      }
      const b = [1, x, 3];
      b.forEach((y, i) => {
        if (i === 0) b.pop();
        s += y * 2;
      });
      const c = [x, x * 2, 3].filter((y, i, all) => {
        all[2] = x;
        return y > 0;
      });
      return (
        s * c[2] +
        c.map((y, _i, all) => {
          all[1] = 7;
          return y;
        })[1]
      );
    },
    args: [1.3],
  },
  {
    name: "keys that change while they are walked",
    f: (x: number) => {
      const o: any = { a: x, b: 2, c: x * 3 };
      let s = 0;
      for (const k in o) {
        s += o[k];
        if (k === "a") delete o.b;
        o[k] = s;
      }
      const m = new Map([["p", x]]);
      for (const [k, v] of m) if (m.size < 4) m.set(k + "q", v * 2);
      return s * [...m.values()].reduce((p, q) => p + q) + Object.values(o).length;
    },
    args: [1.3],
  },
  {
    name: "constructors that return other objects",
    f: (x: number) => {
      class A {
        v = x;
        constructor(other?: { v: number }) {
          if (other) return other as A;
        }
      }
      class B extends A {
        w = 2;
      }
      const o = { v: x * 3 };
      const b = new B(o);
      return b.v * b.w * new A().v;
    },
    args: [1.3],
  },
  {
    name: "a getter that replaces itself",
    f: (x: number) => {
      let n = 0;
      const o = {
        get v(): number {
          n++;
          const value = x * x;
          Object.defineProperty(this, "v", { value, writable: true, configurable: true });
          return value;
        },
      };
      return o.v * o.v * n;
    },
    args: [1.3],
  },
  {
    name: "a subclass of Map",
    f: (x: number) => {
      class Totals extends Map<string, number> {
        add(k: string, v: number) {
          return this.set(k, (this.get(k) ?? 0) + v);
        }
        get total() {
          let s = 0;
          for (const v of this.values()) s += v;
          return s;
        }
      }
      return new Totals([["a", x]]).add("a", x * 2).add("b", x * x).total;
    },
    args: [1.3],
  },
  {
    name: "a subclass of Error, caught by its class",
    f: (x: number) => {
      class Refused extends Error {
        constructor(readonly by: number) {
          super("refused");
          this.name = "Refused";
        }
        get doubled() {
          return this.by * 2;
        }
      }
      try {
        throw new Refused(x * x);
      } catch (e) {
        return e instanceof Refused && e.name === "Refused" ? e.doubled : 0;
      }
    },
    args: [1.3],
  },
  {
    name: "a subclass of Array with a constructor",
    f: (x: number) => {
      class V extends Array<number> {
        constructor(...xs: number[]) {
          super();
          for (const y of xs) this.push(y);
        }
        dot(o: V) {
          let s = 0;
          for (let i = 0; i < this.length; i++) s += this[i] * o[i];
          return s;
        }
      }
      return new V(x, 2).dot(new V(3, x)) * new V(x).length;
    },
    args: [1.3],
  },
  {
    name: "a subclass of Float64Array",
    f: (x: number) => {
      class F extends Float64Array {
        norm() {
          return Math.hypot(...this);
        }
      }
      const v = new F(2);
      v[0] = x;
      v[1] = x * x;
      return v.norm();
    },
    args: [1.3],
  },
  {
    name: "members added to a list and a function",
    f: (x: number) => {
      const l = Object.assign([x, 2], { weight: x * 3 });
      const g = Object.assign((y: number) => y * 2, { k: x });
      return l[0] * l.weight + g(g.k);
    },
    args: [1.3],
  },
  {
    name: "decorated methods",
    f: (x: number) => {
      const twice = (g: any, _context: unknown) =>
        function (this: any, ...a: any[]) {
          return g.apply(this, a) * 2;
        };
      class C {
        @twice go(y: number) {
          return y * x;
        }
      }
      return new C().go(x);
    },
    args: [1.3],
  },
];
