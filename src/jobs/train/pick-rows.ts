import type { Dataset } from '../../engine/data/dataset'

/** Some of the samples, in this order. */
export function pickRows(data: Dataset, rows: ArrayLike<number>): Dataset {
  return {
    ...{ length: rows.length, fields: data.fields },
    read: (indices, into, random) =>
      data.read(
        Uint32Array.from(indices, (index) => rows[index] as number),
        into,
        random,
      ),
  }
}
