import { UsageError } from '../../core/errors'
import { attribute } from '../../graph/model'
import type { AnyTensor } from '../tensor/tensor'
import { wrap } from '../tensor/tensor-object'
import { record } from '../tensor/value'
import { uniform } from './init'
import type { ConvShape, SpatialRank } from './layer-shapes'
import { Layer } from './module'
import { Parameter } from './parameter'

/** One number for all spatial axes, or one each. */
export type PerAxis = number | readonly number[]

export interface ConvOptions {
  readonly stride?: PerAxis
  /** Zeros around; 'same': sizes stay (stride 1). */
  readonly padding?: PerAxis | 'same'
  readonly dilation?: PerAxis
  readonly groups?: number
  readonly bias?: boolean
}
export interface ConvTransposeOptions extends ConvOptions {
  readonly padding?: PerAxis
  /** What the result is larger by, at its end. */
  readonly outputPadding?: PerAxis
}

/** @throws UsageError for another number of values */
export function perAxis(value: PerAxis, rank: number): number[] {
  if (typeof value === 'number') return new Array<number>(rank).fill(value)
  if (value.length === rank) return [...value]
  throw new UsageError(`One value or ${rank} were expected, and [${value.join(', ')}] was given.`)
}

/** The same zeros before and behind, as ONNX lists them. */
export const bothSides = (padding: PerAxis, rank: number): number[] => [
  ...perAxis(padding, rank),
  ...perAxis(padding, rank),
]

function bothSidesSame(kernel: readonly number[], dilation: readonly number[]): number[] {
  const total = kernel.map((size, axis) => (dilation[axis] as number) * (size - 1))
  const before = total.map((sum) => Math.floor(sum / 2))
  return [...before, ...total.map((sum, axis) => sum - (before[axis] as number))]
}

interface Settings {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly pads: readonly number[]
  readonly dilations: readonly number[]
  readonly groups: number
}

function settingsOf(rank: SpatialRank, kernel: PerAxis, options: ConvOptions): Settings {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options
  const [sizes, strides, dilations] = [perAxis(kernel, rank), perAxis(stride, rank), perAxis(dilation, rank)]
  if (padding === 'same' && strides.some((one) => one !== 1)) {
    throw new UsageError("A convolution keeps sizes (padding 'same') only with a stride of 1.")
  }
  const pads = padding === 'same' ? bothSidesSame(sizes, dilations) : bothSides(padding, rank)
  return { kernel: sizes, strides, pads, dilations, groups }
}

const attributesOf = ({ kernel, strides, pads, dilations, groups }: Settings) => [
  attribute.ints('kernel_shape', kernel),
  attribute.ints('strides', strides),
  attribute.ints('pads', pads),
  attribute.ints('dilations', dilations),
  attribute.int('group', groups),
]

type Keeps<P> = P extends { readonly padding: 'same' } ? true : false

/** A convolution over `rank` axes of [batch, channels, …]. */
abstract class Conv<R extends SpatialRank, I extends number, O extends number, P extends ConvOptions> extends Layer<
  ConvShape<R, I, O, Keeps<P>>
> {
  readonly weight: Parameter
  readonly bias: Parameter | undefined
  readonly #settings: Settings

  protected constructor(rank: R, [inputs, outputs]: readonly [I, O], kernel: PerAxis, options: P) {
    super()
    this.#settings = settingsOf(rank, kernel, options)
    const { groups, kernel: sizes } = this.#settings
    if (inputs % groups !== 0 || outputs % groups !== 0) {
      throw new UsageError(`${inputs} and ${outputs} channels cannot form ${groups} groups.`)
    }
    const shape = [outputs, inputs / groups, ...sizes]
    const bound = 1 / Math.sqrt(shape.slice(1).reduce((product, size) => product * size, 1))
    this.weight = new Parameter(uniform(shape, bound))
    this.bias = options.bias === false ? undefined : new Parameter(uniform([outputs], bound))
  }

  run(x: AnyTensor): AnyTensor {
    const inputs = [x.value, this.weight.tensor.value, this.bias?.tensor.value]
    return wrap(record('Conv', inputs, ...attributesOf(this.#settings)))
  }
}

/** As torch.nn.Conv1d. */
export class Conv1d<I extends number, O extends number, const P extends ConvOptions = ConvOptions> extends Conv<
  1,
  I,
  O,
  P
> {
  constructor(inputs: I, outputs: O, kernel: PerAxis, options?: P) {
    super(1, [inputs, outputs], kernel, options ?? ({} as P))
  }
}
/** As torch.nn.Conv2d. */
export class Conv2d<I extends number, O extends number, const P extends ConvOptions = ConvOptions> extends Conv<
  2,
  I,
  O,
  P
> {
  constructor(inputs: I, outputs: O, kernel: PerAxis, options?: P) {
    super(2, [inputs, outputs], kernel, options ?? ({} as P))
  }
}
/** As torch.nn.Conv3d. */
export class Conv3d<I extends number, O extends number, const P extends ConvOptions = ConvOptions> extends Conv<
  3,
  I,
  O,
  P
> {
  constructor(inputs: I, outputs: O, kernel: PerAxis, options?: P) {
    super(3, [inputs, outputs], kernel, options ?? ({} as P))
  }
}

/** The transpose of a convolution: its gradient with respect to the input, as a layer. */
abstract class ConvTranspose<R extends SpatialRank, I extends number, O extends number> extends Layer<
  ConvShape<R, I, O>
> {
  readonly weight: Parameter
  readonly bias: Parameter | undefined
  readonly #settings: Settings
  readonly #outputPadding: readonly number[]

  protected constructor(rank: R, [inputs, outputs]: readonly [I, O], kernel: PerAxis, options: ConvTransposeOptions) {
    super()
    this.#settings = settingsOf(rank, kernel, options)
    this.#outputPadding = perAxis(options.outputPadding ?? 0, rank)
    const { groups, kernel: sizes } = this.#settings
    if (inputs % groups !== 0 || outputs % groups !== 0) {
      throw new UsageError(`${inputs} and ${outputs} channels cannot form ${groups} groups.`)
    }
    const shape = [inputs, outputs / groups, ...sizes]
    const bound = 1 / Math.sqrt(shape.slice(1).reduce((product, size) => product * size, 1))
    this.weight = new Parameter(uniform(shape, bound))
    this.bias = options.bias === false ? undefined : new Parameter(uniform([outputs], bound))
  }

  run(x: AnyTensor): AnyTensor {
    const inputs = [x.value, this.weight.tensor.value, this.bias?.tensor.value]
    const more = attribute.ints('output_padding', this.#outputPadding)
    return wrap(record('ConvTranspose', inputs, ...attributesOf(this.#settings), more))
  }
}

/** As torch.nn.ConvTranspose1d. */
export class ConvTranspose1d<I extends number, O extends number> extends ConvTranspose<1, I, O> {
  constructor(inputs: I, outputs: O, kernel: PerAxis, options: ConvTransposeOptions = {}) {
    super(1, [inputs, outputs], kernel, options)
  }
}
/** As torch.nn.ConvTranspose2d. */
export class ConvTranspose2d<I extends number, O extends number> extends ConvTranspose<2, I, O> {
  constructor(inputs: I, outputs: O, kernel: PerAxis, options: ConvTransposeOptions = {}) {
    super(2, [inputs, outputs], kernel, options)
  }
}
/** As torch.nn.ConvTranspose3d. */
export class ConvTranspose3d<I extends number, O extends number> extends ConvTranspose<3, I, O> {
  constructor(inputs: I, outputs: O, kernel: PerAxis, options: ConvTransposeOptions = {}) {
    super(3, [inputs, outputs], kernel, options)
  }
}
