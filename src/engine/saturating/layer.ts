/** Layers whose products x86 processors without VNNI add up in pairs of 16 bits. */
import type { AutoPad } from '../../ops/spatial'

/** How the rows of activations lie in the input. */
export type Geometry =
  | {
      readonly kind: 'conv'
      readonly kernel: readonly number[]
      readonly strides: readonly number[] | undefined
      readonly dilations: readonly number[] | undefined
      readonly pads: readonly number[] | undefined
      readonly autoPad: AutoPad
      readonly group: number
    }
  | { readonly kind: 'matmul' }

/** What becomes of the sums, in float32 as onnxruntime computes it. */
export type Outcome =
  | { readonly kind: 'int32' }
  /** sum · (activation scale · weight scale) + bias; a missing activation scale is the node's input 2. */
  | {
      readonly kind: 'float32'
      readonly activationScale?: number
      readonly weightScale: Float32Array
      readonly bias?: Float32Array
    }
  /** round(sum · multiplier) + zero point, ties to even; `multiplier` has one entry per output. */
  | {
      readonly kind: 'uint8' | 'int8'
      readonly multiplier: Float32Array
      readonly zeroPoint: number
    }

/** A Conv, MatMul or Gemm on 8-bit integers with constant weights. */
export interface IntegerLayer {
  /** Name of the node in the file, or of its first output. */
  readonly name: string
  readonly geometry: Geometry
  readonly outputs: number
  /**
   * [outputs, depth], in the order in which onnxruntime adds up: of a convolution kernel place by place, all channels of
   * the group at each (kh · kw · C).
   */
  readonly weights: Int16Array
  /** [outputs] */
  readonly weightZero: Int16Array
  /** [outputs], added to the sums. */
  readonly bias?: Int32Array
  /** Of the activations; absent: the node's input 1 (0 where it has none). */
  readonly zeroPoint?: number
  /** Whether sums stay exact, as onnxruntime's kernels for these types keep them. */
  readonly isExact: boolean
  readonly outcome: Outcome
}

/** Counted over all runs of a session. */
export interface PairCount {
  readonly node: string
  readonly pairs: number
  readonly saturated: number
}
