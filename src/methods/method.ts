import type { Backend } from '../backends/backend'
import type { Bytes } from '../core/bytes'
import type { DType } from '../core/dtypes'
import type { OptionSchema, OptionsOf } from '../core/options'
import type { Note, OnProgress } from '../core/progress'
import type { Tensor } from '../core/tensor'
import type { CalibrationSource, StoredRanges } from '../engine/observers/calibration-source'
import type { LazyTensor, Model } from '../graph/model'

/** What the registry, forms and flags know of a method; data only. */
export interface MethodMeta<S extends OptionSchema = OptionSchema> {
  readonly id: string
  readonly label: string
  /** One sentence for someone who has never heard of it. */
  readonly help: string
  readonly options: S
  /** Operators whose weights or nodes it changes. */
  readonly appliesTo: readonly string[]
  /** Whether outputs stay the same bit for bit with default options. */
  readonly isLossless: boolean
  /** Whether it takes ranges from calibration data. */
  readonly isCalibrated?: boolean
  readonly source?: string
}

export interface MethodContext {
  readonly backend: Backend
  readonly signal: AbortSignal
  readonly seed: number
  /** Runs a small model in onnxruntime (constant folding). @throws RuntimeFailure */
  run(model: Model, feeds: ReadonlyMap<string, Tensor>): Promise<Map<string, Tensor>>
  /** Ranges of inner values; absent where there is no data to calibrate on and the recipe stored none. */
  readonly calibration?: CalibrationSource
  note(note: Note): void
  progress: OnProgress
}

/** One line of the report's tensor table. */
export interface TensorChange {
  readonly name: string
  /** dtype, with '/removed' or '/shared' where the tensor went away. */
  readonly from: DType
  readonly to: string
  readonly sizeBeforeBytes: number
  readonly sizeAfterBytes: number
  /** Signal to quantization noise of the weights; null where exact. */
  readonly sqnrDb: number | null
}

/** An inner value that the result holds as integers. */
export interface QuantizedValue {
  readonly name: string
  /** e.g. 'uint8'. */
  readonly to: string
  /** Chosen range, after it was widened to hold 0. */
  readonly min: number
  readonly max: number
  readonly scale: number
  readonly zeroPoint: number
  /** Share of the calibration values outside of the range, where it is known. */
  readonly clipped?: number
  /** The layer that computes it: its node's name. */
  readonly layer?: string
}

/** A node that a method treats as one: what people keep in float, and what sensitivity is measured of. */
export interface Layer {
  /** Name of the node, or of its first output where it has none. */
  readonly name: string
  readonly opType: string
  /** e.g. 'int8', 'float'. */
  readonly to: string
  readonly sizeBeforeBytes: number
  readonly sizeAfterBytes: number
  /** Why it stayed, in plain words. */
  readonly why?: string
}

/** A file that belongs beside the model, e.g. a calibration cache. */
export interface ExtraFile {
  /** Put behind the model's name without extension, e.g. '.calib.cache'. */
  readonly suffix: string
  readonly bytes: Bytes
}

export interface MethodResult {
  readonly model: Model
  readonly tensors: readonly TensorChange[]
  readonly values?: readonly QuantizedValue[]
  readonly layers?: readonly Layer[]
  /** What the step of the recipe keeps, so that it replays without the data. */
  readonly ranges?: StoredRanges
  readonly extras?: readonly ExtraFile[]
}

/** What a method would do to a tensor, told without reading weights. */
export interface Decision {
  readonly tensor: string
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly action: 'shrink' | 'keep'
  readonly sizeBeforeBytes: number
  readonly sizeAfterBytes: number
  /** Plain words, e.g. 'weights of 3 Conv nodes' or 'kept: below 1024 bytes'. */
  readonly why: string
}

export interface Method<S extends OptionSchema = OptionSchema> {
  readonly meta: MethodMeta<S>
  /** Maps a model to a new one; the given model stays as it was. */
  run(context: MethodContext, model: Model, options: OptionsOf<S>): Promise<MethodResult>
  /** The decision for every tensor of the model. */
  predict(model: Model, options: OptionsOf<S>): Decision[]
}

/** The decision that a method's plan for one stored tensor comes to. */
export function decisionOf(
  plan: Omit<Decision, 'tensor' | 'dtype' | 'shape'> & { readonly stored: { readonly tensor: LazyTensor } },
): Decision {
  const { action, sizeBeforeBytes, sizeAfterBytes, why } = plan
  const { name, dtype, shape } = plan.stored.tensor
  return { tensor: name, dtype, shape, action, sizeBeforeBytes, sizeAfterBytes, why }
}
