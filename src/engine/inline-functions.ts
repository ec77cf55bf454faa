import { UnsupportedError } from '../core/errors'
import { bodies, subGraphs, type Attribute, type Body, type FunctionDef, type Model, type Node } from '../graph/model'

const MAX_DEPTH = 64

/**
 * Replaces every call of a model-local function by the function's body, its inner names made unique, until no call is
 * left. Works in place.
 * @throws UnsupportedError for functions that call themselves
 */
export function inlineFunctions(model: Model): void {
  if (model.functions.length === 0) return
  const functions = new Map(model.functions.map((one) => [keyOf(one.domain, one.name, one.overload), one]))
  const names = new Names(model)
  for (const body of [...bodies({ ...model, functions: [] })]) inlineBody(body, functions, names, 0)
  model.functions = []
}

const keyOf = (domain: string, name: string, overload = '') => `${domain}:${name}:${overload}`

function inlineBody(body: Body, functions: ReadonlyMap<string, FunctionDef>, names: Names, depth: number): void {
  if (depth > MAX_DEPTH) throw new UnsupportedError('A function of this model calls itself; such models have no end.')
  body.nodes = body.nodes.flatMap((node) => {
    const called = functions.get(keyOf(node.domain, node.opType, node.overload))
    if (!called) return [node]
    const inlined: Body = { ...called, nodes: bodyOfCall(called, node, names) }
    inlineBody(inlined, functions, names, depth + 1)
    for (const inner of inlined.nodes) {
      for (const graph of subGraphs(inner)) inlineBody(graph, functions, names, depth + 1)
    }
    return inlined.nodes
  })
}

/** The nodes of a function, for one call of it. */
function bodyOfCall(called: FunctionDef, call: Node, names: Names): Node[] {
  const renamed = new Map<string, string>()
  called.inputs.forEach((name, i) => renamed.set(name, call.inputs[i] ?? ''))
  called.outputs.forEach((name, i) => {
    const given = call.outputs[i] ?? ''
    renamed.set(name, given === '' ? names.unique(name) : given)
  })
  const attributes = new Map(called.attributeDefaults)
  for (const [name, attribute] of call.attributes) attributes.set(name, attribute)
  const copied = copyNodes(called.nodes, renamed, attributes, names)
  // an input that is handed straight on
  const passed = called.outputs.filter((name) => called.inputs.includes(name))
  for (const name of passed) {
    const at = called.outputs.indexOf(name)
    copied.push(identity(call.inputs[called.inputs.indexOf(name)] ?? '', call.outputs[at] ?? '', names))
  }
  return copied
}

function identity(input: string, output: string, names: Names): Node {
  const name = names.unique('Identity')
  return { name, opType: 'Identity', domain: '', inputs: [input], outputs: [output], attributes: new Map() }
}

function copyNodes(
  nodes: readonly Node[],
  renamed: ReadonlyMap<string, string>,
  given: ReadonlyMap<string, Attribute>,
  names: Names,
): Node[] {
  const here = new Map(renamed)
  for (const node of nodes) {
    for (const output of node.outputs) if (output !== '' && !here.has(output)) here.set(output, names.unique(output))
  }
  const nameOf = (name: string) => here.get(name) ?? name
  return nodes.map((node) => ({
    ...node,
    name: names.unique(node.name === '' ? node.opType : node.name),
    inputs: node.inputs.map(nameOf),
    outputs: node.outputs.map(nameOf),
    attributes: copyAttributes(node.attributes, here, given, names),
  }))
}

function copyAttributes(
  attributes: ReadonlyMap<string, Attribute>,
  here: ReadonlyMap<string, string>,
  given: ReadonlyMap<string, Attribute>,
  names: Names,
): Map<string, Attribute> {
  const copied = new Map<string, Attribute>()
  for (const [name, attribute] of attributes) {
    if (attribute.refName !== undefined) {
      // an attribute that the call leaves out is absent here, too
      const value = given.get(attribute.refName)
      if (value) copied.set(name, { ...value, name })
    } else if (attribute.type === 'graph') {
      const { value: graph } = attribute
      const inner = new Map(here)
      for (const info of graph.inputs) inner.set(info.name, names.unique(info.name))
      for (const tensor of graph.initializers.keys()) inner.set(tensor, names.unique(tensor))
      for (const node of graph.nodes) for (const output of node.outputs) inner.set(output, names.unique(output))
      const nameOf = (one: string) => inner.get(one) ?? one
      const value = {
        ...graph,
        inputs: graph.inputs.map((info) => ({ ...info, name: nameOf(info.name) })),
        outputs: graph.outputs.map((info) => ({ ...info, name: nameOf(info.name) })),
        initializers: new Map([...graph.initializers].map(([one, tensor]) => [nameOf(one), tensor])),
        valueInfo: new Map([...graph.valueInfo].map(([one, info]) => [nameOf(one), { ...info, name: nameOf(one) }])),
        nodes: copyNodes(graph.nodes, inner, given, names),
      }
      copied.set(name, { ...attribute, value })
    } else copied.set(name, attribute)
  }
  return copied
}

/** Names that no value or node of the model has. */
export class Names {
  readonly #taken = new Set<string>()
  #count = 0

  constructor(model: Model) {
    for (const body of bodies(model)) {
      if (body.kind === 'graph') for (const name of body.initializers.keys()) this.#taken.add(name)
      for (const input of body.inputs) this.#taken.add(typeof input === 'string' ? input : input.name)
      for (const node of body.nodes) for (const name of [node.name, ...node.outputs]) this.#taken.add(name)
    }
  }

  unique(wish: string): string {
    if (wish === '') return ''
    let name = `${wish}__${this.#count++}`
    while (this.#taken.has(name)) name = `${wish}__${this.#count++}`
    this.#taken.add(name)
    return name
  }
}
