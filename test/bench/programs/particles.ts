/** Bodies, atoms, charges: loops over pairs of records, of flat arrays with a branch, and by functions that return arrays. */
import { flat, list, matrix, normal, objective, uniform, workspace, zerosLike } from "./objective.ts";

interface Body {
  x: number;
  y: number;
  z: number;
  vx: number;
  vy: number;
  vz: number;
  mass: number;
}

/** Bodies under gravity, by kicks and drifts; how far the last one comes. */
function bodies(initial: Body[], steps: number, dt: number): number {
  const all = initial.map((body) => ({ ...body }));
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < all.length; i++) {
      const a = all[i];
      for (let j = i + 1; j < all.length; j++) {
        const b = all[j];
        const dx = a.x - b.x;
        const dy = a.y - b.y;
        const dz = a.z - b.z;
        const square = dx * dx + dy * dy + dz * dz + 0.1;
        const pull = dt / (square * Math.sqrt(square));
        a.vx -= dx * b.mass * pull;
        a.vy -= dy * b.mass * pull;
        a.vz -= dz * b.mass * pull;
        b.vx += dx * a.mass * pull;
        b.vy += dy * a.mass * pull;
        b.vz += dz * a.mass * pull;
      }
    }
    for (const body of all) {
      body.x += dt * body.vx;
      body.y += dt * body.vy;
      body.z += dt * body.vz;
    }
  }
  const last = all[all.length - 1];
  return last.x ** 2 + last.y ** 2 + last.z ** 2;
}

const [placeWork, pullWork, speedWork, placeBarWork, speedBarWork, massBarWork] = [1, 2, 3, 4, 5, 6].map(
  workspace,
);

function bodiesByHand(initial: Body[], steps: number, dt: number): Body[] {
  const n = initial.length;
  const pairs = (n * (n - 1)) / 2;
  // places before each step; for each pair of each step, 1 / square and the pull
  const places = placeWork(3 * n * (steps + 1));
  const pulls = pullWork(2 * pairs * steps);
  const speeds = speedWork(3 * n);
  const masses = massBarWork(2 * n);
  for (let i = 0; i < n; i++) {
    const body = initial[i];
    places[3 * i] = body.x;
    places[3 * i + 1] = body.y;
    places[3 * i + 2] = body.z;
    speeds[3 * i] = body.vx;
    speeds[3 * i + 1] = body.vy;
    speeds[3 * i + 2] = body.vz;
    masses[i] = body.mass;
    masses[n + i] = 0;
  }
  for (let t = 0, from = 0, at = 0; t < steps; t++, from += 3 * n) {
    for (let i = 0; i < n; i++) {
      const p = from + 3 * i;
      const [px, py, pz, mass] = [places[p], places[p + 1], places[p + 2], masses[i]];
      let [vx, vy, vz] = [speeds[3 * i], speeds[3 * i + 1], speeds[3 * i + 2]];
      for (let j = i + 1; j < n; j++) {
        const dx = px - places[from + 3 * j];
        const dy = py - places[from + 3 * j + 1];
        const dz = pz - places[from + 3 * j + 2];
        const square = dx * dx + dy * dy + dz * dz + 0.1;
        const pull = dt / (square * Math.sqrt(square));
        pulls[at] = square;
        pulls[at + 1] = pull;
        at += 2;
        const a = masses[j] * pull;
        const b = mass * pull;
        vx -= dx * a;
        vy -= dy * a;
        vz -= dz * a;
        speeds[3 * j] += dx * b;
        speeds[3 * j + 1] += dy * b;
        speeds[3 * j + 2] += dz * b;
      }
      places[p + 3 * n] = px + dt * vx;
      places[p + 3 * n + 1] = py + dt * vy;
      places[p + 3 * n + 2] = pz + dt * vz;
      speeds[3 * i] = vx;
      speeds[3 * i + 1] = vy;
      speeds[3 * i + 2] = vz;
    }
  }
  const bars = placeBarWork(3 * n).fill(0, 0, 3 * n);
  const speedBars = speedBarWork(3 * n).fill(0, 0, 3 * n);
  for (let k = 0; k < 3; k++) bars[3 * n - 3 + k] = 2 * places[3 * n * (steps + 1) - 3 + k];
  for (let t = steps - 1, from = 3 * n * (steps - 1), at = 2 * pairs * steps; t >= 0; t--, from -= 3 * n) {
    for (let k = 0; k < 3 * n; k++) speedBars[k] += dt * bars[k];
    for (let i = n - 1; i >= 0; i--) {
      const p = from + 3 * i;
      const [px, py, pz, mass] = [places[p], places[p + 1], places[p + 2], masses[i]];
      const [ux, uy, uz] = [speedBars[3 * i], speedBars[3 * i + 1], speedBars[3 * i + 2]];
      let [xBar, yBar, zBar, massBar] = [bars[3 * i], bars[3 * i + 1], bars[3 * i + 2], masses[n + i]];
      for (let j = n - 1; j > i; j--) {
        at -= 2;
        const square = pulls[at];
        const pull = pulls[at + 1];
        const dx = px - places[from + 3 * j];
        const dy = py - places[from + 3 * j + 1];
        const dz = pz - places[from + 3 * j + 2];
        const wx = speedBars[3 * j];
        const wy = speedBars[3 * j + 1];
        const wz = speedBars[3 * j + 2];
        const other = masses[j];
        const onA = dx * ux + dy * uy + dz * uz;
        const onB = dx * wx + dy * wy + dz * wz;
        masses[n + j] -= onA * pull;
        massBar += onB * pull;
        // pull = dt square^(-3/2)
        const common = (-3 * pull * (mass * onB - other * onA)) / square;
        const [a, b] = [mass * pull, other * pull];
        const dxBar = a * wx - b * ux + common * dx;
        const dyBar = a * wy - b * uy + common * dy;
        const dzBar = a * wz - b * uz + common * dz;
        xBar += dxBar;
        yBar += dyBar;
        zBar += dzBar;
        bars[3 * j] -= dxBar;
        bars[3 * j + 1] -= dyBar;
        bars[3 * j + 2] -= dzBar;
      }
      bars[3 * i] = xBar;
      bars[3 * i + 1] = yBar;
      bars[3 * i + 2] = zBar;
      masses[n + i] = massBar;
    }
  }
  return initial.map((_, i) => ({
    x: bars[3 * i],
    y: bars[3 * i + 1],
    z: bars[3 * i + 2],
    vx: speedBars[3 * i],
    vy: speedBars[3 * i + 1],
    vz: speedBars[3 * i + 2],
    mass: masses[n + i],
  }));
}

/** Lennard-Jones energy (1924) of atoms on a flat array; pairs beyond the cutoff do not count. */
function atoms(places: Float64Array, cutoff: number): number {
  let energy = 0;
  for (let i = 0; i < places.length; i += 3) {
    for (let j = 0; j < i; j += 3) {
      const dx = places[i] - places[j];
      const dy = places[i + 1] - places[j + 1];
      const dz = places[i + 2] - places[j + 2];
      const square = dx * dx + dy * dy + dz * dz;
      if (square > cutoff * cutoff) continue;
      const sixth = (1 / square) ** 3;
      energy += 4 * sixth * (sixth - 1);
    }
  }
  return energy;
}

function atomsByHand(places: Float64Array, cutoff: number): Float64Array {
  const bars = new Float64Array(places.length);
  const limit = cutoff * cutoff;
  for (let i = 0; i < places.length; i += 3) {
    const [x, y, z] = [places[i], places[i + 1], places[i + 2]];
    let [xBar, yBar, zBar] = [0, 0, 0];
    for (let j = 0; j < i; j += 3) {
      const dx = x - places[j];
      const dy = y - places[j + 1];
      const dz = z - places[j + 2];
      const square = dx * dx + dy * dy + dz * dz;
      if (square > limit) continue;
      const inverse = 1 / square;
      const sixth = inverse * inverse * inverse;
      const bar = 24 * sixth * (1 - 2 * sixth) * inverse;
      xBar += bar * dx;
      yBar += bar * dy;
      zBar += bar * dz;
      bars[j] -= bar * dx;
      bars[j + 1] -= bar * dy;
      bars[j + 2] -= bar * dz;
    }
    bars[i] = xBar;
    bars[i + 1] = yBar;
    bars[i + 2] = zBar;
  }
  return bars;
}

const minus = (a: number[], b: number[]) => a.map((v, i) => v - b[i]);
const norm = (a: number[]) => Math.sqrt(a.reduce((sum, v) => sum + v * v, 0));

/** The potential of charges, by small functions of arrays. */
function potential(places: number[][], charges: number[]): number {
  let energy = 0;
  places.forEach((place, i) => {
    energy += places
      .slice(0, i)
      .reduce((sum, other, j) => sum + (charges[i] * charges[j]) / norm(minus(place, other)), 0);
  });
  return energy;
}

function potentialByHand(places: number[][], charges: number[]): [number[][], number[]] {
  const d = places[0].length;
  const placesBar: number[][] = [];
  for (let i = 0; i < places.length; i++) placesBar.push(zerosLike(places[i]));
  const chargesBar = zerosLike(charges);
  for (let i = 0; i < places.length; i++) {
    const [place, placeBar, charge] = [places[i], placesBar[i], charges[i]];
    let chargeBar = 0;
    for (let j = 0; j < i; j++) {
      const other = places[j];
      const otherBar = placesBar[j];
      let square = 0;
      for (let k = 0; k < d; k++) {
        const v = place[k] - other[k];
        square += v * v;
      }
      const inverse = 1 / Math.sqrt(square);
      chargeBar += charges[j] * inverse;
      chargesBar[j] += charge * inverse;
      const bar = (-charge * charges[j] * inverse) / square;
      for (let k = 0; k < d; k++) {
        const v = bar * (place[k] - other[k]);
        placeBar[k] += v;
        otherBar[k] -= v;
      }
    }
    chargesBar[i] += chargeBar;
  }
  return [placesBar, chargesBar];
}

interface Point {
  x: number;
  y: number;
}
type Edge = readonly [from: number, to: number, length: number];

/** The stress of a drawn graph (Kamada and Kawai 1989). */
function stress(points: Point[], edges: Edge[]): number {
  let sum = 0;
  edges.forEach(([from, to, length]) => {
    const [a, b] = [points[from], points[to]];
    const distance = Math.hypot(a.x - b.x, a.y - b.y);
    sum += ((distance - length) / length) ** 2;
  });
  return sum;
}

function stressByHand(points: Point[], edges: Edge[]): Point[] {
  const bars: Point[] = [];
  for (let i = 0; i < points.length; i++) bars.push({ x: 0, y: 0 });
  for (let i = 0; i < edges.length; i++) {
    const [from, to, length] = edges[i];
    const a = points[from];
    const b = points[to];
    const dx = a.x - b.x;
    const dy = a.y - b.y;
    const distance = Math.hypot(dx, dy);
    const bar = (2 * (distance - length)) / (length * length * distance);
    const aBar = bars[from];
    aBar.x += bar * dx;
    aBar.y += bar * dy;
    const bBar = bars[to];
    bBar.x -= bar * dx;
    bBar.y -= bar * dy;
  }
  return bars;
}

export const particles = [
  objective({
    name: "N-body",
    allocates: false,
    f: bodies,
    hand: bodiesByHand,
    wrt: 0,
    make({ n, steps }: { n: number; steps: number }): Parameters<typeof bodies> {
      const noise = normal(81);
      const body = (): Body => {
        const [x, y, z, vx, vy, vz] = list(6, noise);
        return { x, y, z, vx: 0.3 * vx, vy: 0.3 * vy, vz: 0.3 * vz, mass: 0.5 + Math.abs(noise()) };
      };
      return [Array.from({ length: n }, body), steps, 0.01];
    },
    small: { n: 3, steps: 4 },
    full: [{ n: 5, steps: 1000 }],
  }),
  objective({
    name: "Lennard-Jones",
    allocates: false,
    f: atoms,
    hand: atomsByHand,
    wrt: 0,
    make(side: number): Parameters<typeof atoms> {
      const noise = normal(82);
      const place = (k: number) => Math.floor(Math.floor(k / 3) / side ** (k % 3)) % side;
      return [flat(3 * side ** 3, (k) => 1.1 * place(k) + 0.05 * noise()), 2.5];
    },
    small: 2,
    full: [6],
  }),
  objective({
    name: "charges",
    allocates: true,
    f: potential,
    hand: potentialByHand,
    wrt: [0, 1],
    make(n: number): Parameters<typeof potential> {
      const noise = normal(83);
      return [matrix(n, 3, noise), list(n, noise)];
    },
    small: 4,
    full: [100],
  }),
  objective({
    name: "graph drawing",
    allocates: false,
    f: stress,
    hand: stressByHand,
    wrt: 0,
    make({ points, edges }: { points: number; edges: number }): Parameters<typeof stress> {
      const [next, noise] = [uniform(84), normal(85)];
      const ends = Array.from({ length: edges }, (_, i): Edge => {
        const from = i % points;
        return [from, (from + 1 + Math.floor((points - 1) * next())) % points, 0.5 + next()];
      });
      return [Array.from({ length: points }, () => ({ x: noise(), y: noise() })), ends];
    },
    small: { points: 4, edges: 9 },
    full: [{ points: 200, edges: 3000 }],
  }),
];
