import * as a from '../attributes'
import { defineGlobalPool } from '../global-pooling'
import { normSlope, shareOfNorm } from '../norm-gradients'

/** (Σ |x|^p)^(1/p) of every channel (ONNX GlobalLpPool-22). */
export const globalLpPool = defineGlobalPool({
  name: 'GlobalLpPool',
  attributes: { p: a.int(2) },
  compute: (values, { p }) => Array.from(values).reduce((sum, value) => sum + Math.abs(value) ** p, 0) ** (1 / p),
  reduction: ({ p }) => (p === 1 ? 'l1' : p === 2 ? 'l2' : p > 2 ? { norm: p } : undefined),
  gradient: (f, { x, y, dy }, { attributes }) =>
    f.mul(normSlope(f, x, attributes.p), shareOfNorm(f, y, dy, attributes.p)),
})
