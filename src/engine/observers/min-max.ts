import type { Range, ValueStatistics } from './observer'

/** Everything that was seen. */
export const minMax = ({ min, max }: ValueStatistics): Range => ({ min, max })
