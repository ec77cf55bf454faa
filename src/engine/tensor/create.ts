/** Tensors from numbers. */
import type { KnownDType } from '../../core/dtypes'
import { ShapeError } from '../../core/errors'
import { emptyArray, hostArray, setValue, type HostArray } from '../../core/host-array'
import { Random } from '../../core/random'
import type { AnyTensor, Tensor } from './tensor'
import type { Shape, Size } from './shape-types'
import { wrap } from './tensor-object'
import { gradientsOf, type GradientOptions } from './autograd'
import { evaluate } from './evaluate'
import { given, placeholder, record, recordMany, withoutGradients, type Value } from './value'
import { attribute } from '../../graph/model'

type Nested = number | readonly Nested[]
type ShapeOf<T> = T extends readonly (infer E)[] ? [T['length'], ...ShapeOf<E>] : []
type Sizes<R extends readonly number[]> = { -readonly [I in keyof R]: R[I] }

export interface CreateOptions<D extends KnownDType = 'float32'> {
  readonly dtype?: D
  /** It collects gradients: see `backward`. */
  readonly requiresGrad?: boolean
}

/**
 * A tensor of numbers in nested lists. Its shape is known to the compiler where lists are literal.
 * @throws ShapeError for lists of different lengths
 */
export function tensor<const T extends Nested, D extends KnownDType = 'float32'>(
  numbers: T,
  options: CreateOptions<D> = {},
): Tensor<ShapeOf<T> extends infer R extends Shape ? R : Shape, D> {
  const shape: number[] = []
  for (let one: Nested | undefined = numbers; Array.isArray(one); one = (one as readonly Nested[])[0])
    shape.push(one.length)
  const flat: number[] = []
  const take = (one: Nested, axis: number): void => {
    if (typeof one === 'number' && axis === shape.length) flat.push(one)
    else if (typeof one !== 'number' && one.length === shape[axis]) for (const part of one) take(part, axis + 1)
    else throw new ShapeError(`Lists of one tensor must be of equal length; [${shape.join(', ')}] was begun.`)
  }
  take(numbers, 0)
  return fromArray(hostArray(options.dtype ?? 'float32', shape, flat), options) as never
}

/** An array of the engine as a tensor, which shares its memory. S and D are what the caller knows of it. */
export function fromArray<S extends Shape = Shape, D extends KnownDType = 'float32'>(
  array: HostArray,
  { requiresGrad = false }: Pick<CreateOptions, 'requiresGrad'> = {},
): Tensor<S, D> {
  return wrap(given(array, { requiresGrad }))
}

function filled<const R extends readonly number[], D extends KnownDType>(
  shape: R,
  options: CreateOptions<D>,
  at: (index: number) => number,
): Tensor<Sizes<R>, D> {
  const array = emptyArray(options.dtype ?? 'float32', shape)
  for (let i = 0; i < array.values.length; i++) setValue(array, i, at(i))
  return fromArray(array, options) as never
}

export function full<const R extends readonly number[], D extends KnownDType = 'float32'>(
  shape: R,
  value: number,
  options: CreateOptions<D> = {},
): Tensor<Sizes<R>, D> {
  return filled(shape, options, () => value)
}
export function zeros<const R extends readonly number[], D extends KnownDType = 'float32'>(
  shape: R,
  options: CreateOptions<D> = {},
): Tensor<Sizes<R>, D> {
  return full(shape, 0, options)
}
export function ones<const R extends readonly number[], D extends KnownDType = 'float32'>(
  shape: R,
  options: CreateOptions<D> = {},
): Tensor<Sizes<R>, D> {
  return full(shape, 1, options)
}
/** 0, 1, 2, … */
export function arange<const N extends number, D extends KnownDType = 'float32'>(
  count: N,
  options: CreateOptions<D> = {},
): Tensor<[N], D> {
  return filled([count], options, (i) => i)
}
/** `count` numbers from `from` to `to`, both included. */
export function linspace<const N extends number>(from: number, to: number, count: N): Tensor<[N]> {
  return filled([count], {}, (i) => from + ((to - from) * i) / Math.max(1, count - 1))
}
/** Ones on the diagonal. */
export function eye<const N extends number>(size: N): Tensor<[N, N]> {
  return filled([size, size], {}, (i) => (i % (size + 1) === 0 ? 1 : 0))
}

let random = new Random(0)
/** Where the random numbers of tensors, layers and dropout begin. Until it is called: 0. */
export function manualSeed(seed: number): void {
  random = new Random(seed)
}
export const currentRandom = (): Random => random

/** Uniform from 0 up to 1. The same seed gives the same numbers on every machine. */
export function rand<const R extends readonly number[]>(shape: R, options: CreateOptions = {}): Tensor<Sizes<R>> {
  return filled(shape, options, () => random.uniform())
}
/** Standard normal. */
export function randn<const R extends readonly number[]>(shape: R, options: CreateOptions = {}): Tensor<Sizes<R>> {
  return filled(shape, options, () => random.normal())
}
/** Whole numbers from 0 up to `limit`, which is left out. */
export function randint<const R extends readonly number[]>(limit: number, shape: R): Tensor<Sizes<R>, 'int64'> {
  return filled(shape, { dtype: 'int64' }, () => random.below(limit))
}
/** 0 … count − 1 in a random order. */
export function permutation(count: number): Tensor<[number], 'int64'> {
  const order = random.shuffle(Array.from({ length: count }, (_, i) => i))
  return filled([count], { dtype: 'int64' }, (i) => order[i] as number)
}

/** An input of a graph that is exported: it has a type, and no numbers. Open sizes are symbols. */
export function input<const R extends readonly Size[], D extends KnownDType = 'float32'>(
  name: string,
  shape: R,
  dtype?: D,
): Tensor<{ -readonly [I in keyof R]: R[I] }, D> {
  return wrap(placeholder(name, { dtype: dtype ?? 'float32', shape }))
}

const valuesOf = (tensors: readonly AnyTensor[]): Value[] => tensors.map(({ value }) => value)

/** One behind the other along an axis that they have. */
export function concat<D extends KnownDType>(tensors: readonly Tensor<Shape, D>[], axis = 0): Tensor<Shape, D> {
  return wrap(record('Concat', valuesOf(tensors), attribute.int('axis', axis)))
}
/** Side by side along a new axis. */
export function stack<D extends KnownDType>(tensors: readonly Tensor<Shape, D>[], axis = 0): Tensor<Shape, D> {
  return concat(
    tensors.map((one) => one.unsqueeze(axis)),
    axis,
  )
}
/** Sums of products by letters: einsum('bij,bjk->bik', a, b). As NumPy's. */
export function einsum<D extends KnownDType>(equation: string, ...tensors: Tensor<Shape, D>[]): Tensor<Shape, D> {
  return wrap(record('Einsum', valuesOf(tensors), attribute.string('equation', equation)))
}
/** Any operator of ONNX opset 25 by its name; its first `outputs` outputs. */
export function operator(
  opType: string,
  inputs: readonly (AnyTensor | undefined)[],
  options: Parameters<typeof recordMany>[2] = {},
): AnyTensor[] {
  const values = inputs.map((one) => one?.value)
  return recordMany(opType, values, options).map((value) => wrap(value))
}

/** What `work` records has no gradient. */
export const noGrad = withoutGradients

/**
 * Gradients of a scalar, as tensors; `grad` of none is touched. With `createGraph` they can be differentiated again.
 * @throws ShapeError, UnsupportedError as `backward`
 */
export function gradients<const T extends readonly AnyTensor[]>(
  of: AnyTensor,
  wrt: T,
  options: GradientOptions = {},
): { -readonly [I in keyof T]: T[I] } {
  return gradientsOf(of.value, valuesOf(wrt), options).map((value) => wrap(value)) as never
}

/** Computes several tensors in one run. */
export const compute = (...tensors: readonly AnyTensor[]): Promise<void> => evaluate(valuesOf(tensors))
