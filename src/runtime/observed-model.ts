import { dtypeToOnnx, type DType } from '../core/dtypes'
import { ShapeError } from '../core/errors'
import { GraphEditor, type Value } from '../graph/edit'
import { attribute, cloneModel, type Model, type ValueInfo } from '../graph/model'

export type ValueTypes = ReadonlyMap<string, { readonly dtype: DType }>

export interface ModelWithOutputs {
  readonly model: Model
  /** Names of the outputs, by the names of the values. */
  readonly outputs: ReadonlyMap<string, string>
}

const HALVES = ['float16', 'bfloat16']

/**
 * A copy whose outputs are inner values, as float32 where they are half as wide; what they do not need is left out.
 * @param types of values that the file does not tell
 * @throws ShapeError for a value that the main graph does not have
 */
export function withOutputs(model: Model, values: readonly string[], types: ValueTypes = new Map()): ModelWithOutputs {
  const copy = cloneModel(model)
  const editor = new GraphEditor(copy)
  const outputs = new Map<string, string>()
  const infos: ValueInfo[] = []
  for (const name of new Set(values)) {
    const value = editor.resolve(copy.graph, name)
    if (!value) throw new ShapeError(`The model's main graph has no value ${name} to observe.`)
    const declared = editor.typeOf(value)
    const dtype = types.get(name)?.dtype ?? (declared?.kind === 'tensor' ? declared.dtype : undefined)
    const isHalf = dtype !== undefined && HALVES.includes(dtype)
    const output = outputOf(editor, value, isHalf)
    const shown = isHalf ? 'float32' : dtype
    outputs.set(name, output)
    infos.push({ name: output, ...(shown && { type: { kind: 'tensor', dtype: shown } }) })
  }
  copy.graph.outputs = infos
  copy.edits++
  dropUnread(copy)
  return { model: copy, outputs }
}

/** Inputs and weights cannot be outputs themselves in every runtime, and half floats are widened. */
function outputOf(editor: GraphEditor, value: Value, isHalf: boolean): string {
  if (value.producer && !isHalf) return value.name
  const node = editor.addNode(
    {
      opType: isHalf ? 'Cast' : 'Identity',
      inputs: [value],
      outputs: [`${value.name}_observed`],
      attributes: isHalf ? [attribute.int('to', dtypeToOnnx('float32'))] : [],
    },
    { endOf: editor.model.graph },
  )
  return node.outputs[0] as string
}

function dropUnread(model: Model): void {
  const editor = new GraphEditor(model)
  for (const node of [...editor.nodes(model.graph)].reverse()) {
    if (node.outputs.every((_, i) => !editor.output(node, i)?.uses.size)) editor.removeNode(node)
  }
}
