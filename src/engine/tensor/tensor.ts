import type { KnownDType } from '../../core/dtypes'
import type { HostArray } from '../../core/host-array'
import type { Index } from './indexing'
import type {
  Broadcast,
  Fitting,
  Guard,
  MatMul,
  Permute,
  Replaced,
  Shape,
  Size,
  Transposed,
  Without,
} from './shape-types'
import type { Value } from './value'

/** A tensor of any shape and element type, as functions take it. */
export type AnyTensor = Tensor<Shape, KnownDType>
export type Numbers = number | readonly Numbers[]

export interface ReduceOptions {
  /** The axis stays, with size 1. */
  readonly keepDims?: boolean
}
export interface SpreadOptions extends ReduceOptions {
  /** Sums are divided by the count of elements minus this; 1, as PyTorch. */
  readonly correction?: number
}

/** Over all axes, over one, or over several. Axes may count from the end. */
interface Reduce<S extends Shape, D extends KnownDType, O extends ReduceOptions = ReduceOptions> {
  (axis?: undefined, options?: O & { readonly keepDims?: false }): Tensor<[], D>
  <const A extends number>(axis: A, options: O & { readonly keepDims: true }): Tensor<Replaced<S, A, 1>, D>
  <const A extends number>(axis: A, options?: O & { readonly keepDims?: false }): Tensor<Without<S, A>, D>
  (axes: number | readonly number[] | undefined, options?: O): Tensor<Shape, D>
}

/** With a number, or with a tensor by NumPy's rule of broadcasting. */
interface Combine<S extends Shape, D extends KnownDType, R extends KnownDType = D> {
  (other: number): Tensor<S, R>
  <B extends Shape>(other: Tensor<B, D> & Guard<Broadcast<S, B>>): Tensor<Fitting<Broadcast<S, B>>, R>
}

export interface Elementwise<S extends Shape, D extends KnownDType> {
  readonly add: Combine<S, D>
  readonly sub: Combine<S, D>
  readonly mul: Combine<S, D>
  readonly div: Combine<S, D>
  readonly pow: Combine<S, D>
  readonly minimum: Combine<S, D>
  readonly maximum: Combine<S, D>
  readonly equal: Combine<S, D, 'bool'>
  readonly notEqual: Combine<S, D, 'bool'>
  readonly less: Combine<S, D, 'bool'>
  readonly lessOrEqual: Combine<S, D, 'bool'>
  readonly greater: Combine<S, D, 'bool'>
  readonly greaterOrEqual: Combine<S, D, 'bool'>
  readonly and: Combine<S, D>
  readonly or: Combine<S, D>
  not(): Tensor<S, D>
  neg(): Tensor<S, D>
  abs(): Tensor<S, D>
  sign(): Tensor<S, D>
  square(): Tensor<S, D>
  sqrt(): Tensor<S, D>
  exp(): Tensor<S, D>
  log(): Tensor<S, D>
  sin(): Tensor<S, D>
  cos(): Tensor<S, D>
  floor(): Tensor<S, D>
  ceil(): Tensor<S, D>
  /** Halves to even. */
  round(): Tensor<S, D>
  erf(): Tensor<S, D>
  tanh(): Tensor<S, D>
  sigmoid(): Tensor<S, D>
  relu(): Tensor<S, D>
  /** x·Φ(x); with 'tanh' its approximation (Hendrycks & Gimpel, arXiv:1606.08415v5, §2). */
  gelu(approximation?: 'none' | 'tanh'): Tensor<S, D>
  /** x·σ(x) */
  silu(): Tensor<S, D>
  softplus(): Tensor<S, D>
  leakyRelu(slope?: number): Tensor<S, D>
  elu(alpha?: number): Tensor<S, D>
  clamp(low: number, high: number): Tensor<S, D>
  softmax(axis?: number): Tensor<S, D>
  logSoftmax(axis?: number): Tensor<S, D>
  cumSum(axis: number): Tensor<S, D>
  isNaN(): Tensor<S, 'bool'>
  /** Another element type; floats become integers by cutting, anything but 0 is true. */
  to<E extends KnownDType>(dtype: E): Tensor<S, E>
  /** This where `condition` holds, else `other`. */
  where(condition: Tensor<Shape, 'bool'>, other: number | Tensor<Shape, D>): Tensor<Shape, D>
}

export interface Reductions<S extends Shape, D extends KnownDType> {
  readonly sum: Reduce<S, D>
  readonly mean: Reduce<S, D>
  readonly max: Reduce<S, D>
  readonly min: Reduce<S, D>
  readonly prod: Reduce<S, D>
  readonly logSumExp: Reduce<S, D>
  /** √Σx² */
  readonly norm: Reduce<S, D>
  readonly variance: Reduce<S, D, SpreadOptions>
  readonly deviation: Reduce<S, D, SpreadOptions>
  argMax<const A extends number>(axis: A): Tensor<Without<S, A>, 'int64'>
  argMin<const A extends number>(axis: A): Tensor<Without<S, A>, 'int64'>
  /** The largest `count` along the last axis, largest first, and where they stand. */
  topK(count: number): readonly [Tensor<Shape, D>, Tensor<Shape, 'int64'>]
}

export interface Movement<S extends Shape, D extends KnownDType> {
  /** The last two axes exchanged. */
  readonly T: Tensor<Transposed<S>, D>
  /** The same elements under another shape; one size may be −1. */
  reshape<const R extends readonly Size[]>(
    ...shape: R
  ): Tensor<{ -readonly [I in keyof R]: R[I] extends -1 ? number : R[I] }, D>
  /** Axes from `first` to `last` become one; default: all but the batch. */
  flatten(first?: number, last?: number): Tensor<Shape, D>
  permute<const O extends readonly number[]>(...order: O): Tensor<Permute<S, O>, D>
  transpose(a: number, b: number): Tensor<Shape, D>
  squeeze<const A extends number>(axis: A): Tensor<Without<S, A>, D>
  unsqueeze(axis: number): Tensor<Shape, D>
  /** Axes of size 1 are repeated. */
  expand<const R extends readonly number[]>(...shape: R): Tensor<{ -readonly [I in keyof R]: R[I] }, D>
  /** Copies side by side, so many along each axis. */
  tile(...times: readonly number[]): Tensor<Shape, D>
  flip(axis: number): Tensor<S, D>
  /** Zeros, or `value`, around: [before, after] for each of the last axes. */
  pad(widths: readonly (readonly [number, number])[], value?: number): Tensor<Shape, D>
  /** Pieces of these sizes along an axis. */
  split(sizes: readonly number[], axis?: number): readonly Tensor<Shape, D>[]
  /** Above the diagonal zeros; `diagonal` moves it up. */
  tril(diagonal?: number): Tensor<S, D>
  triu(diagonal?: number): Tensor<S, D>
  /** Elements by index, range, list or mask; axis by axis. As NumPy's x[…]. */
  at(...index: readonly Index[]): Tensor<Shape, D>
  /** Whole slices along an axis. */
  indexSelect(axis: number, indices: Tensor<Shape, 'int64'>): Tensor<Shape, D>
  /** One element per index along an axis. As torch.gather. */
  gather<B extends Shape>(axis: number, indices: Tensor<B, 'int64'>): Tensor<B, D>
  /** Copies of this in which elements along an axis are others, or have others added. As torch.scatter. */
  scatter(
    axis: number,
    indices: Tensor<Shape, 'int64'>,
    updates: Tensor<Shape, D>,
    reduction?: 'none' | 'add',
  ): Tensor<S, D>
  /** Element (i, j, …) is number offset + i·strides[0] + j·strides[1] + … of the row-major elements. As torch.as_strided. */
  asStrided<const R extends readonly number[]>(
    shape: R,
    strides: readonly number[],
    offset?: number,
  ): Tensor<{ -readonly [I in keyof R]: R[I] }, D>
}

/**
 * An array of numbers that does not exist yet: operations are recorded, and computed together when somebody asks for
 * numbers (`data`, `item`, `toList`, `compute`). Shape S, element type D. Literal sizes are checked by the compiler, others
 * when an operation is recorded (`ShapeError`). Tensors never change.
 */
// @ts-expect-error a tensor is only read, so one of a narrower shape may stand for it; its methods judge by the shape they know
export interface Tensor<out S extends Shape = Shape, out D extends KnownDType = 'float32'>
  extends Elementwise<S, D>, Reductions<S, D>, Movement<S, D> {
  readonly shape: S
  readonly dtype: D
  readonly rank: number
  /** Elements; NaN while a size is a symbol. */
  readonly size: number
  /** Elements from one index to the next, of the row-major form that `data` gives. */
  readonly strides: readonly number[]
  readonly requiresGrad: boolean
  /** What `backward` found so far, for tensors that were made with `requiresGrad`. */
  grad: Tensor<S, D> | undefined

  /** [B…, M, K] · [B…, K, N]. As NumPy's matmul. */
  matmul<B extends Shape>(other: Tensor<B, D> & Guard<MatMul<S, B>>): Tensor<Fitting<MatMul<S, B>>, D>

  /**
   * Adds the gradient of this scalar to `grad` of every tensor made with `requiresGrad` that it depends on.
   * @throws ShapeError where it is no scalar, or depends on none
   */
  backward(options?: { readonly createGraph?: boolean }): void
  /** The same numbers without history. */
  detach(): Tensor<S, D>

  /** Computes it. Row-major; the caller only reads. */
  data(): Promise<HostArray>
  /** The only element. @throws ShapeError where there are several */
  item(): Promise<number>
  /** Numbers in nested lists. */
  toList(): Promise<Numbers>
  /** What was recorded, for what is built on tensors. */
  readonly value: Value
}
