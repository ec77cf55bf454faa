import { UsageError } from '../../../core/errors'
import { Random } from '../../../core/random'
import type { Table, TablePlan } from './table'
import { targetOf } from './target-values'

export interface SplitOptions {
  readonly seed: number
  /** Shares of the rows, by default 0.15 each. */
  readonly testShare?: number
  readonly validationShare?: number
}

/** Rows of the table, ascending. */
export interface Split {
  readonly train: Int32Array<ArrayBuffer>
  readonly validation: Int32Array<ArrayBuffer>
  readonly test: Int32Array<ArrayBuffer>
}

/** Rows whose target is known, split at random by seed; classes keep their shares. */
export function splitRows(table: Table, plan: TablePlan, options: SplitOptions): Split {
  const { labels, rows } = targetOf(table, plan)
  return splitSamples(rows, plan.task === 'classification' ? labels : undefined, options)
}

/**
 * Samples split at random by seed, the test first, so that it is the same whatever share validation has.
 * @param labels of each, where classes are to keep their shares
 * @throws UsageError where a part would be empty
 */
export function splitSamples(
  samples: ArrayLike<number>,
  labels: ArrayLike<number> | undefined,
  options: SplitOptions,
): Split {
  const { seed, testShare = 0.15, validationShare = 0.15 } = options
  if (!(testShare >= 0 && validationShare >= 0 && testShare + validationShare < 1)) {
    throw new UsageError(
      `Shares of ${testShare} for the test and ${validationShare} for validation leave nothing to train on; together they must be below 1.`,
    )
  }
  const groups = groupsOf(samples, labels)
  const random = new Random(seed)
  for (const group of groups) random.shuffle(group)
  const total = samples.length
  const test = take(groups, Math.round(total * testShare), total)
  const validation = take(groups, Math.round(total * validationShare), total - test.length)
  const train = groups.flat()
  const isEmpty =
    train.length === 0 || (testShare > 0 && test.length === 0) || (validationShare > 0 && validation.length === 0)
  if (isEmpty) throw new UsageError(`${total} samples are too few to train on, to validate and to test with.`)
  return { train: ordered(train), validation: ordered(validation), test: ordered(test) }
}

const ordered = (rows: readonly number[]): Int32Array<ArrayBuffer> => Int32Array.from(rows).sort()

function groupsOf(samples: ArrayLike<number>, labels: ArrayLike<number> | undefined): number[][] {
  if (!labels) return [Array.from(samples)]
  const groups = new Map<number, number[]>()
  for (let i = 0; i < samples.length; i++) {
    const label = labels[i] as number
    const group = groups.get(label)
    if (group) group.push(samples[i] as number)
    else groups.set(label, [samples[i] as number])
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group)
}

/** Takes `count` of `total` out of the groups' ends, from each by its share; the largest remainders fill up. */
function take(groups: readonly number[][], count: number, total: number): number[] {
  const shares = groups.map((group) => (total === 0 ? 0 : (count * group.length) / total))
  const counts = shares.map(Math.floor)
  let open = count - counts.reduce((sum, one) => sum + one, 0)
  const byRemainder = shares.map((_, i) => i).sort((a, b) => rest(b) - rest(a) || a - b)
  function rest(i: number): number {
    return (shares[i] as number) - Math.floor(shares[i] as number)
  }
  for (const i of byRemainder) {
    if (open-- <= 0) break
    counts[i] = (counts[i] as number) + 1
  }
  return groups.flatMap((group, i) => group.splice(group.length - (counts[i] as number)))
}
