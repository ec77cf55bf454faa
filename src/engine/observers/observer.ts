import type { Bins } from '../../backends/histogram'
import type { IntegerType } from '../quantize/integers'

/** How a range is chosen from what was seen of a value. Plain data: it stands in recipes. */
export type RangeChoice =
  | { readonly kind: 'min-max' }
  /** Exponential moving average of each sample's minimum and maximum; `rate` is the weight of the newest. */
  | { readonly kind: 'moving-average'; readonly rate: number }
  /** Least squared error over the histogram (L2-optimal). */
  | { readonly kind: 'histogram' }
  /** `share` of the values lie inside, e.g. 0.9999. */
  | { readonly kind: 'percentile'; readonly share: number }
  /** Least Kullback–Leibler divergence between the histogram and its quantized form. */
  | { readonly kind: 'entropy' }
  /** Least mean |x − x̂|^power over a search of shrunken ranges. */
  | { readonly kind: 'mse'; readonly power: number }

/** What was seen of one value over all samples; its size does not depend on how many they are. */
export interface ValueStatistics {
  readonly samples: number
  /** Over all samples; both 0 for a value without elements. */
  readonly min: number
  readonly max: number
  /** Moving averages of the samples' minima and maxima. */
  readonly averageMin: number
  readonly averageMax: number
  /** [bins]; `at` says where they lie. Absent where only ranges were asked for. */
  readonly counts?: Float64Array
  readonly at?: Bins
}

export interface Range {
  readonly min: number
  readonly max: number
}

/** A value whose range is wanted, and the integers it will be held in: some choices depend on them. */
export interface RangeWish {
  readonly value: string
  readonly type: IntegerType
}

/** Ranges as a recipe keeps them: with these a method replays without the data. */
export interface StoredRanges {
  /** Where they were observed; ranges of 'webgpu' differ in the last bits from device to device. */
  readonly machine: string
  readonly samples: number
  readonly values: Readonly<Record<string, readonly [min: number, max: number]>>
}
