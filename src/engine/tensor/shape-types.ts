/**
 * Shapes as types: literal sizes are checked by the compiler, sizes that are only `number`, or symbols such as 'batch', are
 * open and checked when a tensor is made. Letters: B batch axes, M rows, K what is summed over, N columns.
 */

/** A size, a literal one or an open one, or a symbol. */
export type Size = number | string
export type Shape = readonly Size[]

/** What a shape rule gives where shapes do not fit; it stands in the compiler's message. */
export interface ShapeMismatch<Message extends string> {
  readonly mismatch: Message
}

/** Nothing where a result is a shape, else the mismatch: `argument: Tensor<B> & Guard<Result>`. */
export type Guard<Result> = Result extends ShapeMismatch<string> ? Result : unknown
/** A result as a shape. */
export type Fitting<Result> = Result extends Shape ? Result : never

type IsOpen<A> = A extends string ? true : number extends A ? true : false
export type IsSame<A extends Size, B extends Size> =
  IsOpen<A> extends true ? true : IsOpen<B> extends true ? true : A extends B ? true : false
/** Whether not even the rank is known, as of `number[]` or `[...number[], 30]`. */
export type IsOpenRank<S extends Shape> = number extends S['length'] ? true : false

/** '2 × 30' */
export type Show<S extends Shape> = S extends readonly [infer A extends Size]
  ? `${A}`
  : S extends readonly [infer A extends Size, ...infer Rest extends Shape]
    ? `${A} × ${Show<Rest>}`
    : '…'

type BroadcastSize<A extends Size, B extends Size> = A extends 1
  ? B
  : B extends 1
    ? A
    : IsOpen<A> extends true
      ? IsOpen<B> extends true
        ? A extends string
          ? A
          : B
        : B
      : IsSame<A, B> extends true
        ? A
        : ShapeMismatch<`sizes ${A} and ${B} do not broadcast`>

/** NumPy's rule: axes are compared from the last one on; a size of 1 is repeated. */
export type Broadcast<A extends Shape, B extends Shape> =
  IsOpenRank<A> extends true ? Shape : IsOpenRank<B> extends true ? Shape : BroadcastKnown<A, B>
type BroadcastKnown<A extends Shape, B extends Shape> = A extends readonly [
  ...infer Ah extends Shape,
  infer Al extends Size,
]
  ? B extends readonly [...infer Bh extends Shape, infer Bl extends Size]
    ? Append<BroadcastKnown<Ah, Bh>, BroadcastSize<Al, Bl>>
    : A
  : B
type Append<Head, Last> = Head extends Shape ? (Last extends Size ? [...Head, Last] : Last) : Head

/** [B…, M, K] · [B…, K, N] = [B…, M, N]; vectors stand for a row or a column that goes away. */
export type MatMul<A extends Shape, B extends Shape> = A extends readonly [infer K extends Size]
  ? VectorTimes<K, B>
  : A extends readonly [...infer Ab extends Shape, infer M extends Size, infer K extends Size]
    ? B extends readonly [infer L extends Size]
      ? Inner<K, L, [...Ab, M]>
      : B extends readonly [...infer Bb extends Shape, infer L extends Size, infer N extends Size]
        ? Inner<K, L, Broadcast<Ab, Bb> extends infer H extends Shape ? [...H, M, N] : Broadcast<Ab, Bb>>
        : Shape
    : Shape
type VectorTimes<K extends Size, B extends Shape> = B extends readonly [infer L extends Size]
  ? Inner<K, L, []>
  : B extends readonly [...infer Bb extends Shape, infer L extends Size, infer N extends Size]
    ? Inner<K, L, [...Bb, N]>
    : Shape
type Inner<K extends Size, L extends Size, Result> =
  IsSame<K, L> extends true ? Result : ShapeMismatch<`matmul: ${K} columns meet ${L} rows`>

/** The axes in another order: Permute<[2, 3, 4], [1, 0, 2]> = [3, 2, 4]. */
export type Permute<S extends Shape, Order extends readonly number[]> =
  IsOpenRank<S> extends true
    ? Shape
    : { -readonly [I in keyof Order]: Order[I] extends keyof S ? SizeAt<S, Order[I]> : Size }
type SizeAt<S extends Shape, I> = I extends keyof S ? (S[I] extends Size ? S[I] : Size) : Size

/** The last two axes exchanged. */
export type Transposed<S extends Shape> = S extends readonly [
  ...infer B extends Shape,
  infer M extends Size,
  infer N extends Size,
]
  ? [...B, N, M]
  : S

/** Without its axis `Axis`, which may count from the end. An axis that is only `number` may be any. */
export type Without<S extends Shape, Axis extends number> =
  IsOpenRank<S> extends true ? Shape : number extends Axis ? Shape : WithoutAt<S, PlaceOf<S, Axis>>
type WithoutAt<S extends Shape, Place extends string, Done extends Shape = []> = S extends readonly [
  infer A extends Size,
  ...infer Rest extends Shape,
]
  ? `${Done['length']}` extends Place
    ? [...Done, ...Rest]
    : WithoutAt<Rest, Place, [...Done, A]>
  : Shape

/** Axis `Axis` becomes `To`. */
export type Replaced<S extends Shape, Axis extends number, To extends Size> =
  IsOpenRank<S> extends true
    ? Shape
    : number extends Axis
      ? { -readonly [I in keyof S]: Size }
      : { -readonly [I in keyof S]: I extends PlaceOf<S, Axis> ? To : S[I] }

/** An axis as the key that it has in a tuple: PlaceOf<[4, 5, 6], -1> = '2'. */
type PlaceOf<S extends Shape, Axis extends number> = `${Axis}` extends `-${infer FromEnd}`
  ? DropText<S, FromEnd>
  : `${Axis}`
/** The length of a shape without its last `Count` axes, as text. */
type DropText<S extends Shape, Count extends string, Dropped extends Shape = []> = `${Dropped['length']}` extends Count
  ? `${S['length']}`
  : S extends readonly [...infer Head extends Shape, Size]
    ? DropText<Head, Count, [...Dropped, 0]>
    : never

/** A function from shape to shape, as a type: a layer's. */
export interface ShapeFunction {
  /** `Apply` puts a shape here. */
  readonly input: unknown
  readonly output: unknown
  /** What it takes where nothing is known yet, e.g. [...number[], 30]. */
  readonly takes: Shape
}
export type Apply<F extends ShapeFunction, S extends Shape> = (F & { readonly input: S })['output']

/** One after the other; the first mismatch is the result. */
export type ApplyAll<Fs extends readonly ShapeFunction[], S> = S extends Shape
  ? Fs extends readonly [infer F extends ShapeFunction, ...infer Rest extends readonly ShapeFunction[]]
    ? ApplyAll<Rest, Apply<F, S>>
    : S
  : S
