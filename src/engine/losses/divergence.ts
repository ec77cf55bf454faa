/** How far one distribution is from another. */
import { attribute } from '../../graph/model'
import type { GraphWriter, ValueName } from '../../ops/gradient'
import { UsageError } from '../../core/errors'
import { arithmetic } from '../build/arithmetic'
import type { Loss } from './loss'
import { asFloat32, classCount, sameAs } from './shared'

const alongClasses = [attribute.int('axis', 1)]

export interface KlOptions {
  /** Targets are logarithms of probabilities, too. */
  readonly isLogTarget?: boolean
}

/**
 * Σ t·(ln t − x) of log-probabilities x, divided by the batch: torch.nn.KLDivLoss with its reduction 'batchmean', which is
 * the one that is the divergence.
 */
export function klDivergence({ isLogTarget = false }: KlOptions = {}): Loss {
  return {
    name: 'kl',
    target: sameAs,
    build(write, prediction, target) {
      const { exp, log: ln } = arithmetic(write)
      if (isLogTarget) return divergence(write, prediction, { share: exp(target), log: target })
      // t·ln t is 0 at t = 0
      const { dtype } = write.type(target)
      const isZero = write.add('Equal', [target, write.number(0, dtype)])
      const log = ln(write.add('Where', [isZero, write.number(1, dtype), target]))
      return divergence(write, prediction, { share: target, log })
    },
  }
}

/**
 * Learning from a teacher (Hinton et al., arXiv:1503.02531v1, §2): T² · KL(softmax(teacher / T) ‖ softmax(student / T)), mean
 * over the batch. Predictions and targets are logits [batch, classes, …].
 * @throws UsageError for a temperature that is not above 0
 */
export function distillation({ temperature = 1 }: { readonly temperature?: number } = {}): Loss {
  if (!(temperature > 0)) {
    throw new UsageError(`distillation: the temperature should be above 0 and is ${temperature}.`)
  }
  return {
    name: 'distillation',
    target: sameAs,
    build(write, prediction, target) {
      classCount(write, prediction, 'distillation')
      const { div, mul, exp } = arithmetic(write)
      const cooled = (logits: ValueName) => (temperature === 1 ? logits : div(logits, temperature))
      const log = write.add('LogSoftmax', [cooled(target)], alongClasses)
      const student = write.add('LogSoftmax', [cooled(prediction)], alongClasses)
      const loss = divergence(write, student, { share: exp(log), log })
      return temperature === 1 ? loss : mul(loss, temperature * temperature)
    },
  }
}

/** Σ share·(log − x), divided by the batch. */
function divergence(
  write: GraphWriter,
  x: ValueName,
  { share, log }: { readonly share: ValueName; readonly log: ValueName },
): ValueName {
  const { sub, mul, div, sum } = arithmetic(write)
  const size = write.add('Shape', [x], [attribute.int('start', 0), attribute.int('end', 1)])
  const batch = write.add('CastLike', [write.add('Squeeze', [size]), write.number(0, write.type(x).dtype)])
  return asFloat32(write, div(sum(mul(share, sub(log, x))), batch))
}
