import type { Range, ValueStatistics } from './observer'

/** The averages of the samples' own ranges: a sample out of the ordinary counts little. arXiv:1712.05877v1, section 3.1. */
export const movingAverage = ({ averageMin, averageMax }: ValueStatistics): Range => ({
  min: averageMin,
  max: averageMax,
})
