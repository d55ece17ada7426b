/**
 * Complex arithmetic that keeps a tiny imaginary part.
 *
 * What: the elementary functions on complex numbers. Why: the complex step puts 10⁻²⁰ into the imaginary part and reads
 * the derivative off it, so no formula here may add it to anything of size 1; where the textbook form would, the forms
 * of the reference stand instead. Reference: Kahan, Branch cuts for complex elementary functions (1987).
 */

export interface Complex {
  readonly re: number;
  readonly im: number;
}

export function complex(re: number, im = 0): Complex {
  return { re, im };
}

export const add = (z: Complex, w: Complex): Complex => complex(z.re + w.re, z.im + w.im);
export const sub = (z: Complex, w: Complex): Complex => complex(z.re - w.re, z.im - w.im);
export const neg = (z: Complex): Complex => complex(-z.re, -z.im);
export const scale = (z: Complex, c: number): Complex => complex(z.re * c, z.im * c);
export const mul = (z: Complex, w: Complex): Complex =>
  complex(z.re * w.re - z.im * w.im, z.re * w.im + z.im * w.re);

const conjugate = (z: Complex): Complex => complex(z.re, -z.im);
const one = complex(1);

/** The quotient, by Smith's way round overflow. */
export function div(z: Complex, w: Complex): Complex {
  if (Math.abs(w.re) >= Math.abs(w.im)) {
    const ratio = w.im / w.re;
    const below = w.re + w.im * ratio;
    return complex((z.re + z.im * ratio) / below, (z.im - z.re * ratio) / below);
  }
  const ratio = w.re / w.im;
  const below = w.re * ratio + w.im;
  return complex((z.re * ratio + z.im) / below, (z.im * ratio - z.re) / below);
}

export function exp(z: Complex): Complex {
  const size = Math.exp(z.re);
  return complex(size * Math.cos(z.im), size * Math.sin(z.im));
}

export function expm1(z: Complex): Complex {
  const half = Math.sin(z.im / 2);
  return complex(Math.expm1(z.re) * Math.cos(z.im) - 2 * half * half, Math.exp(z.re) * Math.sin(z.im));
}

export function log(z: Complex): Complex {
  return complex(Math.log(Math.hypot(z.re, z.im)), Math.atan2(z.im, z.re));
}

export function log1p(z: Complex): Complex {
  return complex(Math.log1p(z.re * (2 + z.re) + z.im * z.im) / 2, Math.atan2(z.im, 1 + z.re));
}

export function sqrt(z: Complex): Complex {
  if (z.re === 0 && z.im === 0) return z;
  const root = Math.sqrt((Math.abs(z.re) + Math.hypot(z.re, z.im)) / 2);
  const other = z.im / (2 * root);
  return z.re >= 0 ? complex(root, other) : complex(Math.abs(other), z.im < 0 ? -root : root);
}

/** The real cube root, continued: odd, so that it is real on both halves of the real line. */
export function cbrt(z: Complex): Complex {
  if (z.re < 0) return neg(cbrt(neg(z)));
  const size = Math.cbrt(Math.hypot(z.re, z.im));
  const angle = Math.atan2(z.im, z.re) / 3;
  return complex(size * Math.cos(angle), size * Math.sin(angle));
}

export function sin(z: Complex): Complex {
  return complex(Math.sin(z.re) * Math.cosh(z.im), Math.cos(z.re) * Math.sinh(z.im));
}

export function cos(z: Complex): Complex {
  return complex(Math.cos(z.re) * Math.cosh(z.im), -Math.sin(z.re) * Math.sinh(z.im));
}

export function tan(z: Complex): Complex {
  const w = tanh(complex(-z.im, z.re));
  return complex(w.im, -w.re);
}

export function sinh(z: Complex): Complex {
  return complex(Math.sinh(z.re) * Math.cos(z.im), Math.cosh(z.re) * Math.sin(z.im));
}

export function cosh(z: Complex): Complex {
  return complex(Math.cosh(z.re) * Math.cos(z.im), Math.sinh(z.re) * Math.sin(z.im));
}

export function tanh(z: Complex): Complex {
  const t = Math.tanh(z.re);
  const s = Math.tan(z.im);
  const c = 1 / Math.cosh(z.re);
  const below = 1 + t * t * s * s;
  return complex((t * (1 + s * s)) / below, (s * c * c) / below);
}

export function asin(z: Complex): Complex {
  const minus = sqrt(sub(one, z));
  const plus = sqrt(add(one, z));
  return complex(Math.atan2(z.re, mul(minus, plus).re), Math.asinh(mul(conjugate(minus), plus).im));
}

export function acos(z: Complex): Complex {
  const minus = sqrt(sub(one, z));
  const plus = sqrt(add(one, z));
  return complex(2 * Math.atan2(minus.re, plus.re), Math.asinh(mul(conjugate(plus), minus).im));
}

export function atan(z: Complex): Complex {
  const { re: x, im: y } = z;
  return complex(
    Math.atan2(2 * x, (1 - x) * (1 + x) - y * y) / 2,
    Math.log1p((4 * y) / (x * x + (1 - y) * (1 - y))) / 4,
  );
}

export function asinh(z: Complex): Complex {
  const w = asin(complex(-z.im, z.re));
  return complex(w.im, -w.re);
}

export function acosh(z: Complex): Complex {
  const minus = sqrt(sub(z, one));
  const plus = sqrt(add(z, one));
  return complex(Math.asinh(mul(conjugate(minus), plus).re), 2 * Math.atan2(minus.im, plus.re));
}

export function atanh(z: Complex): Complex {
  const { re: x, im: y } = z;
  return complex(
    Math.log1p((4 * x) / ((1 - x) * (1 - x) + y * y)) / 4,
    Math.atan2(2 * y, (1 - x) * (1 + x) - y * y) / 2,
  );
}

/** z ** n by squaring, n a whole number. */
export function power(z: Complex, n: number): Complex {
  let result = one;
  let square = z;
  for (let rest = Math.abs(n); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = mul(result, square);
    square = mul(square, square);
  }
  return n < 0 ? div(one, result) : result;
}
