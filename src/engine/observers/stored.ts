import { UsageError } from '../../core/errors'
import type { CalibrationSource, StoredRanges } from './calibration-source'

/** The ranges of a recipe in the place of data. */
export function storedCalibration({ machine, samples, values }: StoredRanges): CalibrationSource {
  return {
    samples,
    machine,
    isStored: true,
    async ranges(_, wishes) {
      return new Map(
        wishes.map(({ value }) => {
          const range = Object.hasOwn(values, value) ? values[value] : undefined
          if (!range) {
            throw new UsageError(
              `The recipe holds no range of the value "${value}". It was made from another model; give data with --calibrate.`,
            )
          }
          return [value, { min: range[0], max: range[1] }]
        }),
      )
    },
  }
}
