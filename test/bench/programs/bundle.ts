/**
 * BA of the ADBench suite: cameras and points are adjusted until points are seen where they were seen. Once the Jacobian
 * of one observation's residuals, which is what the suite measures, once the gradient of all residuals' squares.
 *
 * Definition: Šrajer, Kukelova and Fitzgibbon (2018). A camera is a rotation (axis times angle), its centre, the focal
 * length, the principal point, and two coefficients of radial distortion: 3 + 3 + 1 + 2 + 2 numbers.
 */
import { list, matrix, normal, objective, uniform } from "./objective.ts";

const dot = (a: number[], b: number[]) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: number[], b: number[]) => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** Rodrigues' formula. */
function rotate(axis: number[], x: number[]): number[] {
  const square = dot(axis, axis);
  if (square === 0) {
    const turned = cross(axis, x);
    return x.map((v, i) => v + turned[i]);
  }
  const angle = Math.sqrt(square);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const unit = axis.map((v) => v / angle);
  const turned = cross(unit, x);
  const along = dot(unit, x) * (1 - cos);
  return x.map((v, i) => v * cos + turned[i] * sin + unit[i] * along);
}

function project(camera: number[], point: number[]): number[] {
  const centre = camera.slice(3, 6);
  const seen = rotate(
    camera.slice(0, 3),
    point.map((v, i) => v - centre[i]),
  );
  const [x, y] = [seen[0] / seen[2], seen[1] / seen[2]];
  const square = x * x + y * y;
  const distortion = 1 + camera[9] * square + camera[10] * square * square;
  return [x, y].map((v, i) => v * distortion * camera[6] + camera[7 + i]);
}

function residuals(camera: number[], point: number[], weight: number, feature: number[]): number[] {
  const [u, v] = project(camera, point);
  return [weight * (u - feature[0]), weight * (v - feature[1])];
}

/**
 * The adjoint of one projection. Its forward part leaves what the reverse part needs, so that several rows share it.
 * Kept in one object of numbers: no list is made.
 */
class Projection {
  u = 0;
  v = 0;
  /** Adjoints of the camera's 11 numbers and the point's 3. */
  readonly bars = new Float64Array(14);
  private angle = 0;
  private cos = 0;
  private sin = 0;
  private ux = 0;
  private uy = 0;
  private uz = 0;
  private px = 0;
  private py = 0;
  private pz = 0;
  private along = 0;
  private depth = 0;
  private x = 0;
  private y = 0;
  private square = 0;
  private distortion = 0;
  private focal = 0;
  private k1 = 0;
  private k2 = 0;

  forward(camera: number[], point: number[]): void {
    const px = point[0] - camera[3];
    const py = point[1] - camera[4];
    const pz = point[2] - camera[5];
    const [ax, ay, az] = [camera[0], camera[1], camera[2]];
    const angle = Math.sqrt(ax * ax + ay * ay + az * az);
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const [ux, uy, uz] = angle === 0 ? [0, 0, 0] : [ax / angle, ay / angle, az / angle];
    const along = ux * px + uy * py + uz * pz;
    const rest = along * (1 - cos);
    // without an angle, the formula's limit
    const [cx, cy, cz] =
      angle === 0
        ? [ay * pz - az * py, az * px - ax * pz, ax * py - ay * px]
        : [(uy * pz - uz * py) * sin, (uz * px - ux * pz) * sin, (ux * py - uy * px) * sin];
    const depth = pz * cos + cz + uz * rest;
    const x = (px * cos + cx + ux * rest) / depth;
    const y = (py * cos + cy + uy * rest) / depth;
    const square = x * x + y * y;
    this.k1 = camera[9];
    this.k2 = camera[10];
    this.focal = camera[6];
    this.distortion = 1 + square * (this.k1 + this.k2 * square);
    this.u = x * this.distortion * this.focal + camera[7];
    this.v = y * this.distortion * this.focal + camera[8];
    this.angle = angle;
    this.cos = cos;
    this.sin = sin;
    this.ux = ux;
    this.uy = uy;
    this.uz = uz;
    this.px = px;
    this.py = py;
    this.pz = pz;
    this.along = along;
    this.depth = depth;
    this.x = x;
    this.y = y;
    this.square = square;
  }

  reverse(uBar: number, vBar: number): void {
    const { bars, angle, cos, sin, ux, uy, uz, px, py, pz, along, depth, x, y, square, focal } = this;
    const both = uBar * x + vBar * y;
    const distortionBar = both * focal;
    const squareBar = distortionBar * (this.k1 + 2 * this.k2 * square);
    const scale = this.distortion * focal;
    const xBar = (uBar * scale + 2 * x * squareBar) / depth;
    const yBar = (vBar * scale + 2 * y * squareBar) / depth;
    const zBar = -(xBar * x + yBar * y);
    bars[6] = both * this.distortion;
    bars[7] = uBar;
    bars[8] = vBar;
    bars[9] = distortionBar * square;
    bars[10] = distortionBar * square * square;
    if (angle === 0) {
      bars[0] = yBar * -pz + zBar * py;
      bars[1] = xBar * pz - zBar * px;
      bars[2] = yBar * px - xBar * py;
      this.pointBar(xBar, yBar, zBar);
      return;
    }
    // p cos + (u × p) sin + u (u · p) (1 - cos)
    const onUnit = ux * xBar + uy * yBar + uz * zBar;
    const rest = 1 - cos;
    const onTurned = (uy * pz - uz * py) * xBar + (uz * px - ux * pz) * yBar + (ux * py - uy * px) * zBar;
    const angleBar = -sin * (px * xBar + py * yBar + pz * zBar) + cos * onTurned + sin * along * onUnit;
    const a = rest * onUnit;
    const b = rest * along;
    const uxBar = sin * (py * zBar - pz * yBar) + px * a + xBar * b;
    const uyBar = sin * (pz * xBar - px * zBar) + py * a + yBar * b;
    const uzBar = sin * (px * yBar - py * xBar) + pz * a + zBar * b;
    const radial = angleBar - (uxBar * ux + uyBar * uy + uzBar * uz) / angle;
    bars[0] = uxBar / angle + ux * radial;
    bars[1] = uyBar / angle + uy * radial;
    bars[2] = uzBar / angle + uz * radial;
    this.pointBar(
      xBar * cos + sin * (yBar * uz - zBar * uy) + ux * a,
      yBar * cos + sin * (zBar * ux - xBar * uz) + uy * a,
      zBar * cos + sin * (xBar * uy - yBar * ux) + uz * a,
    );
  }

  private pointBar(x: number, y: number, z: number): void {
    const { bars } = this;
    bars[11] = x;
    bars[12] = y;
    bars[13] = z;
    bars[3] = -x;
    bars[4] = -y;
    bars[5] = -z;
  }
}

const projection = new Projection();

function residualsByHand(camera: number[], point: number[], weight: number, feature: number[]): number[][] {
  const p = projection;
  p.forward(camera, point);
  const b = p.bars;
  const row = (last: number) => [
    b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], last,
  ]; // biome-ignore format: one row
  p.reverse(weight, 0);
  const first = row(p.u - feature[0]);
  p.reverse(0, weight);
  return [first, row(p.v - feature[1])];
}

interface Observation {
  camera: number;
  point: number;
  feature: number[];
}

function adjustment(
  cameras: number[][],
  points: number[][],
  weights: number[],
  observations: Observation[],
): number {
  let cost = 0;
  observations.forEach(({ camera, point, feature }, i) => {
    const [u, v] = residuals(cameras[camera], points[point], weights[i], feature);
    cost += u * u + v * v + (1 - weights[i] ** 2) ** 2;
  });
  return cost;
}

function adjustmentByHand(
  cameras: number[][],
  points: number[][],
  weights: number[],
  observations: Observation[],
) {
  const camerasBar: number[][] = [];
  for (let k = 0; k < cameras.length; k++) camerasBar.push(cameras[k].slice().fill(0));
  const pointsBar: number[][] = [];
  for (let k = 0; k < points.length; k++) pointsBar.push([0.1, 0.1, 0.1].fill(0));
  const weightsBar = weights.slice();
  const p = projection;
  const { bars } = p;
  for (let i = 0; i < observations.length; i++) {
    const { camera, point, feature } = observations[i];
    const w = weights[i];
    p.forward(cameras[camera], points[point]);
    const du = p.u - feature[0];
    const dv = p.v - feature[1];
    p.reverse(2 * w * w * du, 2 * w * w * dv);
    weightsBar[i] = 2 * w * (du * du + dv * dv) - 4 * w * (1 - w * w);
    const c = camerasBar[camera];
    for (let j = 0; j < 11; j++) c[j] += bars[j];
    const x = pointsBar[point];
    x[0] += bars[11];
    x[1] += bars[12];
    x[2] += bars[13];
  }
  return [camerasBar, pointsBar, weightsBar];
}

function makeCamera(noise: () => number): number[] {
  const place = list(6, () => 0.2 * noise());
  place[5] -= 5;
  return [...place, 1.5 + 0.1 * noise(), 0.1 * noise(), 0.1 * noise(), 0.1 * noise(), 0.05 * noise()];
}

interface Size {
  cameras: number;
  points: number;
  observations: number;
}

export const bundle = [
  objective({
    name: "BA Jacobian",
    allocates: true,
    f: residuals,
    hand: residualsByHand,
    wrt: [0, 1, 2],
    make(seed: number): Parameters<typeof residuals> {
      const noise = normal(seed);
      return [makeCamera(noise), list(3, noise), 1 + 0.1 * noise(), list(2, noise)];
    },
    small: 31,
    full: [32],
  }),
  objective({
    name: "BA",
    allocates: true,
    f: adjustment,
    hand: adjustmentByHand,
    wrt: [0, 1, 2],
    make(size: Size): Parameters<typeof adjustment> {
      const [next, noise] = [uniform(33), normal(34)];
      const cameras = Array.from({ length: size.cameras }, () => makeCamera(noise));
      const points = matrix(size.points, 3, noise);
      const observations = Array.from({ length: size.observations }, (): Observation => {
        return {
          camera: Math.floor(next() * size.cameras),
          point: Math.floor(next() * size.points),
          feature: list(2, noise),
        };
      });
      return [cameras, points, list(size.observations, () => 1 + 0.1 * noise()), observations];
    },
    small: { cameras: 2, points: 3, observations: 6 },
    full: [{ cameras: 10, points: 400, observations: 2000 }],
  }),
];
