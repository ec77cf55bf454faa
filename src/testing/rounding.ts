import type { DType } from '../core/dtypes'

/**
 * Distance of neighbouring values, relative to them: results that are rounded after arithmetic in a wider type may differ
 * by one. Wider floats: 0.
 */
export const roundingStep = (dtype: DType): number => STEPS[dtype] ?? 0

const STEPS: Partial<Record<DType, number>> = {
  float16: 2 ** -10,
  bfloat16: 2 ** -7,
  float8e4m3fn: 2 ** -3,
  float8e4m3fnuz: 2 ** -3,
  float8e5m2: 2 ** -2,
  float8e5m2fnuz: 2 ** -2,
}
