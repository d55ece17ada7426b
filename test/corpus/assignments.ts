/** Assignments of every form, and in which order their parts are evaluated. */
import type { Entry } from "./entry.ts";

export const assignments: Entry[] = [
  {
    name: "compound on a variable",
    f: (x: number) => {
      let y = x;
      y += x;
      y -= 0.5;
      y *= x;
      y /= 3;
      y **= 2;
      y %= 1;
      return y;
    },
    args: [1.3],
    second: true,
  },
  {
    name: "compound on a member",
    f: (x: number) => {
      const o = { v: x };
      o.v += x;
      o.v *= o.v;
      o.v /= x + 1;
      o.v -= x;
      o.v **= 3;
      return o.v;
    },
    args: [1.3],
    second: true,
  },
  {
    name: "compound on an element",
    f: (x: number) => {
      const a = [x, 2];
      a[0] *= a[1];
      a[1] += a[0] ** 2;
      a[a.length - 1] -= x;
      return a[1];
    },
    args: [1.3],
  },
  {
    name: "compound on a computed key",
    f: (x: number) => {
      const o: Record<string, number> = { ab: x };
      o["a" + "b"] *= x;
      o["c"] = o.ab;
      o[`${"c"}`] += 1;
      return o.c * o.ab;
    },
    args: [1.3],
  },
  {
    name: "increments as values",
    f: (x: number) => {
      let y = x;
      const a = y++;
      const b = ++y;
      const c = y--;
      const d = --y;
      return a * b * c * d + y;
    },
    args: [1.3],
  },
  {
    name: "increments of members",
    f: (x: number) => {
      const o = { v: x, l: [x] };
      const a = o.v++;
      const b = ++o.l[0];
      return a * b * o.v-- * o.v;
    },
    args: [1.3],
  },
  {
    name: "nullish assignment",
    f: (x: number) => {
      let a: number | undefined;
      a ??= x;
      a ??= 100;
      const o: { v?: number } = {};
      o.v ??= a * x;
      o.v ??= 5;
      return a * o.v;
    },
    args: [1.3],
  },
  {
    name: "or and and assignment",
    f: (x: number) => {
      let a = 0;
      a ||= x;
      a ||= 100;
      a &&= a * x;
      let b = 0;
      b &&= x;
      return a + b;
    },
    args: [1.3],
  },
  {
    name: "chained assignment",
    f: (x: number) => {
      let a: number;
      let b: number;
      const o = { v: 0 };
      a = b = o.v = x * x;
      a += b *= 2;
      return a * b * o.v;
    },
    args: [1.3],
  },
  {
    name: "assignment as a value",
    f: (x: number) => {
      let y = 0;
      const z = (y = x * 2) * y + (y += x);
      return z * y;
    },
    args: [1.3],
  },
  {
    name: "the left is evaluated first",
    f: (x: number) => {
      const log: string[] = [];
      const o = (name: string) => {
        log.push(name);
        return { v: [x, x * 2] };
      };
      const k = () => {
        log.push("k");
        return 1;
      };
      const r = () => {
        log.push("r");
        return x;
      };
      o("a").v[k()] += r();
      return log.join("") === "akr" ? x * x : 0;
    },
    args: [1.3],
  },
  {
    name: "the old value is read before the right side",
    f: (x: number) => {
      let y = x;
      y += ((y = 10), x * y);
      return y;
    },
    args: [1.3],
  },
  {
    name: "the object is kept when its variable changes",
    f: (x: number) => {
      let o = { v: x, next: { v: 5 } as any };
      const first = o;
      o.v = ((o = o.next), x * 3);
      return first.v * o.v;
    },
    args: [1.3],
  },
  {
    name: "the index is kept",
    f: (x: number) => {
      const a = [1, 2, 3];
      let i = 0;
      a[i] = i = x > 1 ? 2 : 1;
      a[i++] *= x;
      return a[0] * a[2] * i;
    },
    args: [1.3],
  },
  {
    name: "let, const and var in scopes",
    f: (x: number) => {
      var a = x;
      const b = x * 2;
      {
        const b = a * 3;
        a += b;
      }
      {
        const b = 5;
        a *= b;
      }
      if (x > 0) {
        var c = a + b;
      }
      return c! * b;
    },
    args: [1.3],
  },
  {
    name: "declared without a value",
    f: (x: number) => {
      let y: number | undefined;
      const before = y === undefined ? 2 : 3;
      y = x;
      return y ** before;
    },
    args: [1.3],
  },
  {
    name: "several declarations",
    f: (x: number) => {
      let a = x,
        b = a * 2,
        c = a * b;
      [a, b, c] = [b, c, a];
      return a - b / c;
    },
    args: [1.3],
  },
  {
    name: "swap by arithmetic",
    f: (x: number, y: number) => {
      x = x + y;
      y = x - y;
      x = x - y;
      return x * 2 + y * y;
    },
    args: [1.3, 0.4],
  },
  {
    name: "optional chaining",
    f: (o: { a?: { b: number[] }; c?: { d: number } }) =>
      (o.a?.b[1] ?? 1) * (o.c?.d ?? 3) + (o?.a?.b?.[0] ?? 0),
    args: [{ a: { b: [1.5, 2] } }],
  },
  {
    name: "optional calls and elements",
    f: (x: number) => {
      const o: any = { f: (y: number) => y * x, l: [x] };
      return o.f?.(2) * o["f"]?.(x) + (o.g?.(1) ?? x) + o.l?.[0] * (o.m?.[0].deep ?? 2);
    },
    args: [1.3],
  },
  {
    name: "an optional chain in parentheses keeps this",
    f: (x: number, y: number) => {
      const o: any = {
        v: x,
        m: (z: number) => z * y,
        n: { k: y },
        t(z: number) {
          return (this?.v ?? 0) * z;
        },
      };
      o.n.t = o.t;
      o.n.v = x * y;
      return (o?.t)(y) + (o.n?.t)(x) + (o?.["t"])(2) + (o?.n.t)(3) * (o?.m)(x);
    },
    args: [1.3, 0.7],
  },
  {
    name: "delete and in",
    f: (x: number) => {
      const o: { a?: number } = { a: x };
      const y = "a" in o ? o.a! * 2 : 0;
      delete o.a;
      return "a" in o ? 0 : y * x;
    },
    args: [1.3],
  },
  {
    name: "getters and setters on a literal",
    f: (x: number) => {
      const o = {
        _v: x,
        get v() {
          return this._v * 2;
        },
        set v(y: number) {
          this._v = y + 1;
        },
      };
      o.v = o.v * x;
      o.v += 1;
      return o.v;
    },
    args: [1.3],
  },
  {
    name: "methods on a literal and this",
    f: (x: number) => {
      const o = {
        k: x,
        go(n: number): number {
          return n === 0 ? this.k : this.go(n - 1) * this.k;
        },
        arrow() {
          return [1, 2].map((y) => y * this.k);
        },
      };
      return o.go(2) + o.arrow()[1];
    },
    args: [1.3],
  },
  {
    name: "super in a literal",
    f: (x: number) => {
      const base = {
        scale(y: number) {
          return y * 3;
        },
      };
      const o = {
        __proto__: base,
        scale(y: number): number {
          return super.scale(y) * x;
        },
      } as any;
      return o.scale(x);
    },
    args: [1.3],
  },
  {
    name: "a getter counts its calls",
    f: (x: number) => {
      let n = 0;
      const o = {
        get v() {
          n++;
          return x * n;
        },
      };
      const s = o.v + o.v * o.v;
      return s * n;
    },
    args: [1.3],
  },
];
