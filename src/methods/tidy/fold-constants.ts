import { bitsOf, dtypeFromOnnx, elementCount, type DType } from '../../core/dtypes'
import { RuntimeFailure, throwIfAborted } from '../../core/errors'
import type { GraphEditor, Value } from '../../graph/edit'
import {
  attribute,
  intAttribute,
  subGraphs,
  tensorFromBytes,
  type Body,
  type LazyTensor,
  type Node,
} from '../../graph/model'
import { tensorBytes, nodeBytes } from './encoded-size'
import { computeNodes } from './compute-nodes'
import { boundElements, canFold } from './output-size'
import { count, dropConstant, opsetOf, type Tidy } from './rewrite'

/** No intermediate result may have more elements than this, or than the tensors that it is made of. */
const MAX_ELEMENTS = 1 << 20

/** Results whose storage everybody can read; others stay computed by the graph. */
const FOLDED_DTYPES = new Set<DType>(
  'float32 float64 float16 bool int8 uint8 int16 uint16 int32 uint32 int64 uint64'.split(' ') as DType[],
)

/** Operators that hand elements on as they are, or widen them. */
const MOVES = new Set(
  (
    'Cast CastLike Identity Transpose Reshape Squeeze Unsqueeze Flatten Slice Split Trilu Concat Gather Expand Tile ' +
    'Shape Size Equal Less Greater LessOrEqual GreaterOrEqual Where NonZero IsNaN IsInf'
  ).split(' '),
)

/** Computed results by value. */
type Results = Map<Value, LazyTensor>

/**
 * Computes what does not depend on the model's inputs, in onnxruntime with its optimizer off, and stores the results
 * where that makes the file smaller. So a Cast that widens, a Transpose of a shared tensor, or a ConstantOfShape
 * stays: they are the smaller form.
 */
export async function foldConstants(tidy: Tidy): Promise<number> {
  const results = staticShapes(tidy.editor)
  const failed = new Set<Node>()
  // Waves: all nodes whose inputs are known by now run in one session.
  for (;;) {
    throwIfAborted(tidy.context.signal)
    const wave = await nextWave(tidy, results, failed)
    if (wave.length === 0) break
    await runWave(tidy, wave, results, failed)
  }
  const folded = storeWorthwhile(tidy, results)
  count(tidy, 'nodes computed ahead', folded)
  return folded
}

function known(editor: GraphEditor, results: Results, value: Value | undefined): LazyTensor | undefined {
  return editor.constant(value) ?? (value && results.get(value))
}

async function nextWave({ editor, options }: Tidy, results: Results, failed: ReadonlySet<Node>): Promise<Node[]> {
  const wave: Node[] = []
  for (const node of editor.nodes()) {
    if (failed.has(node) || !canFold(node) || subGraphs(node).length > 0) continue
    const output = editor.output(node, 0)
    if (!output || results.has(output) || editor.constant(output)) continue
    if ([...node.attributes.values()].some((attribute) => attribute.refName)) continue
    const inputs = node.inputs.map((name, index) =>
      name ? known(editor, results, editor.input(node, index)) : undefined,
    )
    if (inputs.some((tensor, index) => node.inputs[index] !== '' && !tensor?.data.sizeBytes)) continue
    // Between nodes, runtimes may keep float16 in float32: rounding each result would change what comes out.
    if (!MOVES.has(node.opType) && inputs.some((tensor) => tensor?.dtype === 'float16')) continue
    if (isSmallForm(editor, node, options.minBytes)) continue
    const elements = await boundElements(node, inputs)
    const given = inputs.reduce((sum, tensor) => sum + (tensor ? elementCount(tensor.shape) : 0), 0)
    // Written so that NaN stays out, too.
    if (elements <= MAX_ELEMENTS || elements <= given) wave.push(node)
  }
  return wave
}

/** Nodes that only restore dtype or layout of a large stored tensor: computing them could not save anything. */
function isSmallForm(editor: GraphEditor, node: Node, minBytes: number): boolean {
  const source = editor.input(node, 0)
  const tensor = editor.constant(source)
  if (!source || !tensor || tensor.data.sizeBytes < minBytes) return false
  if (node.opType === 'Cast') {
    const bits = bitsOf(dtypeFromOnnx(intAttribute(node, 'to') ?? 0)) ?? 0
    return bits >= (bitsOf(tensor.dtype) ?? 0)
  }
  return (node.opType === 'Transpose' || node.opType === 'Reshape') && source.uses.size > 1
}

async function runWave(tidy: Tidy, wave: readonly Node[], results: Results, failed: Set<Node>): Promise<void> {
  const { editor } = tidy
  for (const nodes of byRoot(editor, wave)) {
    const version = opsetOf(editor, editor.bodyOf(nodes[0] as Node))
    const lookup = (node: Node, index: number) => known(editor, results, editor.input(node, index))
    const run = async (part: readonly Node[]) => {
      const computed = await computeNodes(tidy.context, editor.model, version, part, lookup)
      for (const node of part) {
        const outputs = computed.get(node) ?? []
        const isUsable = outputs[0] && outputs.every((tensor) => !tensor || FOLDED_DTYPES.has(tensor.dtype))
        if (!isUsable) failed.add(node)
        else outputs.forEach((tensor, index) => remember(editor, results, node, index, tensor))
      }
    }
    try {
      await run(nodes)
    } catch (error) {
      if (!(error instanceof RuntimeFailure)) throw error
      // One node that onnxruntime cannot compute must not keep the others from being computed.
      for (const node of nodes) {
        try {
          await run([node])
        } catch (single) {
          if (!(single instanceof RuntimeFailure)) throw single
          failed.add(node)
          const text = `Not computed ahead, since onnxruntime refused: ${single.message}`
          tidy.context.note({ severity: 'info', node: node.name || node.opType, text })
        }
      }
    }
  }
}

function remember(
  editor: GraphEditor,
  results: Results,
  node: Node,
  index: number,
  tensor: LazyTensor | undefined,
): void {
  const value = editor.output(node, index)
  if (value && tensor) results.set(value, tensor)
}

/** Nodes by the main graph or function that they stand in: functions have operator set versions of their own. */
function byRoot(editor: GraphEditor, nodes: readonly Node[]): Iterable<Node[]> {
  const groups = new Map<Body, Node[]>()
  for (const node of nodes) {
    let root = editor.bodyOf(node)
    for (let parent = editor.parentOf(root); parent; parent = editor.parentOf(root)) root = parent
    const group = groups.get(root)
    if (group) group.push(node)
    else groups.set(root, [node])
  }
  return groups.values()
}

/** Stores results from the readers' end backwards, wherever the constant is smaller than what it replaces. */
function storeWorthwhile(tidy: Tidy, results: Results): number {
  const { editor } = tidy
  let folded = 0
  for (const [value, tensor] of [...results].reverse()) {
    const node = value.producer
    if (!node || value.uses.size === 0) continue
    // A later result takes this one in, unless it is read by something that stays.
    const isNeeded = [...value.uses].some((use) => use.kind === 'output' || !isReplaced(editor, results, use.node))
    if (!isNeeded) continue
    const cone = exclusiveCone(editor, results, value)
    if (storedBytes(tidy, value, node, tensor) > cone.bytes) {
      results.delete(value) // its inputs are read by something that stays, then
      continue
    }
    const isStored = storeResult(editor, value, tensor)
    results.delete(value)
    if (!isStored) continue
    folded++
    removeDeadCone(editor, cone.nodes)
  }
  return folded
}

/** What a result takes in the file: as an initializer where it will become one, else as a Constant node. */
function storedBytes({ editor, options }: Tidy, value: Value, node: Node, tensor: LazyTensor): number {
  const isOutput = editor.isOutput(value)
  const isFree = editor.model.irVersion >= 4 && editor.bodyOf(node).kind === 'graph'
  if (isFree && !isOutput && options.shareEqual) return tensorBytes(tensor, `${value.name}_1`)
  const name = isOutput ? node.name : `${value.name}_Constant`
  const attributes = new Map([['value', attribute.tensor('value', { ...tensor, name: '' })]])
  return nodeBytes({ name, domain: '', opType: 'Constant', inputs: [], outputs: [value.name], attributes })
}

/** Whether every output of a node is a result that may still be stored. */
function isReplaced(editor: GraphEditor, results: Results, node: Node): boolean {
  return node.outputs.every((name, index) => {
    const output = editor.output(node, index)
    return name === '' || (output !== undefined && results.has(output))
  })
}

/** The nodes and constants that only `value` needs, and the bytes that go away with them. */
function exclusiveCone(editor: GraphEditor, results: Results, value: Value): { nodes: Node[]; bytes: number } {
  const nodes: Node[] = []
  const taken = new Set<Node>()
  const counted = new Set<Value>()
  let bytes = 0
  const pending = [value]
  for (let at = pending.shift(); at; at = pending.shift()) {
    const isExclusive = at === value || [...at.uses].every((use) => use.kind === 'input' && taken.has(use.node))
    const node = at.producer
    const tensor = editor.constant(at)
    if (!isExclusive || (node && taken.has(node))) continue
    if (tensor && !node && !counted.has(at)) bytes += tensorBytes(tensor, at.name)
    counted.add(at)
    if (!node || (!tensor && !results.has(at))) continue
    if (otherOutputsAreUsed(editor, node, at)) continue
    taken.add(node)
    nodes.push(node)
    bytes += nodeBytes(node)
    node.inputs.forEach((_, index) => {
      const input = editor.input(node, index)
      if (input) pending.push(input)
    })
  }
  return { nodes, bytes }
}

function otherOutputsAreUsed(editor: GraphEditor, node: Node, except: Value): boolean {
  return node.outputs.some((_, index) => {
    const output = editor.output(node, index)
    return output !== undefined && output !== except && output.uses.size > 0
  })
}

/** Puts the tensor where the value was computed. Outputs of bodies keep their name, so their node becomes a Constant. */
function storeResult(editor: GraphEditor, value: Value, tensor: LazyTensor): boolean {
  const node = value.producer
  if (!node) return false
  if (editor.isOutput(value)) {
    if (node.outputs.length > 1) return false
    turnIntoConstant(editor, node, tensor)
    return true
  }
  const { outputs } = editor.addNode(
    {
      opType: 'Constant',
      inputs: [],
      outputs: [value.name],
      attributes: [{ name: 'value', type: 'tensor', value: { ...tensor, name: '' } }],
    },
    { before: node },
  )
  const constant = outputs[0] === undefined ? undefined : editor.resolve(editor.bodyOf(node), outputs[0])
  if (!constant) return false
  editor.replaceUses(value, constant)
  return true
}

function turnIntoConstant(editor: GraphEditor, node: Node, tensor: LazyTensor): void {
  for (let index = node.inputs.length - 1; index >= 0; index--) editor.setInput(node, index, null)
  for (const name of [...node.attributes.keys()]) editor.removeAttribute(node, name)
  editor.setOperator(node, 'Constant')
  editor.setAttribute(node, { name: 'value', type: 'tensor', value: { ...tensor, name: '' } })
}

function removeDeadCone(editor: GraphEditor, nodes: readonly Node[]): void {
  for (const node of nodes) {
    if (node.opType === 'Constant' && editor.output(node, 0)?.uses.size !== 0) continue
    const isDead = node.outputs.every((_, index) => (editor.output(node, index)?.uses.size ?? 0) === 0)
    if (!isDead) continue
    const inputs = node.inputs.map((_, index) => editor.input(node, index))
    editor.removeNode(node)
    for (const input of inputs) if (input && !input.producer && editor.constant(input)) dropConstant(editor, input)
  }
}

/** Shapes of model inputs whose declaration leaves nothing open: the runtime refuses any other shape. */
function staticShapes(editor: GraphEditor): Results {
  const results: Results = new Map()
  for (const node of editor.nodes()) {
    const source = editor.input(node, 0)
    const value = editor.output(node, 0)
    if (node.opType !== 'Shape' || node.domain !== '' || node.attributes.size > 0 || !source || !value) continue
    if (source.producer || source.body !== editor.model.graph) continue
    if (!source.isInput || editor.constant(source)) continue
    const type = editor.typeOf(source)
    const sizes = type?.kind === 'tensor' ? type.shape : undefined
    if (!sizes?.every((size) => typeof size === 'number' && size > 0)) continue
    const bytes = new Uint8Array(BigInt64Array.from(sizes as number[], BigInt).buffer)
    results.set(value, tensorFromBytes('', 'int64', [sizes.length], bytes))
  }
  return results
}
