/** Reads a table as training does: columns, plan, scales fitted on all rows, and every row standardised once. */
import { nodeSource } from '../../src/cli/files'
import { emptyArray } from '../../src/core/host-array'
import { fitEncoder } from '../../src/engine/data/table/encoder'
import { guessPlan } from '../../src/engine/data/table/plan'
import { readTable } from '../../src/formats/csv/read-table'

const BATCH = 4096

/** @returns rows, and a sum that depends on every number */
export async function standardise(path: string): Promise<{ rows: number; sum: number }> {
  const source = await nodeSource(path)
  const table = await readTable(source, source.name)
  const all = Uint32Array.from({ length: table.rows }, (_, row) => row)
  const { dataset, width } = fitEncoder(table, guessPlan(table).plan, all)
  const data = dataset(all)
  const features = emptyArray('float32', [BATCH, width])
  let sum = 0
  for (let from = 0; from < table.rows; from += BATCH) {
    const batch = all.subarray(from, from + BATCH)
    await data.read(batch, new Map([['features', features]]))
    const values = features.values as Float32Array
    for (let i = 0; i < batch.length * width; i++) sum += (values[i] as number) ** 2
  }
  return { rows: table.rows, sum }
}
