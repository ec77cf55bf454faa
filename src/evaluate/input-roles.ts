import { asNumbers, tensor } from '../core/tensor'
import { bitsOf } from '../core/dtypes'
import { GraphEditor, type Use, type Value } from '../graph/edit'
import type { LazyTensor, Model, Node } from '../graph/model'

/** What the graph does with an input, as far as made-up values must respect it. */
export interface InputRole {
  /** Rows of the smallest table that the input indexes: values must be below. */
  readonly rows?: number
  /** Values that make every comparison with a constant come out both ways, those of the graph first. */
  readonly compared: readonly number[]
}

/** Hand the value on, or change its shape or type only. */
const PASSES = new Set(['Identity', 'Cast', 'Unsqueeze', 'Squeeze', 'Reshape', 'Flatten', 'Expand', 'Transpose'])

/** For each comparison `x op c`, values of x that make it true and false. */
const COMPARISONS: Readonly<Record<string, (c: number) => number[]>> = {
  Equal: (c) => [c],
  Greater: (c) => [c + 1, c],
  GreaterOrEqual: (c) => [c, c - 1],
  Less: (c) => [c - 1, c],
  LessOrEqual: (c) => [c, c + 1],
}
const SWAPPED: Readonly<Record<string, string>> = {
  Equal: 'Equal',
  Greater: 'Less',
  GreaterOrEqual: 'LessOrEqual',
  Less: 'Greater',
  LessOrEqual: 'GreaterOrEqual',
}

/** No input needs more cases than this to reach its branches; more would only cost runs. */
const MAX_COMPARED = 6

/** Looks through the graph, bodies of If and Loop included, for what reads each input of the main graph. */
export async function inputRoles(model: Model): Promise<Map<string, InputRole>> {
  const editor = new GraphEditor(model)
  const roles = new Map<string, InputRole>()
  for (const { name } of model.graph.inputs) {
    const value = editor.resolve(model.graph, name)
    if (!value) continue
    const found: Found = { rows: Infinity, compared: new Set(), isEquality: false }
    await follow(editor, value, found, new Set())
    roles.set(name, { ...(found.rows < Infinity && { rows: found.rows }), compared: withOther(found) })
  }
  return roles
}

interface Found {
  rows: number
  readonly compared: Set<number>
  isEquality: boolean
}

/** An equality needs a value beside its constants to come out false. */
function withOther({ compared, isEquality }: Found): number[] {
  const values = [...compared].slice(0, MAX_COMPARED)
  const [first] = values
  if (first === undefined || !isEquality || values.length > 1) return values
  return [first, first === 0 ? 1 : Math.trunc(first / 2)]
}

async function follow(editor: GraphEditor, value: Value, found: Found, seen: Set<Value>): Promise<void> {
  if (seen.has(value)) return
  seen.add(value)
  for (const use of value.uses) {
    if (use.kind !== 'input') continue
    const { node, index } = use
    const rows = tableRows(editor, node, index)
    if (rows !== undefined) found.rows = Math.min(found.rows, rows)
    await addComparison(editor, use, found)
    const output = PASSES.has(node.opType) && index === 0 ? editor.output(node, 0) : undefined
    if (output) await follow(editor, output, found, seen)
  }
}

/** [index input, table input, axis attribute] of operators that look rows up. */
const LOOKUPS: Readonly<Record<string, readonly (readonly [index: number, table: number, axis: string | null])[]>> = {
  Gather: [[1, 0, 'axis']],
  GatherBlockQuantized: [[1, 0, 'gather_axis']],
  EmbedLayerNormalization: [
    [0, 2, null],
    [1, 4, null],
  ],
}

function tableRows(editor: GraphEditor, node: Node, index: number): number | undefined {
  const lookup = LOOKUPS[node.opType]?.find(([indices]) => indices === index)
  if (!lookup) return undefined
  const shape = tableShape(editor, editor.input(node, lookup[1]))
  const attribute = lookup[2] === null ? undefined : node.attributes.get(lookup[2])
  const axis = attribute?.type === 'int' ? Number(attribute.value) : 0
  return shape?.at(axis)
}

/** The shape of a table that may be stored in a narrower type. */
function tableShape(editor: GraphEditor, value: Value | undefined): readonly number[] | undefined {
  const constant = editor.constant(value)
  if (constant || !value?.producer) return constant?.shape
  const isStorage = ['DequantizeLinear', 'Cast', 'Identity'].includes(value.producer.opType)
  return isStorage ? tableShape(editor, editor.input(value.producer, 0)) : undefined
}

async function addComparison(editor: GraphEditor, { node, index }: Use & { kind: 'input' }, found: Found) {
  const operator = index === 0 ? node.opType : SWAPPED[node.opType]
  const values = operator === undefined ? undefined : COMPARISONS[operator]
  if (!values || node.domain !== '') return
  for (const constant of await constantNumbers(editor, editor.input(node, 1 - index))) {
    for (const value of values(constant)) found.compared.add(value)
    if (operator === 'Equal') found.isEquality = true
  }
}

/** Numbers that a small constant holds; none for anything else. */
async function constantNumbers(editor: GraphEditor, value: Value | undefined): Promise<readonly number[]> {
  const constant = editor.constant(value)
  if (constant) return readSmall(constant)
  const producer = value?.producer
  if (!producer) return []
  if (PASSES.has(producer.opType)) return constantNumbers(editor, editor.input(producer, 0))
  if (producer.opType !== 'Constant') return []
  for (const attribute of producer.attributes.values()) {
    if (attribute.type === 'int') return [Number(attribute.value)]
    if (attribute.type === 'ints') return attribute.value.slice(0, MAX_COMPARED).map(Number)
    if (attribute.type === 'float') return [attribute.value]
  }
  return []
}

async function readSmall({ dtype, shape, data }: LazyTensor): Promise<readonly number[]> {
  const bits = bitsOf(dtype)
  const isNumber = bits !== undefined && !/^(complex|float8|float4)/.test(dtype)
  if (!isNumber || data.sizeBytes > MAX_COMPARED * 8) return []
  return [...asNumbers(tensor(dtype, shape, await data.read(0, data.sizeBytes)))].filter(Number.isFinite)
}
