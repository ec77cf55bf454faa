/** Discrete Fourier transforms: for the references, and as matrices for the kernels. */

type Complex = readonly [re: Float64Array, im: Float64Array]

/**
 * X[k] = Σ x[t] · e^(∓2πi·k·t/n), not scaled: − forward, + with `isInverse`. Halves even lengths (Cooley and Tukey, 1965) and sums odd ones.
 */
export function fourier([re, im]: Complex, isInverse: boolean): Complex {
  const n = re.length
  if (n % 2 === 1) return direct([re, im], isInverse)
  if (n === 0) return [new Float64Array(0), new Float64Array(0)]
  const half = n / 2
  const pick = (from: Float64Array, first: number) =>
    Float64Array.from({ length: half }, (_, t) => from[2 * t + first]!)
  const [evenRe, evenIm] = fourier([pick(re, 0), pick(im, 0)], isInverse)
  const [oddRe, oddIm] = fourier([pick(re, 1), pick(im, 1)], isInverse)
  const [outRe, outIm] = [new Float64Array(n), new Float64Array(n)]
  for (let k = 0; k < half; k++) {
    const angle = ((isInverse ? 2 : -2) * Math.PI * k) / n
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    const [turnedRe, turnedIm] = [cos * oddRe[k]! - sin * oddIm[k]!, sin * oddRe[k]! + cos * oddIm[k]!]
    outRe[k] = evenRe[k]! + turnedRe
    outIm[k] = evenIm[k]! + turnedIm
    outRe[k + half] = evenRe[k]! - turnedRe
    outIm[k + half] = evenIm[k]! - turnedIm
  }
  return [outRe, outIm]
}

function direct([re, im]: Complex, isInverse: boolean): Complex {
  const n = re.length
  const angles = Float64Array.from({ length: n }, (_, k) => ((isInverse ? 2 : -2) * Math.PI * k) / n)
  const [cosines, sines] = [angles.map(Math.cos), angles.map(Math.sin)]
  const [outRe, outIm] = [new Float64Array(n), new Float64Array(n)]
  for (let k = 0; k < n; k++) {
    for (let t = 0; t < n; t++) {
      const [cos, sin] = [cosines[(k * t) % n]!, sines[(k * t) % n]!]
      outRe[k] = outRe[k]! + cos * re[t]! - sin * im[t]!
      outIm[k] = outIm[k]! + sin * re[t]! + cos * im[t]!
    }
  }
  return [outRe, outIm]
}

export interface Transform {
  /** Numbers that are read along the axis, and 1 (real) or 2 (real and imaginary part). */
  readonly size: number
  readonly parts: number
  /** Length of the transform: what is missing is 0, what is beyond is not read. */
  readonly length: number
  readonly isInverse: boolean
  /** The half of the spectrum that determines the rest: made forward, read backward. */
  readonly isOneSided: boolean
}

/** Numbers along the axis of the result, and their parts. */
export const resultOf = ({ length, isInverse, isOneSided }: Omit<Transform, 'size' | 'parts'>): [number, number] =>
  isOneSided ? (isInverse ? [length, 1] : [Math.floor(length / 2) + 1, 2]) : [length, 2]

/**
 * One row [size · parts] → [result size · result parts], scaled by 1 / length when inverse.
 */
export function transformRow(transform: Transform, row: Float64Array): Float64Array {
  const { size, parts, length, isInverse, isOneSided } = transform
  const [re, im] = [new Float64Array(length), new Float64Array(length)]
  const read = Math.min(size, isInverse && isOneSided ? Math.floor(length / 2) + 1 : length)
  for (let t = 0; t < read; t++) {
    re[t] = row[t * parts]!
    im[t] = parts === 2 ? row[t * parts + 1]! : 0
    if (!isInverse || !isOneSided) continue
    // the first number, and the middle one of an even length, are real: they are their own mirror image
    const mirror = (length - t) % length
    if (mirror === t) im[t] = 0
    else {
      re[mirror] = re[t]!
      im[mirror] = -im[t]!
    }
  }
  const [outRe, outIm] = fourier([re, im], isInverse)
  const [count, outParts] = resultOf(transform)
  const scale = isInverse ? 1 / length : 1
  const out = new Float64Array(count * outParts)
  for (let k = 0; k < count; k++) {
    out[k * outParts] = outRe[k]! * scale
    if (outParts === 2) out[2 * k + 1] = outIm[k]! * scale
  }
  return out
}

/** The transform as a matrix [size · parts, result size · result parts]: row r is what a 1 at r becomes. */
export function transformMatrix(transform: Transform): { shape: number[]; values: Float32Array<ArrayBuffer> } {
  const rows = transform.size * transform.parts
  const [count, outParts] = resultOf(transform)
  const columns = count * outParts
  const values = new Float32Array(rows * columns)
  const unit = new Float64Array(rows)
  for (let r = 0; r < rows; r++) {
    unit[r] = 1
    values.set(transformRow(transform, unit), r * columns)
    unit[r] = 0
  }
  return { shape: [rows, columns], values }
}

/** Numbers of the largest matrix that a lowering stores; beyond, the host's fast transform does less work. */
export const MATRIX_LIMIT = 2 ** 20
