/** Exponential moving average of weights, which is often better than the last ones (Polyak & Juditsky, 1992). */
import type { GraphWriter, ValueName } from '../../ops/gradient'
import { arithmetic } from '../build/arithmetic'

/**
 * The decay of a step, to be fed: the first average is the weight itself. As torch.optim.swa_utils.get_ema_avg_fn in an
 * AveragedModel that is updated after every step.
 * @param step from 1 on
 */
export const emaDecay = (step: number, decay: number): number => (step === 1 ? 0 : decay)

/**
 * decay·average + (1 − decay)·weight
 * @param decay a float32 scalar of the graph
 */
export function movingAverage(
  write: GraphWriter,
  average: ValueName,
  { weight, decay }: { readonly weight: ValueName; readonly decay: ValueName },
): ValueName {
  const { add, sub, mul } = arithmetic(write)
  return add(weight, mul(decay, sub(average, weight)))
}
