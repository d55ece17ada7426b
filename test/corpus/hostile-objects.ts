/**
 * Hostile inputs again: objects with a will of their own (proxies, private members, accessors, collections, views of
 * buffers), and what lies in them after an evaluation.
 */
import { grad, jvp } from "wengert";
import type { Hostile } from "./hostile.ts";
import { add, total } from "./live-binding.ts";

const any = (x: unknown) => x as any;
const right = (name: string, run: () => unknown, ...numbers: number[]): Hostile => ({
  name,
  run,
  right: numbers,
});
const refused = (name: string, error: RegExp, run: () => unknown): Hostile => ({
  name,
  run,
  error,
  code: true,
});
/** f at x. */
const at = (name: string, x: number, f: (x: number) => unknown, ...numbers: number[]): Hostile =>
  right(name, () => grad(f as (x: number) => number)(x), ...numbers);
const never = (name: string, x: number, error: RegExp, f: (x: number) => unknown): Hostile =>
  refused(name, error, () => grad(f as (x: number) => number)(x));

const stale = /earlier derivative evaluation/;

class Account {
  #balance = 0;
  static #rate = 1;
  get #twice() {
    return this.#balance + 1;
  }
  set #twice(v: number) {
    this.#balance = v * 2;
  }
  double(v: number) {
    this.#twice = v;
    this.#twice += v;
    return this.#twice;
  }
  static setRate(v: number) {
    Account.#rate = v;
    return Account.#rate * v;
  }
  static get rate() {
    return Account.#rate;
  }
}
class Keeper {
  #kept: any = null;
  _plain = 0;
  get plain() {
    return this._plain;
  }
  keep(v: any) {
    this.#kept = v;
  }
  get kept() {
    return this.#kept;
  }
}
class Base {
  constructor(public side: number) {}
}
class Square extends Base {
  #area = this.side * this.side;
  area() {
    return this.#area;
  }
}

const privates: Hostile[] = [
  at("private accessors of a class outside", 3, (x) => new Account().double(x) * x, 39),
  at(
    "private accessors of a class inside",
    3,
    (x) => {
      class Inner {
        #a = x;
        get #b() {
          return this.#a * x;
        }
        set #b(v) {
          this.#a = v + x;
        }
        run() {
          this.#b = this.#b + 1;
          return this.#b;
        }
      }
      return new Inner().run();
    },
    3 * 9 + 2 * 3 + 1,
  ),
  refused("a private static member that was left", stale, () => {
    grad((x: number) => Account.setRate(x))(3);
    return grad((x: number) => Account.rate * x)(3);
  }),
  refused("a member that was left, read by a getter", stale, () => {
    const keeper = new Keeper();
    grad((x: number) => (keeper._plain = x))(3);
    return grad((x: number) => keeper.plain * x)(3);
  }),
  right(
    "a list in a private field is plain again",
    () => {
      const keeper = new Keeper();
      grad((x: number) => {
        keeper.keep([x, { y: x * 2 }]);
        return x;
      })(3);
      return [typeof keeper.kept[0] === "number" ? keeper.kept[0] : 0, keeper.kept[1].y];
    },
    3,
    6,
  ),
  right(
    "an argument in a private field is the argument",
    () => {
      const keeper = new Keeper();
      const xs = [3];
      grad((v: number[]) => {
        keeper.keep(v);
        return v[0];
      })(xs);
      return keeper.kept === xs ? 1 : 0;
    },
    1,
  ),
  right(
    "what a private field began with is plain again",
    () => {
      let square: Square | undefined;
      grad((x: number) => {
        square = new Square(x);
        return square.area();
      })(3);
      return typeof square?.area() === "number" ? square.area() : 0;
    },
    9,
  ),
];

const proxies: Hostile[] = [
  at(
    "traps that count and log",
    3,
    (x) => {
      const log: unknown[] = [];
      const p = new Proxy({ a: x } as any, {
        get(t, k) {
          log.push(k);
          return Reflect.get(t, k);
        },
        set(t, k, v) {
          log.push(k);
          t[k] = v;
          return true;
        },
      });
      p.b = p.a;
      p.b += 1;
      return p.b * log.length;
    },
    5,
  ),
  right(
    "traps made outside of the evaluation",
    () => {
      const log: unknown[] = [];
      const p = new Proxy({ a: 2 } as any, {
        get(t, k) {
          log.push(k);
          return t[k] * 2;
        },
        set(t, k, v) {
          log.push(k);
          t[k] = v + 1;
          return true;
        },
        has: (t, k) => k in t,
      });
      const slope = grad((x: number) => {
        p.a = x;
        return p.a * x + ("a" in p ? x : 0);
      })(3);
      return [slope, log.length, p.a];
    },
    15,
    2,
    8,
  ),
  right(
    "a function behind a Proxy",
    () => {
      const f = new Proxy((x: number) => x * x, { apply: (t, _self, [x]) => t(x) * 3 });
      return grad((x: number) => f(x))(2);
    },
    12,
  ),
  at("a class behind a Proxy", 2, (x) => new new Proxy(Base, {})(x).side * x, 4),
  at("a Proxy that can be revoked", 2, (x) => Proxy.revocable({ a: x }, {}).proxy.a * x, 4),
  right(
    "a list behind a Proxy",
    () => {
      const p: number[] = new Proxy([1, 2, 3], {});
      const slope = grad((x: number) => {
        p.push(x);
        p[0] = x;
        return p.reduce((s, v) => s + v * x, 0);
      })(2);
      return [slope, ...JSON.parse(JSON.stringify(p))];
    },
    13,
    2,
    2,
    3,
    2,
  ),
  at(
    "Reflect.set of what is frozen",
    3,
    (x) => (Reflect.set(Object.freeze({ a: 1 }), "a", x) ? 0 : x * 2),
    2,
  ),
];

const collections: Hostile[] = [
  at(
    "a passive value under a traced key",
    1.5,
    (x) => {
      const m = new Map([
        [x, x],
        [x * 2, 2],
      ]);
      let sum = 0;
      for (const [k, v] of new Map(m)) sum += k * v;
      return sum;
    },
    7,
  ),
  refused("traced keys that were left", stale, () => {
    const m = new Map<number, number>();
    grad((x: number) => {
      m.set(x, x * 2);
      return x;
    })(3);
    return grad((x: number) => [...m.keys()][0] * x)(3);
  }),
  refused("a value that was left, beside a new traced key", stale, () => {
    const m = new Map<unknown, number>();
    grad((x: number) => {
      m.set("a", x * 2);
      return x;
    })(3);
    return grad((x: number) => {
      m.set(x, 1);
      return (m.get("a") as number) * x;
    })(3);
  }),
  refused("a value that was left under a text of digits", stale, () => {
    const m = new Map<unknown, number>();
    grad((x: number) => {
      m.set("1", x * 2);
      return x;
    })(3);
    return grad((x: number) => (m.get("1") as number) * x)(3);
  }),
  refused("a member that was left under an index", stale, () => {
    const o: Record<number, number> = {};
    grad((x: number) => (o[0] = x))(3);
    return grad((x: number) => o[0] * x)(3);
  }),
  refused("a value that was left in a WeakMap", stale, () => {
    const key = {};
    const m = new WeakMap<object, number>();
    grad((x: number) => {
      m.set(key, x);
      return x;
    })(3);
    return grad((x: number) => (m.get(key) as number) * x)(3);
  }),
  right(
    "a value set anew in a WeakMap",
    () => {
      const key = {};
      const m = new WeakMap<object, number>();
      grad((x: number) => {
        m.set(key, x);
        return x;
      })(3);
      m.set(key, 5);
      return grad((x: number) => (m.get(key) as number) * x)(3);
    },
    5,
  ),
  right(
    "an argument in collections is the argument",
    () => {
      const [m, s, w, ws] = [new Map(), new Set(), new WeakMap(), new WeakSet()];
      const xs = [1, 2];
      m.set("before", 0).set("k", 1);
      grad((v: number[]) => {
        m.set("k", v);
        m.set(v, 7);
        m.set("after", 1);
        s.add(v);
        w.set(v, v);
        ws.add(v);
        return v[0] * m.get(v);
      })(xs);
      const order = [...m.keys()].map((k) => (k === xs ? 1 : 0));
      return [m.get("k") === xs, m.get(xs) === 7, s.has(xs), w.get(xs) === xs, ws.has(xs)]
        .map(Number)
        .concat(order);
    },
    ...[1, 1, 1, 1, 1, 0, 0, 1, 0],
  ),
  right(
    "members of a class of Map are plain again",
    () => {
      class Named extends Map<string, number> {
        last = 0;
        override set(k: string, v: number) {
          this.last = v;
          return super.set(k, v);
        }
      }
      const m = new Named();
      grad((x: number) => {
        m.set("a", x * 2);
        return m.last * x;
      })(3);
      return [typeof m.last === "number" ? m.last : 0, any(m.get("a")) + 1];
    },
    6,
    7,
  ),
];

declare global {
  var sharedTotal: number;
}
const addShared = (v: number) => {
  sharedTotal += v;
  return sharedTotal;
};
const globals: Hostile[] = [
  right(
    "a variable of the global scope, as cells share them",
    () => {
      globalThis.sharedTotal = 1;
      const slope = grad((x: number) => {
        addShared(x);
        const before = sharedTotal++;
        [sharedTotal] = [sharedTotal * before];
        return typeof sharedTotal === "number" ? sharedTotal * x : 0;
      })(2);
      const left = globalThis.sharedTotal;
      return [slope, typeof left === "number" ? left : 0];
    },
    4 * 3 + 2 * (4 + 3),
    12,
  ),
  refused("a variable of the global scope that was left", stale, () => {
    globalThis.sharedTotal = 0;
    grad(addShared)(2);
    return grad((x: number) => sharedTotal * x)(2);
  }),
  right(
    "a variable of the global scope set anew",
    () => {
      globalThis.sharedTotal = 0;
      grad(addShared)(2);
      sharedTotal = 5;
      return [
        grad((x: number) => sharedTotal * x)(2),
        grad((x: number) => {
          sharedTotal = 0;
          return addShared(x) * x;
        })(2),
      ];
    },
    5,
    4,
  ),
];

const f64 = (x: number) => {
  const f = new Float64Array(2);
  const bytes = new Uint8Array(f.buffer);
  f[0] = x;
  f[1] = x;
  return { f, bytes };
};
const views: Hostile[] = [
  never("bytes copied within a buffer", 1.5, /view of another type|bytes/, (x) => {
    const { f, bytes } = f64(x);
    bytes.copyWithin(8, 0, 8);
    return f[1] * x;
  }),
  never("bytes filled", 1.5, /view of another type|bytes/, (x) => {
    const { f, bytes } = f64(x);
    bytes.fill(0, 8);
    return (f[0] + f[1]) * x;
  }),
  never("bytes set from bytes", 1.5, /view of another type|bytes/, (x) => {
    const g = new Float64Array(2);
    new Uint8Array(g.buffer).set(f64(x).bytes);
    return g[0] * x;
  }),
  never("bytes sliced", 1.5, /view of another type|bytes/, (x) => f64(x).bytes.slice()[7] * x),
  never(
    "structuredClone of a buffer",
    1.5,
    /bytes/,
    (x) => new Float64Array(structuredClone(f64(x).f.buffer))[0] * x,
  ),
  never("structuredClone with a transfer", 1.5, /transfer/, (x) => {
    const { f } = f64(x);
    return structuredClone(f, { transfer: [f.buffer] })[0] * x;
  }),
  at("typed arrays sorted with -0 and NaN", 1.5, (x) => Float64Array.of(NaN, 0, -0, x).sort()[2] * x, 3),
  at(
    "typed arrays sorted, -0 first",
    1.5,
    (x) => (Object.is(Float64Array.of(0, -0, x).sort()[0], -0) ? x : 0),
    1,
  ),
  never("a date made of text", 1, /text/, (x) => (Date.parse(`${2000 + x}`) / 1e12) * x),
  never("a Date made of text", 1, /text/, (x) => (new Date(`${2000 + x}`).getTime() / 1e12) * x),
  never("bytes made of text", 1.5, /text|TextEncoder|encode/, (x) => new TextEncoder().encode(`${x}`)[0] * x),
];

const loops: Hostile[] = [
  at(
    "closures over the variables of a pattern in a loop's head",
    1.5,
    (x) => {
      const fs: (() => number)[] = [];
      for (let [i, s] = [0, x]; i < 3; i++, s *= 2) fs.push(() => s * (i + 1));
      return fs.reduce((a, f) => a + f(), 0);
    },
    17,
  ),
  at(
    "labels and closures in such a loop",
    1.5,
    (x) => {
      const fs: (() => number)[] = [];
      outer: for (let { i, s } = { i: 0, s: x }, k = 2; i < 4; i++) {
        for (const [j] of [[0], [1]]) if (j === 1) continue outer;
        fs.push(() => s * i * k);
      }
      for (let { i, s } = { i: 0, s: x }, k = 2; i < 4; i++) fs.push(() => s * i * k);
      return fs.reduce((a, f) => a + f(), 0);
    },
    12,
  ),
  at(
    "a parameter of an outer arrow function in parentheses",
    3,
    (x) => ((k: number) => ({ f: (y: number) => (k = k * y) }))(2).f(x),
    2,
  ),
  {
    name: "a constant is assigned to",
    run: () =>
      grad((x: number) => {
        const c = x;
        try {
          // @ts-expect-error: what JavaScript would refuse
          c = 5;
        } catch (e) {
          return e instanceof TypeError ? c * 2 : 0;
        }
        return c;
      })(3),
    right: [2],
  },
  right(
    "a getter of Number.prototype",
    () => {
      Object.defineProperty(Number.prototype, "tripled", {
        configurable: true,
        get: function (this: number) {
          return this * 3;
        },
      });
      try {
        return grad((x: number) => any(x).tripled * any(x * x).tripled)(2);
      } finally {
        delete any(Number.prototype).tripled;
      }
    },
    108,
  ),
  at(
    "a shorthand member named __proto__",
    3,
    (x) => {
      const __proto__ = { q: x };
      const o: any = { __proto__ };
      return Object.hasOwn(o, "__proto__") ? o["__proto__"].q * 2 : 0;
    },
    2,
  ),
  never("a traced key of a class member", 1.5, /key/, (x) => {
    class C {
      static [any(x)]() {
        return 3;
      }
    }
    return any(C)["1.5"]() * x;
  }),
  never("a traced key of a pattern", 1.5, /key/, (x) => {
    const { [any(x)]: q } = any({ "1.5": 4 });
    return q * x;
  }),
  never("a live binding of another module", 3, /total/, (x) => {
    add(x);
    return total * x;
  }),
];

const outside: Hostile[] = [
  refused("a passive write to a record through another name", /another name/, () => {
    const a = { q: 1 };
    return grad((v: { q: number }) => {
      a.q = 5;
      return v.q * 2;
    })(a);
  }),
  refused("a passive write to a Float64Array through another name", /another name/, () => {
    const a = Float64Array.of(1, 2);
    return grad((v: Float64Array) => {
      a[0] = 5;
      return v[0] * 2;
    })(a);
  }),
  refused("a passive write to a list through another name, forwards", /another name/, () => {
    const a = [1, 2];
    return jvp((v: number[]) => {
      a[0] = 5;
      return v[0] * 2;
    })([a], [[1, 0]]).tangent;
  }),
  right(
    "an inner derivative's argument is f's own",
    () =>
      grad((x: number) => {
        const b = { q: x };
        const slope = grad((v: { q: number }) => v.q * v.q)(b).q;
        b.q = 5;
        return slope * x + b.q;
      })(3),
    12,
  ),
  right(
    "a name on a long list",
    () => {
      const a: any = new Array(5000).fill(1);
      a.scale = 3;
      return any(grad((v: any) => v[0] * v.scale)(a))[0];
    },
    3,
  ),
  refused("a variable outside that was left, read by another function", stale, () => {
    let kept = 0;
    grad((x: number) => {
      kept = x * 2;
      return x;
    })(3);
    const reads = () => kept;
    return grad((x: number) => reads() * x)(3);
  }),
  right(
    "a name on a list is plain again",
    () => {
      const list: any = [];
      grad((x: number) => {
        list.scale = x;
        return x;
      })(3);
      return typeof list.scale === "number" ? list.scale : 0;
    },
    3,
  ),
  refused("a name on a list that was left", stale, () => {
    const list: any = [];
    grad((x: number) => {
      list.scale = x;
      return x;
    })(3);
    return grad((x: number) => list.scale * x)(3);
  }),
  refused("a buffer that was left, seen through another view", stale, () => {
    const f = new Float64Array(2);
    const g = new Float64Array(f.buffer);
    grad((x: number) => {
      f[0] = x;
      return x;
    })(3);
    return grad((x: number) => g[0] * x)(3);
  }),
  right(
    "a method on a long list",
    () => {
      const a = Object.assign(new Array(100).fill(2), {
        squares(this: number[]) {
          return this.reduce((s, v) => s + v * v, 0);
        },
      });
      return any(grad((v: typeof a) => v.squares() * v[0])(a))[1];
    },
    8,
  ),
  right(
    "an iterator that outlives the evaluation",
    () => {
      let it: Iterator<number> | undefined;
      grad((x: number) => {
        it = [x, x * 2].values();
        return (it.next().value as number) * x;
      })(3);
      const { value } = (it as Iterator<number>).next();
      return typeof value === "number" ? value : 0;
    },
    6,
  ),
];

export const objects: Record<string, readonly Hostile[]> = {
  "private members": privates,
  proxies,
  "collections of objects": collections,
  globals,
  "views of buffers": views,
  "loops and names": loops,
  "other names": outside,
};
