import { UsageError } from '../../core/errors'
import { hostArray } from '../../core/host-array'
import { elementCount } from '../../core/dtypes'
import type { AnyTensor, Tensor } from '../tensor/tensor'
import { wrap } from '../tensor/tensor-object'
import { currentRandom } from '../tensor/create'
import { constant, given, record } from '../tensor/value'
import type { SameShape } from './layer-shapes'
import { Layer } from './module'

/**
 * In training each element becomes 0 with the probability `ratio`, else it is divided by 1 − ratio. As torch.nn.Dropout.
 * @throws UsageError for a ratio outside [0, 1)
 */
export class Dropout extends Layer<SameShape> {
  readonly ratio: number

  constructor(ratio = 0.5) {
    super()
    if (!(ratio >= 0 && ratio < 1)) throw new UsageError(`Dropout: the ratio should lie in [0, 1) and is ${ratio}.`)
    this.ratio = ratio
  }

  run(x: AnyTensor): AnyTensor {
    const sizes = x.shape
    // exports keep the operator, so that what reads them can train on
    if (!this.isTraining || !sizes.every((size) => typeof size === 'number')) {
      return wrap(record('Dropout', [x.value, constant(hostArray('float32', [], [this.ratio]))]))
    }
    return withoutSome(x, this.ratio)
  }
}

/** x / (1 − ratio) where an element stays, else 0. */
export function withoutSome(x: AnyTensor, ratio: number): AnyTensor {
  const random = currentRandom()
  const shape = x.shape.map(Number)
  const values = new Float32Array(elementCount(shape))
  for (let i = 0; i < values.length; i++) values[i] = random.uniform() >= ratio ? 1 / (1 - ratio) : 0
  return (x as Tensor).mul(wrap<Tensor>(given({ dtype: 'float32', shape, values })))
}
