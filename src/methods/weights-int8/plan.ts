import { elementCount, storageBytes } from '../../core/dtypes'
import type { OptionsOf } from '../../core/options'
import { namePatterns } from '../../core/name-patterns'
import { describeModel } from '../../graph/facts'
import type { GraphEditor } from '../../graph/edit'
import { isReadableFloat } from '../../graph/float-data'
import type { Body, FunctionDef } from '../../graph/model'
import { preferredAxis, storedTensors, type StoredTensor, type WeightRole } from '../../graph/weights'
import type { meta } from './meta'
import { layoutOf } from '../../backends/segments'

export type Options = OptionsOf<typeof meta.options>

/** What is to happen with one constant of the model. */
export interface Plan {
  readonly stored: StoredTensor
  readonly action: 'shrink' | 'keep'
  /** Axis with a scale of its own per index; null = one scale. */
  readonly axis: number | null
  readonly sizeBeforeBytes: number
  readonly sizeAfterBytes: number
  readonly why: string
  /** A weight that the user might expect to shrink; what else stays is summed up in one note. */
  readonly isWeight: boolean
}

/** Decides for every constant from names, shapes and readers alone. */
export function planTensors(editor: GraphEditor, options: Options): Plan[] {
  const untouched = describeModel(editor.model).isQuantized ? 'the model is already quantized' : undefined
  const isIncluded = options.include.trim() === '' ? () => true : namePatterns(options.include)
  const isExcluded = namePatterns(options.exclude)
  return [...storedTensors(editor)].map((stored) => {
    const { tensor, roles } = stored
    const before = storageBytes(tensor.dtype, elementCount(tensor.shape)) ?? tensor.data.sizeBytes
    const axis =
      options.granularity === 'per-channel' ? usefulAxis(tensor.shape, preferredAxis(roles, tensor.shape)) : null
    const { channels } = layoutOf(tensor.shape, axis)
    const after = elementCount(tensor.shape) + channels * (options.scheme === 'symmetric' ? 4 : 5)
    const keep = (why: string): Plan => ({
      ...{ stored, action: 'keep', axis, sizeBeforeBytes: before, sizeAfterBytes: before },
      ...{ why: `kept: ${why}`, isWeight: roles.length > 0 && isReadableFloat(tensor.dtype) },
    })
    if (!isReadableFloat(tensor.dtype)) return keep(`${tensor.dtype} is left alone`)
    if (untouched) return keep(untouched)
    if (roles.length === 0) return keep(`read by ${stored.otherReaders.join(', ') || 'nothing'}, not as a weight`)
    if (stored.isBodyOutput) return keep('it is an output of its graph')
    if (!isIncluded(tensor.name)) return keep('not among the tensors to include')
    if (isExcluded(tensor.name)) return keep('excluded by name')
    if (before < options.minBytes) return keep(`below ${options.minBytes} bytes`)
    if (after + nodeBytes(stored, axis) >= before) return keep('scales and node would take more than is gained')
    const why = `weights of ${countByOperator(roles)}`
    return { stored, action: 'shrink', axis, sizeBeforeBytes: before, sizeAfterBytes: after, why, isWeight: true }
  })
}

/** An axis of one index needs no axis: a single scale says the same to older runtimes too. */
function usefulAxis(shape: readonly number[], axis: number | null): number | null {
  return axis !== null && (shape[axis] ?? 1) > 1 ? axis : null
}

/** Bytes in the file for the added node, the second tensor's header and the derived names, about. */
function nodeBytes(stored: StoredTensor, axis: number | null): number {
  const fixed = axis === null ? 72 : 88
  return fixed + 5 * stored.tensor.name.length
}

function countByOperator(roles: readonly WeightRole[]): string {
  const counts = new Map<string, Set<unknown>>()
  for (const { opType, node } of roles) counts.set(opType, (counts.get(opType) ?? new Set()).add(node))
  return [...counts].map(([opType, { size }]) => `${size} ${opType} node${size > 1 ? 's' : ''}`).join(' and ')
}

/** Version of ai.onnx that holds in a body: functions import their own. */
export function opsetOf(editor: GraphEditor, body: Body): number {
  let top = body
  for (let parent = editor.parentOf(top); parent; parent = editor.parentOf(top)) top = parent
  const opsets = top.kind === 'function' ? (top satisfies FunctionDef).opsets : editor.model.opsets
  return opsets.get('') ?? opsets.get('ai.onnx') ?? editor.model.opsets.get('') ?? 1
}
