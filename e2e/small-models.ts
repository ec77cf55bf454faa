import { concatBytes } from '../src/core/bytes'
import { initializer, len, modelOf, nodeOf, num, type Part } from '../src/formats/onnx/onnx-test-kit'

const FLOAT = 1

const shapeOf = (sizes: readonly number[]) => len(2, ...sizes.map((size) => len(1, num(1, size))))
const value = (field: 11 | 12, name: string, sizes: readonly number[]) =>
  len(field, len(1, name), len(2, len(1, num(1, FLOAT), shapeOf(sizes))))

/** The same numbers for the same seed, in about [-1, 1]. */
function noise(count: number, seed: number): Uint8Array {
  let state = seed * 2654435761 + 1
  const values = Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
  return new Uint8Array(values.buffer)
}

const weights = (name: string, sizes: readonly number[], seed: number): Part =>
  initializer(
    name,
    ...sizes.map((size) => num(1, size)),
    num(2, FLOAT),
    len(
      9,
      noise(
        sizes.reduce((all, size) => all * size, 1),
        seed,
      ),
    ),
  )

/** A network of two layers, other numbers and another size for every seed: about 20 kB. */
export function smallModel(seed: number): Uint8Array {
  const hidden = 120 + seed * 4
  return modelOf(
    nodeOf('MatMul', ['x', 'w1'], ['a']),
    nodeOf('Relu', ['a'], ['b']),
    nodeOf('MatMul', ['b', 'w2'], ['y']),
    weights('w1', [32, hidden], seed),
    weights('w2', [hidden, 8], seed + 1000),
    value(11, 'x', [1, 32]),
    value(12, 'y', [1, 8]),
    len(2, `net-${seed}`),
  )
}

/** A sum that goes on from sample to sample: its output `next` is the input `memory` of the next one. */
export function modelWithMemory(): Uint8Array {
  return concatBytes([
    modelOf(
      nodeOf('MatMul', ['x', 'w'], ['step']),
      nodeOf('Add', ['step', 'memory'], ['sum']),
      nodeOf('Tanh', ['sum'], ['next']),
      nodeOf('MatMul', ['next', 'out'], ['y']),
      weights('w', [32, 128], 1),
      weights('out', [128, 8], 2),
      value(11, 'x', [1, 32]),
      value(11, 'memory', [1, 128]),
      value(12, 'y', [1, 8]),
      value(12, 'next', [1, 128]),
      len(2, 'with-memory'),
    ),
  ])
}
