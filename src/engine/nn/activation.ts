import { attribute, type Attribute } from '../../graph/model'
import type { AnyTensor, Tensor } from '../tensor/tensor'
import { wrap } from '../tensor/tensor-object'
import { record } from '../tensor/value'
import { filled } from './init'
import type { FlatShape, SameShape } from './layer-shapes'
import { Layer } from './module'
import { Parameter } from './parameter'

/** A function of each element, or along an axis: one operator. */
export class Activation extends Layer<SameShape> {
  readonly #opType: string
  readonly #attributes: readonly Attribute[]

  constructor(opType: string, ...attributes: readonly Attribute[]) {
    super()
    this.#opType = opType
    this.#attributes = attributes
  }

  run(x: AnyTensor): AnyTensor {
    return wrap(record(this.#opType, [x.value], ...this.#attributes))
  }
}

const { float, int, string } = attribute
export const relu = (): Activation => new Activation('Relu')
/** max(0, x) + slope · min(0, x) */
export const leakyRelu = (slope = 0.01): Activation => new Activation('LeakyRelu', float('alpha', slope))
export const elu = (alpha = 1): Activation => new Activation('Elu', float('alpha', alpha))
export const selu = (): Activation => new Activation('Selu')
export const celu = (alpha = 1): Activation => new Activation('Celu', float('alpha', alpha))
export const gelu = (approximation: 'none' | 'tanh' = 'none'): Activation =>
  new Activation('Gelu', string('approximate', approximation))
/** x·σ(x) */
export const silu = (): Activation => new Activation('Swish')
export const mish = (): Activation => new Activation('Mish')
export const sigmoid = (): Activation => new Activation('Sigmoid')
export const tanh = (): Activation => new Activation('Tanh')
export const softplus = (): Activation => new Activation('Softplus')
export const softsign = (): Activation => new Activation('Softsign')
export const hardSigmoid = (): Activation => new Activation('HardSigmoid', float('alpha', 1 / 6), float('beta', 0.5))
export const hardSwish = (): Activation => new Activation('HardSwish')
export const softmax = (axis = -1): Activation => new Activation('Softmax', int('axis', axis))
export const logSoftmax = (axis = -1): Activation => new Activation('LogSoftmax', int('axis', axis))

/** max(0, x) + w · min(0, x), with one learned slope, or one per channel (axis 1). As torch.nn.PReLU. */
export class PRelu extends Layer<SameShape> {
  readonly weight: Parameter

  constructor(slopes = 1, first = 0.25) {
    super()
    this.weight = new Parameter(filled([slopes], first))
  }

  run(x: AnyTensor): AnyTensor {
    const slope: Tensor = this.weight.tensor
    const isPerChannel = (slope.size as number) > 1 && x.rank > 2
    const shaped = isPerChannel ? slope.reshape(...[-1, ...new Array<number>(x.rank - 2).fill(1)]) : slope
    return wrap(record('PRelu', [x.value, shaped.value]))
  }
}

/** All axes but the batch become one. */
export class Flatten extends Layer<FlatShape> {
  run(x: AnyTensor): AnyTensor {
    // ONNX's own operator, which takes open sizes
    return wrap(record('Flatten', [x.value], int('axis', 1)))
  }
}
