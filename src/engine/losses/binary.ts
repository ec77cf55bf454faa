/** Losses of scores (logits) against yes-or-no targets of the same shape, as floats from 0 to 1. */
import type { GraphWriter, ValueName } from '../../ops/gradient'
import { arithmetic } from '../build/arithmetic'
import type { Loss } from './loss'
import { asFloat32, checkRange, sameAs } from './shared'

export interface BceOptions {
  /** How much more a yes counts than a no. */
  readonly positiveWeight?: number
}

/** −[w·t·ln σ(x) + (1 − t)·ln(1 − σ(x))], mean over elements. As torch.nn.BCEWithLogitsLoss. */
export function bceWithLogits({ positiveWeight = 1 }: BceOptions = {}): Loss {
  return {
    name: 'bce-with-logits',
    target: sameAs,
    build: (write, prediction, target) =>
      asFloat32(write, arithmetic(write).mean(elementLosses(write, prediction, { target, positiveWeight }))),
  }
}

/** (1 − t)·x + [1 + (w − 1)·t]·softplus(−x): no term overflows, and none cancels where the answer is right. */
function elementLosses(
  write: GraphWriter,
  prediction: ValueName,
  { target, positiveWeight }: { readonly target: ValueName; readonly positiveWeight: number },
): ValueName {
  const { add, sub, mul, neg, softplus } = arithmetic(write)
  const rest = softplus(neg(prediction))
  const weighed = positiveWeight === 1 ? rest : mul(add(mul(target, positiveWeight - 1), 1), rest)
  return add(mul(sub(1, target), prediction), weighed)
}

export interface BinaryFocalOptions {
  /** How much less elements count that are right already. */
  readonly gamma?: number
  /** Weight of a yes, 1 − alpha that of a no; undefined: both 1. */
  readonly alpha?: number
}

/** α[t] · (1 − p[t])^γ · bce, mean over elements (Lin et al., arXiv:1708.02002v2, eq. 5). As torchvision's sigmoid_focal_loss. */
export function binaryFocal({ gamma = 2, alpha = 0.25 }: BinaryFocalOptions = {}): Loss {
  checkRange('binary-focal: gamma', gamma, [0, Infinity])
  checkRange('binary-focal: alpha', alpha, [0, 1])
  return {
    name: 'binary-focal',
    target: sameAs,
    build(write, prediction, target) {
      const { add, sub, mul, pow, sigmoid, mean } = arithmetic(write)
      const p = sigmoid(prediction)
      // 1 − p[t] = p + t − 2·p·t
      const miss = sub(add(p, target), mul(mul(p, target), 2))
      const loss = elementLosses(write, prediction, { target, positiveWeight: 1 })
      const focused = gamma === 0 ? loss : mul(pow(miss, gamma), loss)
      const share = add(mul(target, 2 * alpha - 1), 1 - alpha)
      return asFloat32(write, mean(mul(share, focused)))
    },
  }
}
