/** A model as onnxruntime computes it on x86 processors without VNNI. */
import type { PairSums } from '../../backends/pair-sums'
import { GraphEditor } from '../../graph/edit'
import { cloneModel, type Model, type Node } from '../../graph/model'
import type { Operator } from '../../ops/op'
import { coverageOf, type Coverage } from '../coverage'
import type { OwnOperators } from '../normalize'
import { openEngine, type EngineOptions, type EngineSession } from '../session'
import { LayerFinder, type FoundLayer } from './find'
import { findIntegerLayer } from './find-integer'
import type { PairCount } from './layer'
import { layerOperator } from './operator'

/** A copy of a model whose integer layers are simulated; everything else is computed by the engine. */
export interface SaturatingModel {
  readonly model: Model
  readonly operators: OwnOperators
  /** What was counted since it was made, layer by layer in the order of the graph. */
  counts(): readonly PairCount[]
}

/** @param model stays as it is */
export async function simulateSaturation(model: Model, sums: PairSums): Promise<SaturatingModel> {
  const copy = cloneModel(model)
  const editor = new GraphEditor(copy)
  const finder = new LayerFinder(editor)
  const operators = new Map<string, Operator>()
  const counts: (() => PairCount)[] = []
  for (const node of [...editor.nodes()]) {
    if (!editor.has(node)) continue
    const found = (await finder.find(node)) ?? (await findIntegerLayer(editor, node))
    if (!found) continue
    const type = `IntegerLayer${operators.size}`
    const { operator, count } = layerOperator(found.layer, sums, type)
    operators.set(type, operator)
    counts.push(count)
    replace(editor, found, type)
  }
  return { model: copy, operators, counts: () => counts.map((count) => count()) }
}

/** The last node of a pattern becomes the layer; what then nothing reads goes. */
function replace(editor: GraphEditor, { last, inputs }: FoundLayer, type: string): void {
  const before = last.inputs.map((_, index) => editor.input(last, index))
  for (const name of [...last.attributes.keys()]) editor.removeAttribute(last, name)
  editor.setOperator(last, type, 'plume')
  last.inputs.forEach((_, index) => editor.setInput(last, index, inputs[index] ?? null))
  for (const value of before) if (value?.producer) dropUnread(editor, value.producer)
}

function dropUnread(editor: GraphEditor, node: Node): void {
  if (!editor.has(node)) return
  if (node.outputs.some((_, i) => (editor.output(node, i)?.uses.size ?? 0) > 0)) return
  const before = node.inputs.map((_, index) => editor.input(node, index))
  editor.removeNode(node)
  for (const value of before) if (value?.producer) dropUnread(editor, value.producer)
}

/** @throws as `openEngine` */
export function openSaturating({ model, operators }: SaturatingModel, options: EngineOptions): Promise<EngineSession> {
  return openEngine(model, { ...options, operators })
}

export const coverageOfSaturating = ({ model, operators }: SaturatingModel, signal?: AbortSignal): Promise<Coverage> =>
  coverageOf(model, signal, operators)
