/** What layers do to shapes, as types. Letters: B batch, C channels, H … spatial sizes. */
import type {
  ApplyAll,
  IsOpenRank,
  IsSame,
  Shape,
  ShapeFunction,
  ShapeMismatch,
  Show,
  Size,
} from '../tensor/shape-types'

type IsOpen<X> = X extends Shape ? IsOpenRank<X> : true
type ShowAny<X> = X extends Shape ? Show<X> : '…'

/** [B…, I] → [B…, O] */
export interface LinearShape<I extends Size, O extends Size> extends ShapeFunction {
  readonly takes: readonly [...Size[], I]
  readonly output: LastAxis<this['input'], I, O>
}
type LastAxis<X, I extends Size, O extends Size> = X extends readonly [...infer B extends Shape, infer L extends Size]
  ? IsSame<L, I> extends true
    ? [...B, O]
    : ShapeMismatch<`the layer takes ${I} features, and the input has ${L}`>
  : IsOpen<X> extends true
    ? [...Size[], O]
    : ShapeMismatch<`the layer takes ${I} features, and the input is a scalar`>

/** Any shape stays. */
export interface SameShape extends ShapeFunction {
  readonly takes: Shape
  readonly output: this['input']
}

/** [B, C, …] stays, with C channels. */
export interface ChannelShape<C extends Size> extends ShapeFunction {
  readonly takes: readonly [Size, C, ...Size[]]
  readonly output: this['input'] extends readonly [Size, infer D extends Size, ...Shape]
    ? IsSame<D, C> extends true
      ? this['input']
      : ShapeMismatch<`the layer takes ${C} channels, and the input has ${D}`>
    : this['input']
}

/** [B…, C] stays. */
export interface FeatureShape<C extends Size> extends ShapeFunction {
  readonly takes: readonly [...Size[], C]
  readonly output: LastAxis<this['input'], C, C>
}

export type SpatialRank = 1 | 2 | 3
type Spatial<R extends SpatialRank, A extends Size = number> = R extends 1 ? [A] : R extends 2 ? [A, A] : [A, A, A]

/** [B, I, …spatial] → [B, O, …other sizes]. Keeps: whether sizes stay. */
export interface ConvShape<
  R extends SpatialRank,
  I extends Size,
  O extends Size,
  Keeps extends boolean = false,
> extends ShapeFunction {
  readonly takes: readonly [Size, I, ...Spatial<R, Size>]
  readonly output: Convolved<this['input'], R, { from: I; to: O; keeps: Keeps }>
}
interface ConvSizes {
  from: Size
  to: Size
  keeps: boolean
}
type Convolved<X, R extends SpatialRank, Z extends ConvSizes> =
  IsOpen<X> extends true
    ? [Size, Z['to'], ...Spatial<R>]
    : X extends readonly [infer B extends Size, infer C extends Size, ...infer S extends Spatial<R, Size>]
      ? IsSame<C, Z['from']> extends true
        ? [B, Z['to'], ...(Z['keeps'] extends true ? S : Spatial<R>)]
        : ShapeMismatch<`the layer takes ${Z['from']} channels, and the input has ${C}`>
      : ShapeMismatch<`the layer takes [batch, channels] and ${R} spatial sizes, and the input is ${ShowAny<X>}`>

/** [B, C, …spatial] → [B, C, …To] */
export interface PoolShape<R extends SpatialRank, To extends Shape = Spatial<R>> extends ShapeFunction {
  readonly takes: readonly [Size, Size, ...Spatial<R, Size>]
  readonly output: Pooled<this['input'], R, To>
}
type Pooled<X, R extends SpatialRank, To extends Shape> =
  IsOpen<X> extends true
    ? [Size, Size, ...To]
    : X extends readonly [infer B extends Size, infer C extends Size, ...Spatial<R, Size>]
      ? [B, C, ...To]
      : ShapeMismatch<`the layer takes [batch, channels] and ${R} spatial sizes, and the input is ${ShowAny<X>}`>
export type AllSpatial<R extends SpatialRank, A extends number> = Spatial<R, A>

/** [B, …] → [B, everything else] */
export interface FlatShape extends ShapeFunction {
  readonly takes: Shape
  readonly output: this['input'] extends readonly [infer B extends Size, infer C extends Size]
    ? [B, C]
    : this['input'] extends readonly [infer B extends Size, infer C extends Size, 1, 1]
      ? [B, C]
      : this['input'] extends readonly [infer B extends Size, ...Shape]
        ? [B, number]
        : [Size, number]
}

/** [B…] of class numbers → [B…, E] */
export interface EmbeddingShape<E extends Size> extends ShapeFunction {
  readonly takes: Shape
  readonly output: this['input'] extends Shape ? [...this['input'], E] : Shape
}

/** One layer after the other. */
export interface ChainShape<Fs extends readonly ShapeFunction[]> extends ShapeFunction {
  readonly takes: Fs extends readonly [infer F extends ShapeFunction, ...(readonly ShapeFunction[])]
    ? F['takes']
    : Shape
  readonly output: ApplyAll<Fs, this['input']>
}
