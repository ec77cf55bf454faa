import { defineGlobalPool } from '../global-pooling'

/** The largest element of every channel (ONNX GlobalMaxPool-22). */
export const globalMaxPool = defineGlobalPool({
  name: 'GlobalMaxPool',
  attributes: {},
  compute: (values) => Array.from(values).reduce((most, value) => Math.max(most, value), -Infinity),
  reduction: () => 'max',
  // equals share it
  gradient(f, { x, y, dy }, { sum }) {
    const hits = f.count(f.equal(x, y))
    return f.mul(hits, f.div(dy, sum(hits)))
  },
})
