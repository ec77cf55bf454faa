import { ShapeError } from '../../core/errors'
import { attribute } from '../../graph/model'
import type { AnyTensor } from '../tensor/tensor'
import { ints } from '../tensor/indexing'
import { wrap } from '../tensor/tensor-object'
import { record, type Value } from '../tensor/value'
import { bothSides, perAxis, type PerAxis } from './convolution'
import type { AllSpatial, PoolShape, SpatialRank } from './layer-shapes'
import { Layer } from './module'

export interface PoolOptions {
  /** Default: the kernel, so that windows do not overlap. */
  readonly stride?: PerAxis
  readonly padding?: PerAxis
  readonly dilation?: PerAxis
  /** Windows that begin inside and end outside count as well. */
  readonly ceil?: boolean
  /** Of averages: padding counts as zeros; default true, as PyTorch. */
  readonly countPadding?: boolean
}

class Pool<R extends SpatialRank> extends Layer<PoolShape<R>> {
  readonly #opType: string
  readonly #attributes: Parameters<typeof record>[2][]

  constructor(opType: 'MaxPool' | 'AveragePool', rank: R, kernel: PerAxis, options: PoolOptions) {
    super()
    const { stride = kernel, padding = 0, dilation = 1, ceil = false, countPadding = true } = options
    this.#opType = opType
    this.#attributes = [
      attribute.ints('kernel_shape', perAxis(kernel, rank)),
      attribute.ints('strides', perAxis(stride, rank)),
      attribute.ints('pads', bothSides(padding, rank)),
      attribute.ints('dilations', perAxis(dilation, rank)),
      attribute.int('ceil_mode', ceil ? 1 : 0),
      opType === 'AveragePool' ? attribute.int('count_include_pad', countPadding ? 1 : 0) : undefined,
    ]
  }

  run(x: AnyTensor): AnyTensor {
    return wrap(record(this.#opType, [x.value], ...this.#attributes))
  }
}

/** The largest of each window. As torch.nn.MaxPool1d, 2d, 3d. */
export const maxPool1d = (kernel: PerAxis, options: PoolOptions = {}): Layer<PoolShape<1>> =>
  new Pool('MaxPool', 1, kernel, options)
export const maxPool2d = (kernel: PerAxis, options: PoolOptions = {}): Layer<PoolShape<2>> =>
  new Pool('MaxPool', 2, kernel, options)
export const maxPool3d = (kernel: PerAxis, options: PoolOptions = {}): Layer<PoolShape<3>> =>
  new Pool('MaxPool', 3, kernel, options)
/** The mean of each window. As torch.nn.AvgPool1d, 2d, 3d. */
export const averagePool1d = (kernel: PerAxis, options: PoolOptions = {}): Layer<PoolShape<1>> =>
  new Pool('AveragePool', 1, kernel, options)
export const averagePool2d = (kernel: PerAxis, options: PoolOptions = {}): Layer<PoolShape<2>> =>
  new Pool('AveragePool', 2, kernel, options)
export const averagePool3d = (kernel: PerAxis, options: PoolOptions = {}): Layer<PoolShape<3>> =>
  new Pool('AveragePool', 3, kernel, options)

class AdaptivePool<R extends SpatialRank, N extends number> extends Layer<PoolShape<R, AllSpatial<R, N>>> {
  readonly #isMax: boolean
  readonly #sizes: readonly number[]

  constructor(isMax: boolean, rank: R, sizes: PerAxis) {
    super()
    this.#isMax = isMax
    this.#sizes = perAxis(sizes, rank)
  }

  run(x: AnyTensor): AnyTensor {
    if (this.#sizes.every((size) => size === 1)) {
      return wrap(record(this.#isMax ? 'GlobalMaxPool' : 'GlobalAveragePool', [x.value]))
    }
    const spatial = x.shape.slice(2)
    if (!spatial.every((size) => typeof size === 'number')) {
      throw new ShapeError(
        `Adaptive pooling to [${this.#sizes.join(', ')}] needs known sizes: [${x.shape.join(', ')}].`,
      )
    }
    // a rectangle's mean is the mean of its rows' means, and so its maximum
    return wrap(
      this.#sizes.reduce((value, to, i) => this.#alongAxis(value, i + 2, { from: spatial[i] as number, to }), x.value),
    )
  }

  #alongAxis(value: Value, axis: number, { from, to }: { readonly from: number; readonly to: number }): Value {
    if (from === to) return value
    const parts = Array.from({ length: to }, (_, i) => {
      const window = [Math.floor((i * from) / to), Math.ceil(((i + 1) * from) / to)].map((end) => ints([end]))
      const part = record('Slice', [value, ...window, ints([axis])])
      return record(this.#isMax ? 'ReduceMax' : 'ReduceMean', [part, ints([axis])])
    })
    return parts.length === 1 ? (parts[0] as Value) : record('Concat', parts, attribute.int('axis', axis))
  }
}

type Adaptive<R extends SpatialRank, N extends number> = Layer<PoolShape<R, AllSpatial<R, N>>>
/** Windows that give the asked sizes. As torch.nn.AdaptiveAvgPool1d, 2d, 3d. */
export const adaptiveAveragePool1d = <const N extends number>(size: N): Adaptive<1, N> =>
  new AdaptivePool(false, 1, size)
export const adaptiveAveragePool2d = <const N extends number>(size: N): Adaptive<2, N> =>
  new AdaptivePool(false, 2, size)
export const adaptiveAveragePool3d = <const N extends number>(size: N): Adaptive<3, N> =>
  new AdaptivePool(false, 3, size)
/** As torch.nn.AdaptiveMaxPool1d, 2d, 3d. */
export const adaptiveMaxPool1d = <const N extends number>(size: N): Adaptive<1, N> => new AdaptivePool(true, 1, size)
export const adaptiveMaxPool2d = <const N extends number>(size: N): Adaptive<2, N> => new AdaptivePool(true, 2, size)
export const adaptiveMaxPool3d = <const N extends number>(size: N): Adaptive<3, N> => new AdaptivePool(true, 3, size)
