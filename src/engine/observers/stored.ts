import { UsageError } from '../../core/errors'
import type { CalibrationSource, Range, StoredRanges } from './calibration-source'

/** The ranges of a recipe in the place of data. */
export function storedCalibration({ machine, samples, values }: StoredRanges): CalibrationSource {
  return {
    samples,
    machine,
    isStored: true,
    async ranges(_, wishes) {
      const found = new Map<string, Range>()
      for (const { value } of wishes) {
        const range = Object.hasOwn(values, value) ? values[value] : undefined
        if (range) found.set(value, { min: range[0], max: range[1] })
      }
      const [first] = wishes
      if (first && found.size === 0) {
        throw new UsageError(
          `The recipe holds no range of the value "${first.value}", nor of ${wishes.length - 1} others. It was made from another ` +
            'model; give data with --calibrate.',
        )
      }
      return found
    },
  }
}
