/** try, catch, finally, and what is thrown. */
import type { Entry } from "./entry.ts";

class Failure extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

function guarded(x: number) {
  if (x < 0) throw new Failure("negative", x);
  return Math.sqrt(x);
}

export const exceptions: Entry[] = [
  {
    name: "caught, another way taken",
    f: (x: number) => {
      try {
        return guarded(x);
      } catch {
        return x * x;
      }
    },
    args: [-1.5],
  },
  {
    name: "nothing thrown",
    f: (x: number) => {
      try {
        return guarded(x);
      } catch {
        return x * x;
      }
    },
    args: [1.5],
  },
  {
    name: "an error that carries a value",
    f: (x: number) => {
      try {
        return guarded(x - 3);
      } catch (e) {
        if (e instanceof Failure) return e.at ** 2 * (e.message === "negative" ? 2 : 1);
        throw e;
      }
    },
    args: [1.5],
  },
  {
    name: "a value thrown",
    f: (x: number) => {
      try {
        throw x * x;
      } catch (e) {
        return (e as number) * 3;
      }
    },
    args: [1.5],
    second: true,
  },
  {
    name: "finally runs",
    f: (x: number) => {
      let y = x;
      try {
        y *= 2;
      } finally {
        y += 1;
      }
      return y * y;
    },
    args: [1.5],
  },
  {
    name: "finally after return",
    f: (x: number) => {
      let n = 0;
      const g = () => {
        try {
          return x * n;
        } finally {
          n = 10;
        }
      };
      return g() + g() * x;
    },
    args: [1.5],
  },
  {
    name: "finally after throw",
    f: (x: number) => {
      let y = 0;
      try {
        try {
          throw new Error("inner");
        } finally {
          y = x * x;
        }
      } catch {
        y *= x;
      }
      return y;
    },
    args: [1.5],
  },
  {
    name: "finally with break and continue",
    f: (x: number) => {
      let s = 0;
      for (let i = 0; i < 6; i++) {
        try {
          if (i === 1) continue;
          if (i === 4) break;
          s += x ** i;
        } finally {
          s += i;
        }
      }
      return s;
    },
    args: [1.5],
  },
  {
    name: "thrown again",
    f: (x: number) => {
      const inner = () => {
        try {
          throw { v: x };
        } catch (e: any) {
          e.v *= x;
          throw e;
        }
      };
      try {
        inner();
      } catch (e: any) {
        return e.v * 2;
      }
      return 0;
    },
    args: [1.5],
  },
  {
    name: "thrown out of callbacks",
    f: (xs: number[]) => {
      try {
        xs.forEach((x) => {
          if (x > 2) throw { found: x * x };
        });
      } catch (e: any) {
        return e.found;
      }
      return 0;
    },
    args: [[1, 2.5, 9]],
  },
  {
    name: "thrown out of recursion",
    f: (x: number) => {
      const down = (y: number, n: number): number => {
        if (n > 4) throw [y, n];
        return down(y * x, n + 1);
      };
      try {
        return down(1, 0);
      } catch (e: any) {
        return e[0] * e[1];
      }
    },
    args: [1.5],
  },
  {
    name: "thrown in a constructor",
    f: (x: number) => {
      class P {
        constructor(v: number) {
          if (v > 1) throw { v };
        }
      }
      try {
        new P(x);
        return 0;
      } catch (e: any) {
        return e.v * x;
      }
    },
    args: [1.5],
  },
  {
    name: "thrown in a getter",
    f: (x: number) => {
      const o = {
        get v(): number {
          throw x * 2;
        },
      };
      try {
        return o.v;
      } catch (e) {
        return (e as number) * x;
      }
    },
    args: [1.5],
  },
  {
    name: "a native error",
    f: (x: number) => {
      try {
        (null as any).x;
        return 0;
      } catch (e) {
        return e instanceof TypeError ? x * x : 0;
      }
    },
    args: [1.5],
  },
  {
    name: "an invalid length",
    f: (x: number) => {
      try {
        return new Array(-1).length;
      } catch (e) {
        return e instanceof RangeError ? x ** 3 : 0;
      }
    },
    args: [1.5],
  },
  {
    name: "cause and custom members",
    f: (x: number) => {
      try {
        throw Object.assign(new Error("a", { cause: { v: x } }), { k: x * x });
      } catch (e: any) {
        return e.cause.v * e.k;
      }
    },
    args: [1.5],
  },
  {
    name: "retry with a smaller step",
    f: (x: number) => {
      let h = x;
      for (;;) {
        try {
          if (h > 0.5) throw new RangeError("too far");
          return Math.log(1 + h) * x;
        } catch {
          h /= 3;
        }
      }
    },
    args: [2],
    second: true,
  },
  {
    name: "the catch variable shadows",
    f: (x: number) => {
      const e = x;
      try {
        throw x * 2;
      } catch (e) {
        return (e as number) * x;
      } finally {
        void e;
      }
    },
    args: [1.5],
  },
];
