import type { HostArray, Values } from '../../core/host-array'
import type { Dataset } from '../../engine/data/dataset'

/**
 * Rows of arrays as samples.
 * @param arrays [samples, …shape] by field
 * @param rows those that belong to it, in order; default: all
 */
export function arrayDataset(arrays: ReadonlyMap<string, HostArray>, rows?: ArrayLike<number>): Dataset {
  const [first] = arrays.values()
  const fields = [...arrays].map(([name, { dtype, shape }]) => [name, { dtype, shape: shape.slice(1) }] as const)
  return {
    length: rows?.length ?? first?.shape[0] ?? 0,
    fields: new Map(fields),
    read(indices, into) {
      for (const [name, room] of into) {
        const from = arrays.get(name)
        if (from)
          copyRows(from, room.values, (i) => (rows ? (rows[indices[i] as number] as number) : (indices[i] as number)))
      }
    },
  }

  function copyRows({ shape, values }: HostArray, room: Values, rowOf: (i: number) => number): void {
    const size = shape.slice(1).reduce((product, one) => product * one, 1)
    const count = size === 0 ? 0 : room.length / size
    for (let i = 0; i < count; i++) {
      const row = rowOf(i)
      // both are of the field's type
      ;(room as Float32Array).set(values.subarray(row * size, (row + 1) * size) as Float32Array, i * size)
    }
  }
}
