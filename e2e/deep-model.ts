import { initializer, len, modelOf, nodeOf, num, type Part } from '../src/formats/onnx/onnx-test-kit'

const FLOAT = 1

/** In [0, 1), the same for the same number. */
const random = (seed: number) => (Math.imul(seed + 1, 2654435761) >>> 0) / 2 ** 32

/** Sizes without a pattern, which would make the link short. */
const width = (layer: number) => 40 + Math.floor(random(layer * layer) * 64)
const value = (field: 11 | 12, name: string, size: number) =>
  len(field, len(1, name), len(2, len(1, num(1, FLOAT), len(2, len(1, num(1, 1)), len(1, num(1, size))))))

function weights(layer: number, rows: number, columns: number): Part {
  let state = layer * 2654435761 + 1
  const values = Float32Array.from({ length: rows * columns }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const value = state / 2 ** 31 - 1
    // of some layers most weights are small, so that their errors differ
    return value * Math.abs(value) ** (3 * random(layer)) * Math.sqrt(3 / rows)
  })
  return initializer(`w${layer}`, num(1, rows), num(1, columns), num(2, FLOAT), len(9, new Uint8Array(values.buffer)))
}

/** A chain of that many layers of different sizes and different errors: more than a short link holds. */
export function deepModel(layers: number): Uint8Array {
  const chain = Array.from({ length: layers }, (_, i) => i)
  return modelOf(
    ...chain.map((i) => nodeOf('MatMul', [`x${i}`, `w${i}`], [`x${i + 1}`])),
    ...chain.map((i) => weights(i, width(i), width(i + 1))),
    value(11, 'x0', width(0)),
    value(12, `x${layers}`, width(layers)),
  )
}
