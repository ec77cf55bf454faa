import { readFileSync } from 'node:fs'
import { describe, it } from 'vitest'
import { memorySource } from '../../../core/bytes'
import { hasSharedData, sharedPath } from '../../../testing/shared-data'
import { readTable } from '../../../formats/csv/read-table'
import { fitEncoder } from './encoder'
import { guessPlan } from './plan'
import { splitRows } from './split'

describe.skipIf(!hasSharedData)('real tables (needs ../shared/data)', () => {
  it.each([
    ['wdbc', 'wdbc.data'],
    ['wdbc', 'wdbc-ragged-header.csv'],
    ['penguins', 'penguins.csv'],
    ['penguins', 'penguins_raw.csv'],
    ['titanic', 'titanic.csv'],
    ['mpg', 'mpg.csv'],
    ['pulsar', 'pulsar_stars.csv'],
    ['digits', 'optdigits.tra'],
    ['iris', 'iris.csv'],
  ])('%s/%s', async (...parts) => {
    const name = parts.at(-1) as string
    const table = await readTable(memorySource(new Uint8Array(readFileSync(sharedPath(...parts))), name), name)
    const { plan, notes } = guessPlan(table)
    const split = splitRows(table, plan, { seed: 0 })
    const encoder = fitEncoder(table, plan, split.train)
    console.log(
      name,
      plan.target,
      plan.task,
      plan.classes,
      notes.map((n) => n.text),
      plan.roles.filter((r) => r.why).map((r) => r.column + ': ' + r.why),
      plan.roles.filter((r) => !r.why).length,
      split.train.length,
      split.validation.length,
      split.test.length,
      encoder.width,
      encoder.encoding.numbers.length,
    )
  })
})
