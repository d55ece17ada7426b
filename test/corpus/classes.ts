/** Classes, with everything that a class body can hold. */
import type { Entry } from "./entry.ts";

class Vector {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
  static readonly zero = new Vector(0, 0);
  static of(...xs: number[]) {
    return new Vector(xs[0], xs[1]);
  }
  plus(o: Vector) {
    return new Vector(this.x + o.x, this.y + o.y);
  }
  times(k: number) {
    return new Vector(this.x * k, this.y * k);
  }
  dot(o: Vector) {
    return this.x * o.x + this.y * o.y;
  }
  get length() {
    return Math.sqrt(this.dot(this));
  }
  get unit() {
    return this.times(1 / this.length);
  }
}

class Complex {
  readonly re: number;
  readonly im: number;
  constructor(re: number, im = 0) {
    this.re = re;
    this.im = im;
  }
  add(o: Complex) {
    return new Complex(this.re + o.re, this.im + o.im);
  }
  mul({ re, im }: Complex) {
    return new Complex(this.re * re - this.im * im, this.re * im + this.im * re);
  }
  inverse() {
    const n = this.re ** 2 + this.im ** 2;
    return new Complex(this.re / n, -this.im / n);
  }
  abs() {
    return Math.hypot(this.re, this.im);
  }
  static exp(z: Complex) {
    return new Complex(Math.exp(z.re) * Math.cos(z.im), Math.exp(z.re) * Math.sin(z.im));
  }
}

class Dual {
  constructor(
    public v: number,
    public d: number,
  ) {}
  static variable = (v: number) => new Dual(v, 1);
  mul(o: Dual) {
    return new Dual(this.v * o.v, this.v * o.d + this.d * o.v);
  }
  sin() {
    return new Dual(Math.sin(this.v), Math.cos(this.v) * this.d);
  }
}

class Account {
  #balance: number;
  #history: number[] = [];
  static #opened = 0;
  constructor(start: number) {
    this.#balance = start;
    Account.#opened++;
  }
  #log(x: number) {
    this.#history.push(x);
  }
  deposit(x: number) {
    this.#balance += x;
    this.#log(x);
    return this;
  }
  grow(rate: number) {
    this.#balance *= 1 + rate;
    return this;
  }
  get balance() {
    return this.#balance;
  }
  set balance(x: number) {
    this.#balance = x * 2;
  }
  get #last() {
    return this.#history[this.#history.length - 1];
  }
  last() {
    return this.#last;
  }
  static isAccount(o: object) {
    return #balance in o;
  }
}

abstract class Shape {
  abstract area(): number;
  protected factor = 2;
  scaled(k: number) {
    return this.area() * k * this.factor;
  }
  describe() {
    return `shape of ${this.area()}`;
  }
}

class Circle extends Shape {
  constructor(protected r: number) {
    super();
  }
  area() {
    return Math.PI * this.r ** 2;
  }
}

class Ring extends Circle {
  #inner: number;
  constructor(r: number, inner: number) {
    super(r);
    this.#inner = inner;
    this.factor = inner;
  }
  override area() {
    return super.area() - Math.PI * this.#inner ** 2;
  }
}

class Base {
  get value() {
    return 3;
  }
  static make(x: number) {
    return x + 1;
  }
  twice(x: number) {
    return 2 * x;
  }
}

class Derived extends Base {
  override get value() {
    return super.value * 2;
  }
  static override make(x: number) {
    return super.make(x) * x;
  }
  override twice(x: number) {
    const inner = () => super.twice(x) + 1;
    return inner() * this.value;
  }
}

class WithStaticBlock {
  static table: number[] = [];
  static {
    for (let i = 0; i < 4; i++) this.table.push(i * i);
  }
  static at(i: number) {
    return this.table[i];
  }
}

class Polynomial {
  private coefficients: number[];
  private cache = new Map<string, number>();
  constructor(...coefficients: number[]) {
    this.coefficients = coefficients;
  }
  evaluate = (x: number) => this.coefficients.reduceRight((p, c) => p * x + c, 0);
  derived() {
    return new Polynomial(...this.coefficients.map((c, i) => c * i).slice(1));
  }
  cached(name: string, x: number) {
    if (!this.cache.has(name)) this.cache.set(name, this.evaluate(x));
    return this.cache.get(name)!;
  }
}

class Lazy {
  #value?: number;
  constructor(private make: () => number) {}
  get value() {
    return (this.#value ??= this.make());
  }
}

class Particle {
  position = [0, 0];
  velocity: number[];
  constructor(
    v: number[],
    readonly mass = 1,
  ) {
    this.velocity = [...v];
  }
  step(dt: number) {
    for (let i = 0; i < this.position.length; i++) {
      this.position[i] += dt * this.velocity[i];
      this.velocity[i] -= (dt * this.position[i]) / this.mass;
    }
  }
  get energy() {
    return 0.5 * this.mass * this.velocity.reduce((s, v) => s + v * v, 0);
  }
}

class Matrix extends Array<number[]> {
  static override get [Symbol.species]() {
    return Array;
  }
  trace() {
    let t = 0;
    for (let i = 0; i < this.length; i++) t += this[i][i];
    return t;
  }
}

class Stack<T> {
  #items: T[] = [];
  push(x: T) {
    this.#items.push(x);
    return this;
  }
  pop() {
    return this.#items.pop()!;
  }
}

class Accessor {
  accessor level = 2;
  static accessor shared = 3;
}

const mixin = <T extends new (...args: any[]) => { v: number }>(B: T) =>
  class extends B {
    cube() {
      return this.v ** 3;
    }
  };

export const classes: Entry[] = [
  {
    name: "vectors",
    f: (x: number, y: number) =>
      Vector.of(x, y)
        .plus(new Vector(y, 1))
        .times(x)
        .dot(Vector.zero.plus(new Vector(2, x))),
    args: [1.3, 0.7],
    second: true,
  },
  {
    name: "a getter that computes",
    f: (x: number, y: number) => new Vector(x, y).length + new Vector(x, 2).unit.x,
    args: [1.3, 0.7],
    second: true,
  },
  {
    name: "complex arithmetic",
    f: (x: number, y: number) => {
      let z = new Complex(x, y);
      for (let i = 0; i < 3; i++) z = z.mul(z).add(new Complex(0.3, x));
      return z.abs();
    },
    args: [0.4, 0.5],
    second: true,
  },
  {
    name: "complex exponential and inverse",
    f: (x: number, y: number) => Complex.exp(new Complex(x, y).inverse()).mul(new Complex(y)).abs(),
    args: [0.9, 0.5],
    second: true,
  },
  {
    name: "dual numbers by hand",
    f: (x: number) => Dual.variable(x).mul(Dual.variable(x)).sin().d,
    args: [0.9],
    second: true,
  },
  {
    name: "private fields and methods",
    f: (x: number, r: number) => {
      const a = new Account(x)
        .deposit(x * 2)
        .grow(r)
        .deposit(3);
      return a.balance * a.last() + (Account.isAccount(a) ? x : 0);
    },
    args: [1.3, 0.1],
    second: true,
  },
  {
    name: "a setter",
    f: (x: number) => {
      const a = new Account(1);
      a.balance = x;
      a.balance += x;
      a.balance *= 3;
      return a.balance;
    },
    args: [1.3],
  },
  {
    name: "abstract class",
    f: (r: number) => {
      const s: Shape = new Circle(r);
      return s.scaled(3) + s.describe().length * 0;
    },
    args: [1.3],
  },
  {
    name: "inheritance and super",
    f: (r: number, i: number) => new Ring(r, i).scaled(2),
    args: [1.3, 0.4],
    second: true,
  },
  {
    name: "super in getter, static and arrow",
    f: (x: number) => {
      const d = new Derived();
      return d.twice(x) * Derived.make(x) + d.value;
    },
    args: [1.3],
    second: true,
  },
  {
    name: "static block",
    f: (x: number) => WithStaticBlock.at(2) * x + WithStaticBlock.table.reduce((s, t) => s + t * x ** 2, 0),
    args: [1.3],
  },
  {
    name: "arrow as a field",
    f: (x: number) => {
      const { evaluate } = new Polynomial(1, x, 3);
      return evaluate(x) + [1, 2, x].map(evaluate).reduce((a, b) => a + b);
    },
    args: [1.3],
    second: true,
  },
  {
    name: "methods that make new objects",
    f: (x: number) => new Polynomial(1, 2, x, 3).derived().derived().evaluate(x),
    args: [1.3],
    second: true,
  },
  {
    name: "a cache in an object of the call",
    f: (x: number) => {
      const p = new Polynomial(x, 2, 1);
      return p.cached("a", x) * p.cached("a", 100) + p.cached("b", x * 2);
    },
    args: [1.3],
  },
  {
    name: "lazy value",
    f: (x: number) => {
      let calls = 0;
      const lazy = new Lazy(() => {
        calls++;
        return x * x;
      });
      return lazy.value * lazy.value * calls;
    },
    args: [1.3],
  },
  {
    name: "an object that moves",
    f: (vx: number, vy: number, m: number) => {
      const p = new Particle([vx, vy], m);
      for (let i = 0; i < 10; i++) p.step(0.1);
      return p.energy + p.position[0] * p.position[1];
    },
    args: [1, 0.5, 2],
    second: true,
  },
  {
    name: "default mass",
    f: (v: number) => {
      const p = new Particle([v]);
      p.position = [v];
      p.step(0.5);
      return p.position[0] * p.energy;
    },
    args: [0.7],
  },
  {
    name: "a list with methods of its own",
    f: (m: number[][]) => {
      const a = new Matrix();
      a.push(...m);
      return a.trace() ** 2 + a.map((r) => r[0]).length;
    },
    args: [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  },
  {
    name: "a generic container",
    f: (x: number) => {
      const s = new Stack<number>().push(x).push(x * x);
      return s.pop() * s.pop() ** 2;
    },
    args: [1.3],
  },
  {
    name: "auto accessors",
    f: (x: number) => {
      const a = new Accessor();
      a.level = x * a.level;
      a.level **= 2;
      return a.level + x * Accessor.shared;
    },
    args: [1.3],
  },
  {
    name: "a mixin",
    f: (x: number) => {
      class V {
        constructor(public v: number) {}
      }
      const C = mixin(V);
      return (
        new C(x).cube() +
        new (class extends C {
          override cube() {
            return super.cube() * this.v;
          }
        })(x).cube()
      );
    },
    args: [1.3],
    second: true,
  },
  {
    name: "a class inside the function",
    f: (x: number) => {
      class Local {
        static k = x * 2;
        k = x;
        scale(y: number) {
          return this.k * y * Local.k;
        }
      }
      return new Local().scale(3);
    },
    args: [1.3],
  },
  {
    name: "computed method names",
    f: (x: number) => {
      const name = "go";
      class C {
        [name](y: number) {
          return y * x;
        }
        ["f1"] = x;
      }
      const c = new C() as unknown as { go(y: number): number; f1: number };
      return c.go(2) * c.f1;
    },
    args: [1.3],
  },
  {
    name: "instanceof decides",
    f: (x: number) => {
      const shapes: Shape[] = [new Circle(x), new Ring(x, 0.1)];
      return shapes.reduce((s, o) => s + (o instanceof Ring ? o.area() * 2 : o.area()), 0);
    },
    args: [1.3],
  },
  {
    name: "fluent builder",
    f: (x: number) => {
      class B {
        #terms: [number, number][] = [];
        term(c: number, p: number) {
          this.#terms.push([c, p]);
          return this;
        }
        at(t: number) {
          return this.#terms.reduce((s, [c, p]) => s + c * t ** p, 0);
        }
      }
      return new B()
        .term(x, 2)
        .term(3, 1)
        .term(x * x, 0)
        .at(x);
    },
    args: [1.3],
    second: true,
  },
  {
    name: "field initialisers in order",
    f: (x: number) => {
      class C {
        a = x;
        b = this.a * 2;
        c = this.b + this.a;
      }
      const { a, b, c } = new C();
      return a * b * c;
    },
    args: [1.3],
  },
  {
    name: "an iterable class",
    f: (xs: number[]) => {
      class Pairs {
        constructor(private xs: number[]) {}
        *[Symbol.iterator]() {
          for (let i = 1; i < this.xs.length; i++) yield [this.xs[i - 1], this.xs[i]] as const;
        }
      }
      let s = 0;
      for (const [a, b] of new Pairs(xs)) s += a * b * b;
      return s;
    },
    args: [[1, 2, 3, 4]],
  },
  {
    name: "static inheritance and counters",
    f: (x: number) => {
      class A {
        static k = 1;
        static next() {
          return (this.k += x);
        }
      }
      class B extends A {
        static override k = 10;
      }
      return A.next() * B.next() * A.next();
    },
    args: [0.5],
  },
];
