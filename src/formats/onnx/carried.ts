import type { Bytes, ByteSource } from '../../core/bytes'
import type { DType } from '../../core/dtypes'
import type { Carried, Graph, TensorData, ValueInfo } from '../../graph/model'

/** Bytes of a file, copied when they are few, else left where they are. */
export type Raw = Bytes | Range

export interface Range {
  readonly source: ByteSource
  readonly offset: number
  readonly length: number
}

/** `raw` is how the file spells what we would spell `canonical`; as long as we still would, `raw` is written. */
export interface Verbatim {
  readonly raw: Bytes
  readonly canonical: Bytes
}

/**
 * What the file said beyond the Model, per message. Everything here stays true when other parts of the message are
 * edited, so edits may keep it.
 */
export interface OnnxCarried extends Carried {
  readonly format: 'onnx'
  /** Fields that the file spells out although they hold their default; absent: as our writer does anyway. */
  readonly explicit?: readonly number[]
  /** Whole fields (tag, length, content) that we do not model, in order. */
  readonly unknown?: readonly Raw[]
  /** Unusual spellings, by field number. */
  readonly verbatim?: ReadonlyMap<number, Verbatim>
  readonly tensor?: CarriedTensor
  readonly training?: readonly CarriedTraining[]
  /** Further entries of `valueInfo` under a name that is already there. */
  readonly repeatedInfo?: readonly ValueInfo[]
  /** Model: whether the graph's tensors stand in other files. */
  readonly isExternal?: boolean
  /** Type of kind 'other': the TypeProto. */
  readonly typeProto?: Bytes
}

/** How a tensor's elements are stored; true as long as its `data` and `dtype` are these. */
export interface CarriedTensor {
  readonly data: TensorData
  readonly dtype: DType
  /** Whole fields with the elements; absent for external data. */
  readonly payload?: readonly Raw[]
}

export interface CarriedTraining {
  readonly initialization?: Graph
  readonly algorithm?: Graph
  readonly unknown: readonly Raw[]
}

export function onnxCarried(part: { readonly carried?: Carried }): OnnxCarried | undefined {
  return part.carried?.format === 'onnx' ? (part.carried as OnnxCarried) : undefined
}

/**
 * Makes `carried` from what a reader saw; undefined when nothing is unusual.
 * @param usual fields that our writer spells out even when they hold their default
 */
export function carry(parts: Omit<OnnxCarried, 'format'>, usual: readonly number[] = NONE): OnnxCarried | undefined {
  const { explicit, unknown, verbatim, repeatedInfo, training, tensor, isExternal } = parts
  const isUnusual = explicit !== undefined && !sameFields(explicit, usual)
  const hasMore = unknown?.length || verbatim?.size || repeatedInfo?.length || training?.length || tensor || isExternal
  if (!isUnusual && !hasMore) return undefined
  return { format: 'onnx', ...parts, explicit: isUnusual ? explicit : undefined }
}

const NONE: readonly number[] = []

function sameFields(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((field) => b.includes(field))
}

export function mergeSpellings(
  a: Map<number, Verbatim> | undefined,
  b: Map<number, Verbatim> | undefined,
): Map<number, Verbatim> | undefined {
  return a && b ? new Map([...a, ...b]) : (a ?? b)
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
