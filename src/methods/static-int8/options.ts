import type { OptionsOf } from '../../core/options'
import type { RangeChoice } from '../../engine/observers/observer'
import type { meta } from './meta'

export type Options = OptionsOf<typeof meta.options>

/** Weight of the newest sample in moving averages, as in ONNX Runtime's and PyTorch's observers. */
const RATE = 0.01

export function rangeChoice({ observer, percentile, power }: Options): RangeChoice {
  switch (observer) {
    case 'moving-average':
      return { kind: observer, rate: RATE }
    case 'percentile':
      return { kind: observer, share: percentile / 100 }
    case 'mse':
      return { kind: observer, power }
    default:
      return { kind: observer }
  }
}
