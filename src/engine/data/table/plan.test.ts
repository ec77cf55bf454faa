import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { memorySource } from '../../../core/bytes'
import { UsageError } from '../../../core/errors'
import { readTable } from '../../../formats/csv/read-table'
import { hasSharedData, sharedPath } from '../../../testing/shared-data'
import { guessPlan, type PlanWishes } from './plan'
import type { Table } from './table'

const tableOf = (lines: readonly string[], name = 't.csv') =>
  readTable(memorySource(new TextEncoder().encode(lines.join('\n')), name), name)
const rows = (count: number, row: (i: number) => string) => Array.from({ length: count }, (_, i) => row(i))

async function planOf(table: Table | Promise<Table>, wishes: PlanWishes = {}) {
  const { plan, notes } = guessPlan(await table, wishes)
  const roles = Object.fromEntries(plan.roles.map(({ column, role, why }) => [column, why ?? role]))
  return { ...plan, roles, notes: notes.map(({ text }) => text) }
}

describe.skipIf(!hasSharedData)('plans of real tables (needs ../shared/data)', () => {
  const shared = (...path: readonly string[]) => {
    const name = path.at(-1) as string
    return readTable(memorySource(new Uint8Array(readFileSync(sharedPath(...path))), name), name)
  }

  it.each([
    [['wdbc', 'wdbc.data'], '1', ['B', 'M'], { 0: 'identifier: it numbers or names the rows' }, 30],
    [
      ['wdbc', 'wdbc-ragged-header.csv'],
      'Diagnosis',
      ['B', 'M'],
      { ID: 'identifier: it numbers or names the rows' },
      30,
    ],
    [['penguins', 'penguins.csv'], 'species', ['Adelie', 'Chinstrap', 'Gentoo'], {}, 7],
    [['iris', 'iris.csv'], 'species', ['setosa', 'versicolor', 'virginica'], {}, 4],
    [['mpg', 'mpg.csv'], 'mpg', undefined, { name: 'text: 305 different ones in 398 rows' }, 7],
    [['pulsar', 'pulsar_stars.csv'], 'target_class', ['0', '1'], {}, 8],
    [
      ['titanic', 'titanic.csv'],
      'survived',
      ['0', '1'],
      {
        alive: 'gives the target away: each of its values belongs to one class alone',
        class: 'says the same as "pclass"',
        embark_town: 'says the same as "embarked"',
      },
      11,
    ],
  ] as const)('%j', async (path, target, classes, ignored, used) => {
    const plan = await planOf(shared(...path))
    expect([plan.target, plan.classes]).toEqual([target, classes])
    const left = Object.entries(plan.roles).filter(([, role]) => !['number', 'category', 'target'].includes(role))
    expect(Object.fromEntries(left)).toEqual(ignored)
    expect(Object.keys(plan.roles)).toHaveLength(left.length + used + 1)
  })

  it('warns of the leak and of the imbalance', async () => {
    expect((await planOf(shared('titanic', 'titanic.csv'))).notes).toContain(
      'titanic.csv: column "alive" is left out, for it gives the target away: each of its values belongs to one class alone. Where it is known before the target is, give it a role.',
    )
    expect((await planOf(shared('pulsar', 'pulsar_stars.csv'))).notes).toContain(
      'pulsar_stars.csv: the classes are unbalanced: "1" has 1639 rows (9.2 %), "0" has 16259. Look at F1 and the precision-recall curve rather than at accuracy.',
    )
  })

  it('knows the columns of penguins_raw that say nothing', async () => {
    const { roles } = await planOf(shared('penguins', 'penguins_raw.csv'))
    expect(roles).toMatchObject({
      ...{ Region: 'constant: it holds one value alone', Stage: 'constant: it holds one value alone' },
      ...{ 'Individual ID': 'identifier: it numbers or names the rows', Species: 'target', Sex: 'category' },
    })
  })
})

describe('targets', () => {
  const lines = ['age,weight,smoker', ...rows(20, (i) => `${20 + i},${60 + (i % 7) / 2},${i % 3 ? 'no' : 'yes'}`)]

  it('are given by name in any case, or by number', async () => {
    const table = await tableOf(lines)
    for (const target of ['smoker', ' SMOKER', '2']) expect((await planOf(table, { target })).target).toBe('smoker')
    expect(await planOf(table, { target: 'weight' })).toMatchObject({ target: 'weight', task: 'regression' })
  })

  it('that do not exist are answered with what there is', async () => {
    await expect(planOf(tableOf(lines), { target: 'smokr' })).rejects.toThrow(
      't.csv has no column "smokr". Did you mean "smoker"? Its columns are age, weight, smoker.',
    )
    await expect(planOf(tableOf(lines.slice(1)), { target: '7' })).rejects.toThrow(
      't.csv has no column "7". It has no header, so its columns are called by their number: 0, 1, 2.',
    )
  })

  it.each([
    ['the last column, of few different values', 'a,b', (i: number) => `${i * 3},${i % 2}`, 'b'],
    ['the only column of few different texts', 'k,a,b', (i: number) => `${i % 2 ? 'u' : 'v'},${i},${i / 8}`, 'k'],
    ['the first column, of few different values', 'k,a,b', (i: number) => `${i % 2},${i / 3},${i / 8}`, 'k'],
    ['the last column', 'a,b', (i: number) => `${i / 3},${((i * 7) % 20) / 8}`, 'b'],
    ['its name', 'the_label_x,a', (i: number) => `${i % 2},${i / 3}`, 'the_label_x'],
  ])('are guessed: %s', async (why, header, row, target) => {
    const plan = await planOf(tableOf([header, ...rows(30, row)]))
    expect(plan.target).toBe(target)
    expect(plan.notes[0]).toBe(`t.csv: "${target}" is taken for the target (${why}).`)
  })

  it.each([
    [
      'of one class',
      'a,y',
      (i: number) => `${i},yes`,
      { target: 'y' },
      /"y" is the same in every row \(one class only\)/,
    ],
    ['that are empty', 'a,y,z', (i: number) => `${i},,${i % 2}`, { target: 'y' }, /"y" is empty in every row/],
    [
      'of texts for a regression',
      'a,y',
      (i: number) => `${i},t${i % 2}`,
      { task: 'regression' as const },
      /"y" holds texts such as "t0", which cannot be predicted as numbers/,
    ],
    [
      'of too many texts',
      'a,y',
      (i: number) => `${i},t${i}`,
      { target: 'y' },
      /"y" has 30 different values in 30 rows: too many for classes\. Choose another column\./,
    ],
    [
      'of too many numbers',
      'a,y',
      (i: number) => `${i},${i / 8}`,
      { target: 'y', task: 'classification' as const },
      /too many for classes\. Train a regression/,
    ],
    [
      'in tables without any',
      'a,y',
      () => `1,x`,
      {},
      /no column to be predicted: each is empty or the same in every row/,
    ],
  ])('%s are refused', async (_, header, row, wishes: PlanWishes, message) => {
    const planning = planOf(tableOf([header, ...rows(30, row)]), wishes)
    await expect(planning).rejects.toThrow(message)
    await expect(planning).rejects.toBeInstanceOf(UsageError)
  })

  it('need something to be predicted from', async () => {
    await expect(planOf(tableOf(['y', ...rows(9, (i) => String(i % 2))]))).rejects.toThrow(
      /has only one column, "y".*Commas, semicolons, tabs, bars and spaces were tried/,
    )
    await expect(planOf(tableOf(['id,c,y', ...rows(30, (i) => `${i},5,${i % 2}`)]))).rejects.toThrow(
      't.csv: no column is left to predict "y" from: "id" (identifier: it numbers or names the rows), "c" (constant: it holds one value alone). Give the role of a column to keep it.',
    )
  })

  it('of few rows in a class are warned of', async () => {
    const { notes } = await planOf(
      tableOf(['a,y', ...rows(60, (i) => `${i / 7},${i === 9 ? 'rare' : i % 2 ? 'u' : 'v'}`)]),
    )
    expect(notes).toContain('t.csv: class "rare" has too few rows to learn from and to be measured on (1).')
  })
})

describe('roles', () => {
  const lines = [
    'id,code,f,twin,free,leak,far,y',
    ...rows(
      60,
      (i) =>
        `${1000 + i},${i % 3},${((i * 7) % 60) / 4},${['u', 'v', 'w'][i % 3]},text ${i},${i % 4 < 2 ? 'A' : 'B'},${i % 4 < 2 ? 3 : 3.5},${i % 4 < 2 ? 'no' : 'yes'}`,
    ),
  ]

  it('tell identifiers, texts, twins and leaks', async () => {
    expect((await planOf(tableOf(lines))).roles).toEqual({
      ...{
        id: 'identifier: it numbers or names the rows',
        code: 'number',
        f: 'number',
        twin: 'says the same as "code"',
      },
      ...{ free: 'text: another in every row', y: 'target' },
      leak: 'gives the target away: each of its values belongs to one class alone',
      far: 'gives the target away: each of its values belongs to one class alone',
    })
  })

  it('can be changed', async () => {
    const wishes: PlanWishes = { roles: { leak: 'category', code: 'category', f: 'ignored', id: 'number' } }
    expect((await planOf(tableOf(lines), wishes)).roles).toMatchObject({
      ...{ leak: 'category', code: 'category', f: 'left out by choice', id: 'number' },
    })
  })

  it.each([
    [
      { twin: 'number' as const },
      /column "twin" holds texts such as "u", so it cannot be a number\. Make it a category/,
    ],
    [{ twinn: 'ignored' as const }, /no column "twinn"\. Did you mean "twin"\?/],
    [{ y: 'ignored' as const }, /"y" is the target, so it has no other role/],
  ])('that do not fit are refused: %j', async (roles: PlanWishes['roles'], message) => {
    await expect(planOf(tableOf(lines), { roles: roles! })).rejects.toThrow(message)
  })

  it('tell the target in other units', async () => {
    const table = tableOf([
      'miles,x,km',
      ...rows(50, (i) => `${i * 1.5},${(i * 13) % 50},${(i * 1.5 * 1.609344).toFixed(4)}`),
    ])
    expect((await planOf(table, { target: 'km' })).roles).toMatchObject({
      ...{ miles: 'gives the target away: it is the target in other units', x: 'number' },
    })
  })
})
