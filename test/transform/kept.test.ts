/**
 * A program serves the next call, too: as long as the arguments are what it is made for, whatever has happened to them.
 *
 * Lists here are long enough for their elements to be remembered from call to call (fitness.ts).
 */
import assert from "node:assert/strict";
import { grad, valueAndGrad } from "wengert";

interface Point {
  x: number;
  y: number;
  weight?: number;
}
const points = (): Point[] => Array.from({ length: 12 }, (_, k) => ({ x: k + 1, y: 0.5 * k }));

const functions: Record<string, (a: number, data: Point[]) => number> = {
  "a member that may be there": (a, data) => {
    let s = 0;
    for (const p of data) s += a * p.x * (p.weight ?? 1);
    return s;
  },
  "a spread": (a, data) => data.reduce((s, p) => s + a * ({ weight: 1, ...p } as Required<Point>).weight, 0),
  "the values of each": (a, data) =>
    data.reduce((s, p) => s + Object.values(p).reduce((t: number, v) => t + a * v, 0), 0),
  "the number of keys": (a, data) => data.reduce((s, p) => s + a * Object.keys(p).length, 0),
  "members by their names": (a, data) => data.reduce((s, { x, y }) => s + a * x * y, 0),
};

const changes: Record<string, (data: Point[]) => void> = {
  "a further member": (data) => void (data[7].weight = 3),
  "another order of members": (data) => void (data[7] = { y: 2, x: 3 }),
  "other elements": (data) => void data.splice(3, 5, ...points().slice(0, 6)),
  "an element that is an accessor's": (data) =>
    void (data[5] = {
      get x() {
        return 4;
      },
      y: 1,
    }),
  "an element of a class": (data) =>
    void (data[5] = new (class {
      x = 2;
      y = 3;
    })()),
  "no element": (data) => void data.push(undefined as unknown as Point),
  "a string for a number": (data) => void (data[9].y = "2" as unknown as number),
  "a member that is gone": (data) => void delete (data[9] as Partial<Point>).y,
};

/** What a call gives, or the error that it throws. */
function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return String(error);
  }
}

describe("the next call of a derivative", () => {
  for (const [name, f] of Object.entries(functions))
    for (const [change, run] of Object.entries(changes))
      it(`${name}, ${change}`, () => {
        const byProgram = valueAndGrad(f, { wrt: 0 });
        const byTape = valueAndGrad(f, { wrt: 0, engine: "tape" });
        const data = points();
        for (const a of [0.5, 2]) assert.deepEqual(byProgram(a, data), byTape(a, data));
        run(data);
        for (const a of [0.5, 2])
          assert.deepEqual(
            outcome(() => byProgram(a, data)),
            outcome(() => byTape(a, data)),
          );
      });

  it("a gradient by the records has the members that they have by then", () => {
    const df = grad((data: Point[]) => data.reduce((s, p) => s + p.x * p.y, 0));
    const data = points();
    df(data);
    data[8].weight = 2;
    assert.deepEqual(df(data)[8], { x: data[8].y, y: data[8].x, weight: 0 });
  });

  it("numbers of a long list that are none any more", () => {
    const f = (x: number[]): number => x.reduce((s, v) => s + v * v, 0);
    for (let at = 0; at < 19; at++) {
      const x = Array.from({ length: 19 }, (_, k) => k + 1);
      const df = grad(f);
      df(x);
      x[at] = "3" as unknown as number;
      assert.deepEqual(
        outcome(() => df(x)),
        outcome(() => grad(f, { engine: "tape" })(x)),
      );
    }
  });

  it("the same list where lists of other kinds are expected", () => {
    const f = (a: number, p: { x: number }[], q: { x: number }[]): number =>
      p.reduce((s, v, k) => s + a * v.x * q[k].x, 0);
    const df = grad(f, { wrt: 0 });
    const list = Array.from({ length: 9 }, (_, k) => ({ x: k }));
    assert.equal(df(1, list, list), 204);
    assert.equal(df(1, list, list), 204);
  });
});
