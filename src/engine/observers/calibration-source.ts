import type { Model } from '../../graph/model'
import type { Range, RangeChoice, RangeWish, StoredRanges, ValueStatistics } from './observer'

/** Where a method gets the ranges of inner values: from calibration data, or from those that a recipe stored. */
export interface CalibrationSource {
  /** How many samples the ranges come from. */
  readonly samples: number
  readonly machine: string
  /** Stored ranges answer whatever the choice; statistics of a model are kept, so other choices cost nothing. */
  readonly isStored: boolean
  /**
   * @param model the graph as the method has it before it adds nodes
   * @returns ranges, with the share of the observed elements that they cut off where a histogram knows it. A value that is NaN
   *   or infinite in some sample (a mask, say) has none: it cannot be held as integers
   * @throws UsageError where stored ranges are those of another model; UnsupportedError, AbortError
   */
  ranges(
    model: Model,
    wishes: readonly RangeWish[],
    choice: RangeChoice,
  ): Promise<ReadonlyMap<string, Range & { readonly clipped?: number }>>
  /** What was seen of values, with histograms; absent where ranges are stored. */
  statistics?(model: Model, values: readonly string[]): Promise<ReadonlyMap<string, ValueStatistics>>
}

export type { Range, RangeChoice, RangeWish, StoredRanges }
