import type { FunctionDef, Graph, ValueInfo } from '../../graph/model'
import { carry, type OnnxCarried, type Raw } from './carried'
import { DEEPEST_NESTING, type ReadContext } from './context'
import type { Cursor, Step } from './cursor'
import { readAttribute } from './read-attribute'
import { EntryReader, OpsetReader } from './read-entries'
import { readNode } from './read-node'
import { readSparseTensor, readTensor } from './read-tensor'
import { readValueInfo } from './read-types'
import { FUNCTION, GRAPH } from './schema'

/** Reads the GraphProto in the field at hand, sub-graphs included. */
export function* readGraph(context: ReadContext): Step<Graph> {
  const { cursor } = context
  if (++context.depth > DEEPEST_NESTING) cursor.fail(`expected graphs nested at most ${DEEPEST_NESTING} deep`)
  const end = cursor.messageEnd()
  const graph: Graph = {
    kind: 'graph',
    name: '',
    nodes: [],
    inputs: [],
    outputs: [],
    valueInfo: new Map(),
    initializers: new Map(),
    sparseInitializers: [],
  }
  context.offsets.set(graph, cursor.offset)
  const explicit: number[] = []
  const unknown: Raw[] = []
  const repeatedInfo: ValueInfo[] = []
  const metadata = new EntryReader(GRAPH.metadata)
  while (yield* cursor.next(end)) {
    cursor.what = graph.name ? `graph ${graph.name}` : 'the graph'
    switch (cursor.field) {
      case GRAPH.node:
        graph.nodes.push(yield* readNode(context))
        break
      case GRAPH.name:
        graph.name = yield* cursor.text()
        if (graph.name === '') explicit.push(GRAPH.name)
        break
      case GRAPH.initializer:
        yield* readInitializer(context, graph)
        break
      case GRAPH.docString:
        graph.docString = yield* cursor.text()
        break
      case GRAPH.input:
        graph.inputs.push(yield* readValueInfo(context))
        break
      case GRAPH.output:
        graph.outputs.push(yield* readValueInfo(context))
        break
      case GRAPH.valueInfo:
        addInfo(graph.valueInfo, repeatedInfo, yield* readValueInfo(context))
        break
      case GRAPH.sparseInitializer:
        graph.sparseInitializers.push(yield* readSparseTensor(context))
        break
      case GRAPH.metadata:
        yield* metadata.read(cursor)
        break
      default:
        unknown.push(yield* cursor.unknown())
    }
  }
  graph.metadata = metadata.map()
  graph.carried = carry({ explicit, unknown, repeatedInfo, verbatim: metadata.verbatim() })
  context.depth--
  return graph
}

function* readInitializer(context: ReadContext, graph: Graph): Step<void> {
  const { cursor } = context
  const { tagAt } = cursor
  const tensor = yield* readTensor(context)
  if (tensor.name === '') cursor.fail('expected an initializer with a name', tagAt)
  if (graph.initializers.has(tensor.name)) cursor.fail('two initializers have this name', tagAt)
  graph.initializers.set(tensor.name, tensor)
}

function addInfo(valueInfo: Map<string, ValueInfo>, repeated: ValueInfo[], info: ValueInfo): void {
  if (valueInfo.has(info.name)) repeated.push(info)
  else valueInfo.set(info.name, info)
}

/** Reads the FunctionProto in the field at hand. */
export function* readFunction(context: ReadContext): Step<FunctionDef> {
  const { cursor } = context
  const end = cursor.messageEnd()
  const def: FunctionDef = {
    kind: 'function',
    name: '',
    domain: '',
    inputs: [],
    outputs: [],
    attributes: [],
    attributeDefaults: new Map(),
    opsets: new Map(),
    nodes: [],
    valueInfo: new Map(),
  }
  context.offsets.set(def, cursor.offset)
  const state: FunctionState = {
    explicit: [],
    unknown: [],
    repeatedInfo: [],
    metadata: new EntryReader(FUNCTION.metadata),
    opsets: new OpsetReader(FUNCTION.opsetImport),
  }
  while (yield* cursor.next(end)) {
    cursor.what = def.name ? `function ${def.name}` : 'a function'
    yield* readFunctionField(context, def, state)
  }
  def.metadata = state.metadata.map()
  def.opsets = state.opsets.opsets
  def.carried = finishFunction(state)
  return def
}

interface FunctionState {
  readonly explicit: number[]
  readonly unknown: Raw[]
  readonly repeatedInfo: ValueInfo[]
  readonly metadata: EntryReader
  readonly opsets: OpsetReader
}

function finishFunction({ explicit, unknown, repeatedInfo, metadata, opsets }: FunctionState): OnnxCarried | undefined {
  const verbatim = new Map([...(metadata.verbatim() ?? []), ...(opsets.verbatim() ?? [])])
  return carry({ explicit, unknown, repeatedInfo, verbatim })
}

function* readFunctionField(context: ReadContext, def: FunctionDef, state: FunctionState): Step<void> {
  const { cursor } = context
  switch (cursor.field) {
    case FUNCTION.name:
      def.name = yield* explicitText(cursor, state)
      break
    case FUNCTION.domain:
      def.domain = yield* explicitText(cursor, state)
      break
    case FUNCTION.overload:
      def.overload = yield* cursor.text()
      break
    case FUNCTION.docString:
      def.docString = yield* cursor.text()
      break
    case FUNCTION.input:
      def.inputs.push(yield* cursor.text())
      break
    case FUNCTION.output:
      def.outputs.push(yield* cursor.text())
      break
    case FUNCTION.attribute:
      def.attributes.push(yield* cursor.text())
      break
    case FUNCTION.attributeProto: {
      const { tagAt } = cursor
      const attribute = yield* readAttribute(context, cursor.what)
      if (def.attributeDefaults.has(attribute.name)) cursor.fail(`gives attribute ${attribute.name} twice`, tagAt)
      def.attributeDefaults.set(attribute.name, attribute)
      break
    }
    case FUNCTION.node:
      def.nodes.push(yield* readNode(context))
      break
    case FUNCTION.opsetImport:
      yield* state.opsets.read(cursor)
      break
    case FUNCTION.valueInfo:
      addInfo(def.valueInfo, state.repeatedInfo, yield* readValueInfo(context))
      break
    case FUNCTION.metadata:
      yield* state.metadata.read(cursor)
      break
    default:
      state.unknown.push(yield* cursor.unknown())
  }
}

function* explicitText(cursor: Cursor, state: FunctionState): Step<string> {
  const { field } = cursor
  const value = yield* cursor.text()
  if (value === '') state.explicit.push(field)
  return value
}
