import type { Backend } from '../backends/backend'
import type { DType } from '../core/dtypes'
import type { OptionSchema, OptionsOf } from '../core/options'
import type { Note, OnProgress } from '../core/progress'
import type { Tensor } from '../core/tensor'
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
  readonly source?: string
}

export interface MethodContext {
  readonly backend: Backend
  readonly signal: AbortSignal
  readonly seed: number
  /** Runs a small model in onnxruntime (constant folding). @throws RuntimeFailure */
  run(model: Model, feeds: ReadonlyMap<string, Tensor>): Promise<Map<string, Tensor>>
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

export interface MethodResult {
  readonly model: Model
  readonly tensors: readonly TensorChange[]
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
