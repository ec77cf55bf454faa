/** Losses of numbers against numbers of the same shape, mean over elements. */
import { UsageError } from '../../core/errors'
import type { ValueName } from '../../ops/gradient'
import { arithmetic, type Arithmetic } from '../build/arithmetic'
import type { Loss } from './loss'
import { asFloat32, sameAs } from './shared'

function elementWise(name: string, loss: (difference: ValueName, formulas: Arithmetic) => ValueName): Loss {
  return {
    name,
    target: sameAs,
    build(write, prediction, target) {
      const formulas = arithmetic(write)
      return asFloat32(write, formulas.mean(loss(formulas.sub(prediction, target), formulas)))
    },
  }
}

/** (x − t)². As torch.nn.MSELoss. */
export const mse = (): Loss => elementWise('mse', (d, { square }) => square(d))

/** |x − t|. As torch.nn.L1Loss. */
export const l1 = (): Loss => elementWise('l1', (d, { abs }) => abs(d))

/**
 * d²/2 of d = x − t where |d| ≤ δ, else δ·(|d| − δ/2). As torch.nn.HuberLoss.
 * @throws UsageError for a delta that is not above 0
 */
export function huber({ delta = 1 }: { readonly delta?: number } = {}): Loss {
  if (!(delta > 0)) throw new UsageError(`huber: delta should be above 0 and is ${delta}.`)
  // c·(d − c/2) with c = d cut at ±δ
  return elementWise('huber', (d, { clamp, mul, sub }) => {
    const cut = clamp(d, -delta, delta)
    return mul(cut, sub(d, mul(cut, 0.5)))
  })
}
