import { defineArgReduction } from '../arg-reduce'

/** The index of the largest element along an axis. */
export const argMax = defineArgReduction('ArgMax', 'max')
