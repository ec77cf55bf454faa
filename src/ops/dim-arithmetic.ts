/** Arithmetic on single sizes of which some are symbols: what shape arithmetic in graphs (Shape → Mul → Reshape) needs. */
import type { Dim } from '../graph/model'

const isNumber = (dim: Dim): dim is number => typeof dim === 'number'

export function addDims(a: Dim, b: Dim): Dim {
  if (isNumber(a) && isNumber(b)) return a + b
  if (a === 0) return b
  return b === 0 ? a : null
}

export function subtractDims(a: Dim, b: Dim): Dim {
  if (isNumber(a) && isNumber(b)) return a - b
  if (b === 0) return a
  return a !== null && a === b ? 0 : null
}

export function multiplyDims(a: Dim, b: Dim): Dim {
  if (isNumber(a) && isNumber(b)) return a * b
  if (a === 1) return b
  if (b === 1) return a
  return a === 0 || b === 0 ? 0 : null
}

export function divideDims(a: Dim, b: Dim): Dim {
  if (isNumber(a) && isNumber(b)) return b === 0 ? null : Math.trunc(a / b)
  return b === 1 ? a : null
}
