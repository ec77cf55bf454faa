import { i64, wave, type OperatorCase } from '../../testing/operator-cases'

const [cos, sin] = [wave([7, 2], 3), wave([7, 2], 4)]
const positions = i64([2, 3], [0, 4, 2, 6, 1, 3])

export const cases: readonly OperatorCase[] = [
  { name: 'four axes', operator: 'RotaryEmbedding', inputs: [wave([2, 2, 3, 4]), cos, sin, positions] },
  {
    name: 'three axes, pairs of neighbours',
    operator: 'RotaryEmbedding',
    attributes: { num_heads: 2, interleaved: 1 },
    inputs: [wave([2, 3, 8]), cos, sin, positions],
  },
  {
    name: 'a part of each head',
    operator: 'RotaryEmbedding',
    attributes: { rotary_embedding_dim: 4 },
    inputs: [wave([2, 1, 3, 7]), cos, sin, positions],
  },
  {
    name: 'caches of every step',
    operator: 'RotaryEmbedding',
    inputs: [wave([2, 2, 3, 4]), wave([2, 3, 2], 3), wave([2, 3, 2], 4)],
  },
  {
    name: 'no heads declared',
    operator: 'RotaryEmbedding',
    inputs: [wave([2, 3, 8]), cos, sin, positions],
    error: { name: 'ShapeError', message: 'three axes need num_heads' },
  },
  {
    name: 'a cache of another size',
    operator: 'RotaryEmbedding',
    inputs: [wave([2, 2, 3, 6]), cos, sin, positions],
    error: { name: 'ShapeError', message: /cos_cache must have the shape \[\?, 3\]/ },
  },
  {
    name: 'an odd head',
    operator: 'RotaryEmbedding',
    inputs: [wave([2, 2, 3, 5]), cos, sin, positions],
    error: { name: 'ShapeError', message: 'of 5 numbers per head an even count can be turned, not 5' },
  },
  {
    name: 'a position beyond the cache',
    operator: 'RotaryEmbedding',
    inputs: [wave([1, 2, 1, 4]), cos, sin, i64([1, 1], [7])],
    error: { name: 'ShapeError', message: /the position 7 must lie in \[0, 6\]/ },
  },
  {
    name: 'positions of another batch',
    operator: 'RotaryEmbedding',
    inputs: [wave([1, 2, 3, 4]), cos, sin, positions],
    error: { name: 'ShapeError', message: 'position_ids must have one number per step' },
  },
]
