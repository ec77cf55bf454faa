import type { IntegerType } from '../quantize/integers'
import { leastEntropy } from './entropy'
import { leastSquares } from './histogram'
import { clippedShare, viewOf } from './histogram-view'
import { minMax } from './min-max'
import { leastError } from './mse'
import { movingAverage } from './moving-average'
import type { Range, RangeChoice, ValueStatistics } from './observer'
import { percentile } from './percentile'

type Kind = RangeChoice['kind']

interface RangeObserver<C extends RangeChoice> {
  /** Whether statistics without counts do. */
  readonly needsCounts: boolean
  choose(statistics: ValueStatistics, type: IntegerType, choice: C): Range
}

/** How ranges are chosen, by kind. One line each. */
const OBSERVERS: { readonly [K in Kind]: RangeObserver<Extract<RangeChoice, { kind: K }>> } = {
  'min-max': { needsCounts: false, choose: minMax },
  'moving-average': { needsCounts: false, choose: movingAverage },
  histogram: { needsCounts: true, choose: leastSquares },
  percentile: { needsCounts: true, choose: (statistics, _, { share }) => percentile(statistics, share) },
  entropy: { needsCounts: true, choose: leastEntropy },
  mse: { needsCounts: true, choose: (statistics, type, { power }) => leastError(statistics, type, power) },
}

const observerOf = (choice: RangeChoice) => OBSERVERS[choice.kind] as RangeObserver<RangeChoice>

export const needsCounts = (choice: RangeChoice): boolean => observerOf(choice).needsCounts

/**
 * A range for the integers of `type`, its ends float32 numbers.
 * @returns `clipped`: share of the elements that it cuts off, where the statistics have counts
 */
export function chooseRange(
  statistics: ValueStatistics,
  type: IntegerType,
  choice: RangeChoice,
): Range & { readonly clipped?: number } {
  const { min, max } = observerOf(choice).choose(statistics, type, choice)
  const range = { min: Math.fround(min), max: Math.fround(max) }
  const view = viewOf(statistics)
  return view ? { ...range, clipped: clippedShare(view, statistics, range) } : range
}
