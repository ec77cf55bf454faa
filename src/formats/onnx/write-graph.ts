import type { Body, FunctionDef, Graph, Node, ValueInfo } from '../../graph/model'
import { onnxCarried } from './carried'
import type { MessageWriter } from './message-writer'
import { FUNCTION, GRAPH, NODE } from './schema'
import { writeAttribute } from './write-attribute'
import { writeEntries, writeOpsets, writeSpelled } from './write-entries'
import { writeSparseTensor, writeTensor, type TensorPlace } from './write-tensor'
import { writeValueInfo } from './write-types'

/** Writes text where it is not empty, or where the file spells the empty text out. */
export function writeText(writer: MessageWriter, field: number, value: string, explicit?: readonly number[]): void {
  if (value !== '' || explicit?.includes(field)) writer.text(field, value)
}

export function writeGraph(writer: MessageWriter, field: number, graph: Graph, place?: TensorPlace): void {
  const carried = onnxCarried(graph)
  writer.message(field, () => {
    for (const node of graph.nodes) writeNode(writer, GRAPH.node, node, place)
    writeText(writer, GRAPH.name, graph.name, carried?.explicit)
    for (const tensor of graph.initializers.values()) writeTensor(writer, GRAPH.initializer, tensor, place)
    if (graph.docString !== undefined) writer.text(GRAPH.docString, graph.docString)
    for (const info of graph.inputs) writeValueInfo(writer, GRAPH.input, info)
    for (const info of graph.outputs) writeValueInfo(writer, GRAPH.output, info)
    writeInfos(writer, GRAPH.valueInfo, graph)
    for (const sparse of graph.sparseInitializers) writeSparseTensor(writer, GRAPH.sparseInitializer, sparse, place)
    writeEntries(writer, GRAPH.metadata, graph.metadata, carried)
    for (const raw of carried?.unknown ?? []) writer.raw(raw)
  })
}

/** Types of inner values; a file may repeat a name, and the repetitions follow the first. */
function writeInfos(writer: MessageWriter, field: number, body: Body): void {
  const repeated = new Map<string, ValueInfo[]>()
  for (const info of onnxCarried(body)?.repeatedInfo ?? []) {
    repeated.set(info.name, [...(repeated.get(info.name) ?? []), info])
  }
  for (const info of body.valueInfo.values()) {
    writeValueInfo(writer, field, info)
    for (const other of repeated.get(info.name) ?? []) writeValueInfo(writer, field, other)
  }
}

function writeNode(writer: MessageWriter, field: number, node: Node, place?: TensorPlace): void {
  const carried = onnxCarried(node)
  const explicit = carried?.explicit
  writer.message(field, () => {
    for (const input of node.inputs) writer.text(NODE.input, input)
    for (const output of node.outputs) writer.text(NODE.output, output)
    writeText(writer, NODE.name, node.name, explicit)
    writeText(writer, NODE.opType, node.opType, explicit)
    for (const attribute of node.attributes.values()) writeAttribute(writer, NODE.attribute, attribute, place)
    if (node.docString !== undefined) writer.text(NODE.docString, node.docString)
    writeSpelled(writer, NODE.domain, carried, (target) => writeText(target, NODE.domain, node.domain, explicit))
    if (node.overload !== undefined) writer.text(NODE.overload, node.overload)
    writeEntries(writer, NODE.metadata, node.metadata, carried)
    for (const raw of carried?.unknown ?? []) writer.raw(raw)
  })
}

export function writeFunction(writer: MessageWriter, field: number, def: FunctionDef, place?: TensorPlace): void {
  const carried = onnxCarried(def)
  writer.message(field, () => {
    writeText(writer, FUNCTION.name, def.name, carried?.explicit)
    for (const input of def.inputs) writer.text(FUNCTION.input, input)
    for (const output of def.outputs) writer.text(FUNCTION.output, output)
    for (const name of def.attributes) writer.text(FUNCTION.attribute, name)
    for (const node of def.nodes) writeNode(writer, FUNCTION.node, node, place)
    if (def.docString !== undefined) writer.text(FUNCTION.docString, def.docString)
    writeOpsets(writer, FUNCTION.opsetImport, def.opsets, carried)
    writeText(writer, FUNCTION.domain, def.domain, carried?.explicit)
    for (const attribute of def.attributeDefaults.values()) {
      writeAttribute(writer, FUNCTION.attributeProto, attribute, place)
    }
    writeInfos(writer, FUNCTION.valueInfo, def)
    if (def.overload !== undefined) writer.text(FUNCTION.overload, def.overload)
    writeEntries(writer, FUNCTION.metadata, def.metadata, carried)
    for (const raw of carried?.unknown ?? []) writer.raw(raw)
  })
}
