import { UsageError } from '../../core/errors'
import { hostArray } from '../../core/host-array'
import { attribute } from '../../graph/model'
import type { AnyTensor, Tensor } from '../tensor/tensor'
import { wrap } from '../tensor/tensor-object'
import { constant, record, recordMany, type Value } from '../tensor/value'
import { filled } from './init'
import type { ChannelShape, FeatureShape } from './layer-shapes'
import { Layer } from './module'
import { Parameter, updateBuffer } from './parameter'

export interface NormalizationOptions {
  readonly epsilon?: number
  /** Whether scale and offset are learned. */
  readonly affine?: boolean
}
export interface BatchNormOptions extends NormalizationOptions {
  /** The share that a batch has in the running statistics; 0.1, as PyTorch. */
  readonly momentum?: number
}

/**
 * Channels of [batch, channels, …] with mean 0 and deviation 1 over a batch, or by the running statistics when training is
 * over (Ioffe & Szegedy, arXiv:1502.03167v3, algorithm 1). As torch.nn.BatchNorm1d, 2d, 3d.
 */
export class BatchNorm<C extends number> extends Layer<ChannelShape<C>> {
  readonly weight: Parameter | undefined
  readonly bias: Parameter | undefined
  readonly runningMean: Parameter
  readonly runningVar: Parameter
  readonly numBatchesTracked: Parameter
  readonly #channels: number
  readonly #epsilon: number
  readonly #momentum: number

  constructor(channels: C, { epsilon = 1e-5, momentum = 0.1, affine = true }: BatchNormOptions = {}) {
    super()
    this.weight = affine ? new Parameter(filled([channels], 1)) : undefined
    this.bias = affine ? new Parameter(filled([channels], 0)) : undefined
    this.runningMean = new Parameter(filled([channels], 0), { isBuffer: true })
    this.runningVar = new Parameter(filled([channels], 1), { isBuffer: true })
    this.numBatchesTracked = new Parameter(hostArray('int64', [], [0]), { isBuffer: true })
    this.#channels = channels
    this.#epsilon = epsilon
    this.#momentum = momentum
  }

  run(x: AnyTensor): AnyTensor {
    const isKnown = x.shape.every((size) => typeof size === 'number')
    const count = x.size / this.#channels
    const affine = [x.value, ...this.#affine()]
    const epsilon = attribute.float('epsilon', this.#epsilon)
    // exports are as the layer is used; whoever trains the export puts its batch normalizations into training
    if (!this.isTraining || !isKnown) {
      const [mean, variance] = [this.runningMean, this.runningVar].map(({ tensor }) => tensor.value)
      return wrap(record('BatchNormalization', [...affine, mean, variance], epsilon))
    }
    if (count < 2) throw new UsageError('BatchNorm needs more than one value per channel in training.')
    const zeros = constant(filled([this.#channels], 0))
    // with momentum 0 the running statistics that come back are those of the batch
    const [y, mean, variance] = recordMany('BatchNormalization', [...affine, zeros, zeros], {
      attributes: [epsilon, attribute.float('momentum', 0), attribute.int('training_mode', 1)],
      outputs: 3,
    }).map((value) => wrap<Tensor>(value)) as [Tensor, Tensor, Tensor]
    this.#follow(this.runningMean, mean)
    this.#follow(this.runningVar, variance.mul(count / (count - 1)))
    updateBuffer(this.numBatchesTracked, (before) => (before as Tensor).add(1))
    return y
  }

  #follow(buffer: Parameter, batch: Tensor): void {
    updateBuffer(buffer, (before) => (before as Tensor).mul(1 - this.#momentum).add(batch.detach().mul(this.#momentum)))
  }

  #affine(): Value[] {
    return [valueOf(this.weight, [this.#channels], 1), valueOf(this.bias, [this.#channels], 0)]
  }
}

/** The last axes with mean 0 and deviation 1 (Ba et al., arXiv:1607.06450v1, eq. 4). As torch.nn.LayerNorm. */
export class LayerNorm<C extends number> extends Layer<FeatureShape<C>> {
  readonly weight: Parameter | undefined
  readonly bias: Parameter | undefined
  readonly #shape: readonly number[]
  readonly #epsilon: number

  constructor(shape: C | readonly [...number[], C], { epsilon = 1e-5, affine = true }: NormalizationOptions = {}) {
    super()
    const sizes = typeof shape === 'number' ? [shape] : shape
    this.weight = affine ? new Parameter(filled(sizes, 1)) : undefined
    this.bias = affine ? new Parameter(filled(sizes, 0)) : undefined
    this.#shape = sizes
    this.#epsilon = epsilon
  }

  run(x: AnyTensor): AnyTensor {
    const inputs = [x.value, valueOf(this.weight, this.#shape, 1), this.bias?.tensor.value]
    const epsilon = attribute.float('epsilon', this.#epsilon)
    return wrap(record('LayerNormalization', inputs, attribute.int('axis', -this.#shape.length), epsilon))
  }
}

/** x / √(mean x² + ε) · w of the last axes (Zhang & Sennrich, arXiv:1910.07467v1, eq. 4). As torch.nn.RMSNorm. */
export class RmsNorm<C extends number> extends Layer<FeatureShape<C>> {
  readonly weight: Parameter | undefined
  readonly #shape: readonly number[]
  readonly #epsilon: number

  constructor(shape: C | readonly [...number[], C], { epsilon = 2 ** -23, affine = true }: NormalizationOptions = {}) {
    super()
    const sizes = typeof shape === 'number' ? [shape] : shape
    this.weight = affine ? new Parameter(filled(sizes, 1)) : undefined
    this.#shape = sizes
    this.#epsilon = epsilon
  }

  run(x: AnyTensor): AnyTensor {
    const epsilon = attribute.float('epsilon', this.#epsilon)
    const axis = attribute.int('axis', -this.#shape.length)
    return wrap(record('RMSNormalization', [x.value, valueOf(this.weight, this.#shape, 1)], axis, epsilon))
  }
}

/** Groups of channels with mean 0 and deviation 1, sample by sample (Wu & He, arXiv:1803.08494v3). As torch.nn.GroupNorm. */
export class GroupNorm<C extends number> extends Layer<ChannelShape<C>> {
  readonly weight: Parameter | undefined
  readonly bias: Parameter | undefined
  readonly #groups: number
  readonly #channels: number
  readonly #epsilon: number

  constructor(groups: number, channels: C, { epsilon = 1e-5, affine = true }: NormalizationOptions = {}) {
    super()
    if (channels % groups !== 0) throw new UsageError(`${channels} channels cannot form ${groups} groups.`)
    this.weight = affine ? new Parameter(filled([channels], 1)) : undefined
    this.bias = affine ? new Parameter(filled([channels], 0)) : undefined
    this.#groups = groups
    this.#channels = channels
    this.#epsilon = epsilon
  }

  run(x: AnyTensor): AnyTensor {
    const inputs = [x.value, ...this.#affine()]
    const attributes = [attribute.int('num_groups', this.#groups), attribute.float('epsilon', this.#epsilon)]
    return wrap(record('GroupNormalization', inputs, ...attributes))
  }

  #affine(): Value[] {
    return [valueOf(this.weight, [this.#channels], 1), valueOf(this.bias, [this.#channels], 0)]
  }
}

/** Each channel of each sample with mean 0 and deviation 1 (Ulyanov et al., arXiv:1607.08022v3). As torch.nn.InstanceNorm1d, 2d, 3d. */
export class InstanceNorm<C extends number> extends Layer<ChannelShape<C>> {
  readonly weight: Parameter | undefined
  readonly bias: Parameter | undefined
  readonly #channels: number
  readonly #epsilon: number

  constructor(channels: C, { epsilon = 1e-5, affine = false }: NormalizationOptions = {}) {
    super()
    this.weight = affine ? new Parameter(filled([channels], 1)) : undefined
    this.bias = affine ? new Parameter(filled([channels], 0)) : undefined
    this.#channels = channels
    this.#epsilon = epsilon
  }

  run(x: AnyTensor): AnyTensor {
    const inputs = [x.value, ...this.#affine()]
    return wrap(record('InstanceNormalization', inputs, attribute.float('epsilon', this.#epsilon)))
  }

  #affine(): Value[] {
    return [valueOf(this.weight, [this.#channels], 1), valueOf(this.bias, [this.#channels], 0)]
  }
}

/** A parameter, or what stands for it where it is not learned. */
const valueOf = (parameter: Parameter | undefined, shape: readonly number[], value: number): Value =>
  parameter?.tensor.value ?? constant(filled(shape, value))
