import type { OptionsOf } from '../../core/options'
import type { GraphEditor, Value } from '../../graph/edit'
import type { Body, LazyTensor, Node } from '../../graph/model'
import type { MethodContext, TensorChange } from '../method'
import type { meta } from './meta'

export type TidyOptions = OptionsOf<typeof meta.options>

/** What every rewrite gets. */
export interface Tidy {
  readonly editor: GraphEditor
  readonly context: Pick<MethodContext, 'run' | 'signal' | 'note' | 'progress'>
  readonly options: TidyOptions
  /** Rows for the report, one for each tensor that went away, is shared or became narrower. */
  readonly changes: Map<string, TensorChange>
  /** How often something happened, for the notes, e.g. 'Identity nodes removed'. */
  readonly counts: Map<string, number>
  /** Results remembered between rounds: contents of tensors that were compared or found incompressible. */
  readonly seen: WeakMap<object, Set<string>>
}

/** Changes the graph through the editor and returns the number of changes. */
export type Rewrite = (tidy: Tidy) => number | Promise<number>

export function count(tidy: Tidy, what: string, howMany = 1): void {
  if (howMany > 0) tidy.counts.set(what, (tidy.counts.get(what) ?? 0) + howMany)
}

/** Scalars are counted in the notes; as rows of a table they would hide the tensors that matter. */
const SMALLEST_ROW_BYTES = 9

export function recordChange(tidy: Tidy, tensor: LazyTensor, to: string, sizeAfterBytes: number): void {
  if (tensor.data.sizeBytes < SMALLEST_ROW_BYTES) return
  // A tensor that changes twice (shared, then narrow) keeps what it was at first.
  const first = tidy.changes.get(tensor.name)
  tidy.changes.set(tensor.name, {
    name: tensor.name,
    from: first?.from ?? tensor.dtype,
    to,
    sizeBeforeBytes: first?.sizeBeforeBytes ?? tensor.data.sizeBytes,
    sizeAfterBytes,
    sqnrDb: null,
  })
}

/** Whether `check` failed for this tensor before: contents never change, so neither does the answer. */
export function isRejected(tidy: Tidy, tensor: LazyTensor, check: string): boolean {
  return tidy.seen.get(tensor.data)?.has(check) ?? false
}

export function reject(tidy: Tidy, tensor: LazyTensor, check: string): void {
  const known = tidy.seen.get(tensor.data)
  if (known) known.add(check)
  else tidy.seen.set(tensor.data, new Set([check]))
}

/** The standard operators' version that holds in a body. */
export function opsetOf(editor: GraphEditor, body: Body): number {
  let root = body
  for (let parent = editor.parentOf(root); parent; parent = editor.parentOf(root)) root = parent
  return (root.kind === 'function' ? root.opsets.get('') : undefined) ?? editor.model.opsets.get('') ?? 1
}

export function isStandard(node: Node, opType: string): boolean {
  return node.opType === opType && (node.domain === '' || node.domain === 'ai.onnx')
}

export interface ConstantEntry {
  readonly value: Value
  readonly tensor: LazyTensor
}

/** Every initializer and Constant node (with a tensor) of the model, in order of definition. */
export function* constants(editor: GraphEditor): Generator<ConstantEntry> {
  for (const { value } of editor.initializers()) {
    const tensor = editor.constant(value)
    if (tensor) yield { value, tensor }
  }
  for (const node of editor.nodes()) {
    if (node.opType !== 'Constant') continue
    const value = editor.output(node, 0)
    const tensor = editor.constant(value)
    if (value && tensor) yield { value, tensor: { ...tensor, name: value.name } }
  }
}

/** Removes an initializer or Constant node that nothing reads any more. */
export function dropConstant(editor: GraphEditor, value: Value): void {
  if (value.uses.size > 0) return
  if (value.producer) editor.removeNode(value.producer)
  else editor.removeInitializer(value)
}

/** Whether every reader of `from` may read `to` instead: sub-graphs may have a value of their own by that name. */
export function canReplace(editor: GraphEditor, from: Value, to: Value): boolean {
  return [...from.uses].every((use) => use.kind === 'input' && editor.resolve(use.body, to.name) === to)
}

/** Whether a tensor's bytes can be compared and converted (no strings, no types of unknown width). */
export function hasPlainBytes(tensor: LazyTensor): boolean {
  return tensor.strings === undefined && tensor.dtype !== 'string' && tensor.data.sizeBytes > 0
}
