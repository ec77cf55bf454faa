import { defineGlobalPool } from '../global-pooling'

/** The mean of every channel (ONNX GlobalAveragePool-22). */
export const globalAveragePool = defineGlobalPool({
  name: 'GlobalAveragePool',
  attributes: {},
  compute: (values) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length,
  reduction: () => 'mean',
  gradient: (f, { dy }, { count }) => f.div(dy, count()),
})
