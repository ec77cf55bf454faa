/** Losses of scores (logits) [batch, classes, …] against class numbers, int64 [batch, …]. */
import { attribute } from '../../graph/model'
import type { GraphWriter, ValueName } from '../../ops/gradient'
import { arithmetic } from '../build/arithmetic'
import type { Loss } from './loss'
import { asFloat32, checkRange, classCount, classesOf, weightsOf } from './shared'

export interface CrossEntropyOptions {
  /** One per class; the mean is then by weight. */
  readonly weights?: readonly number[]
  /** The share of the target that is spread evenly over all classes (Szegedy et al., arXiv:1512.00567v3, §7); 0 to 1. */
  readonly labelSmoothing?: number
  /** Targets of this number do not count. */
  readonly ignoreIndex?: number
}

/**
 * −w[t] · ln softmax(x)[t], averaged by weight. As torch.nn.CrossEntropyLoss.
 * @throws UsageError for a smoothing outside [0, 1]
 */
export function crossEntropy(options: CrossEntropyOptions = {}): Loss {
  const name = 'cross-entropy'
  const { labelSmoothing = 0 } = options
  checkRange(`${name}: the label smoothing`, labelSmoothing, [0, 1])
  return {
    name,
    target: (prediction) => classesOf(prediction, name),
    build(write, prediction, target) {
      classCount(write, prediction, name)
      const weights = weightsOf(write, options.weights, { scores: prediction, loss: name })
      const { ignoreIndex } = options
      const ignored = ignoreIndex === undefined ? undefined : attribute.int('ignore_index', ignoreIndex)
      const picked = ['SoftmaxCrossEntropyLoss', [prediction, target, weights]] as const
      if (labelSmoothing === 0) return asFloat32(write, write.add(...picked, [ignored]))
      const [hard, logs] = write.addMany(...picked, 2, [ignored])
      const even = evenLoss(write, { logs: logs!, target, weights, ignoreIndex })
      const { add, mul } = arithmetic(write)
      return asFloat32(write, add(mul(hard!, 1 - labelSmoothing), mul(even, labelSmoothing)))
    },
  }
}

interface EvenLoss {
  readonly logs: ValueName
  readonly target: ValueName
  readonly weights: ValueName | undefined
  readonly ignoreIndex: number | undefined
}

/** Cross-entropy with the even distribution: Σ −w[c] · logs[c] / classes, divided by Σ w[t] as the other term is. */
function evenLoss(write: GraphWriter, { logs, target, weights, ignoreIndex }: EvenLoss): ValueName {
  const { mul, div, sum, sumOver, neg } = arithmetic(write)
  const { dtype, shape = [] } = write.type(logs)
  const classes = classCount(write, logs, 'cross-entropy')
  const column = weights && write.add('Reshape', [weights, write.integers([1, -1, ...shape.slice(2).map(() => 1)])])
  const losses = neg(sumOver(column ? mul(logs, column) : logs, 1))
  const isCounted =
    ignoreIndex === undefined ? undefined : write.add('Not', [write.add('Equal', [target, int64(write, ignoreIndex)])])
  const like = (value: ValueName) => write.add('CastLike', [value, write.number(0, dtype)])
  const counted = isCounted && like(isCounted)
  // the sum of an even loss without weights is a mean over samples
  if (!weights && !counted) return div(arithmetic(write).mean(losses), classes)
  // an ignored label is no class to pick a weight by
  const safe = isCounted ? write.add('Where', [isCounted, target, int64(write, 0)]) : target
  const picked = weights && write.add('Gather', [weights, safe])
  const shares = picked && counted ? mul(picked, counted) : (picked ?? counted!)
  return div(div(sum(counted ? mul(losses, counted) : losses), sum(shares)), classes)
}

const int64 = (write: GraphWriter, value: number): ValueName => write.number(value, 'int64')

export interface FocalOptions {
  /** How much less samples count that are right already; the paper's 2. */
  readonly gamma?: number
  /** One per class. The mean is over samples, not by weight. */
  readonly weights?: readonly number[]
}

/** −w[t] · (1 − p[t])^γ · ln p[t] of p = softmax(x), mean over samples (Lin et al., arXiv:1708.02002v2, eq. 5). */
export function focal({ gamma = 2, weights }: FocalOptions = {}): Loss {
  const name = 'focal'
  checkRange(`${name}: gamma`, gamma, [0, Infinity])
  return {
    name,
    target: (prediction) => classesOf(prediction, name),
    build(write, prediction, target) {
      const { sub, mul, exp, pow, neg, mean } = arithmetic(write)
      classCount(write, prediction, name)
      const scale = weightsOf(write, weights, { scores: prediction, loss: name })
      const loss = write.add('SoftmaxCrossEntropyLoss', [prediction, target], [attribute.string('reduction', 'none')])
      const factor = pow(sub(1, exp(neg(loss))), gamma)
      const losses = gamma === 0 ? loss : mul(factor, loss)
      return asFloat32(write, mean(scale ? mul(losses, write.add('Gather', [scale, target])) : losses))
    },
  }
}
