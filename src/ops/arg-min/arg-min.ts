import { defineArgReduction } from '../arg-reduce'

/** The index of the smallest element along an axis. */
export const argMin = defineArgReduction('ArgMin', 'min')
