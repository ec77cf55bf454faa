import { dtypeFromOnnx } from '../../core/dtypes'
import { asNumbers } from '../../core/tensor'
import { loadTensor } from '../../graph/constants'
import type { GraphEditor } from '../../graph/edit'
import { intAttribute, intsAttribute, type Node } from '../../graph/model'
import { inferDType } from './infer-dtype'
import { count, opsetOf, type Tidy } from './rewrite'

type Check = (editor: GraphEditor, node: Node) => boolean | Promise<boolean>

/** Nodes that hand their first input on unchanged. Each check must prove it; in doubt the node stays. */
const NO_OPS: Readonly<Record<string, Check>> = {
  Identity: () => true,
  Dropout: isInferenceDropout,
  Cast: isCastToSame,
  Reshape: isReshapeToSame,
  Transpose: isIdentityTranspose,
  Pad: isEmptyPad,
  Concat: (_editor, node) => node.inputs.length === 1,
}

/** Removes nodes that do nothing. Nodes that make an output of the model from its input stay: names must survive. */
export async function removeNoOps(tidy: Tidy): Promise<number> {
  const { editor } = tidy
  let removed = 0
  for (const node of editor.nodes()) {
    const check = node.domain === '' ? NO_OPS[node.opType] : undefined
    if (!check || node.inputs[0] === undefined || node.inputs[0] === '') continue
    if (hasReferences(node)) continue
    if (node.opType === 'Reshape' && (await skipInnerReshape(editor, node))) {
      removed++
      count(tidy, 'Reshape nodes removed before another Reshape')
    }
    if (!(await check(editor, node))) continue
    if (!bypass(editor, node)) continue
    removed++
    count(tidy, `no-op ${node.opType} nodes removed`)
  }
  return removed
}

function bypass(editor: GraphEditor, node: Node): boolean {
  const checkpoint = editor.checkpoint()
  const inner = node.opType === 'Transpose' ? innerTranspose(editor, node) : undefined
  // Of two Transposes that cancel out, the second one's readers read what stood before the first one.
  if (inner) editor.setInput(node, 0, editor.input(inner, 0) ?? null)
  if (editor.bypass(node)) return true
  editor.undo(checkpoint)
  return false
}

/** In functions an attribute may stand for whatever the caller gives. */
function hasReferences(node: Node): boolean {
  for (const attribute of node.attributes.values()) if (attribute.refName) return true
  return false
}

async function isInferenceDropout(editor: GraphEditor, node: Node): Promise<boolean> {
  for (let index = 1; index < node.outputs.length; index++) {
    const mask = editor.output(node, index)
    if (mask && mask.uses.size > 0) return false
  }
  const opset = opsetOf(editor, editor.bodyOf(node))
  if (opset < 7) return intAttribute(node, 'is_test') === 1
  const training = editor.input(node, 2)
  if (!node.inputs[2]) return true
  const tensor = editor.constant(training)
  return tensor?.dtype === 'bool' && (await tensor.data.read(0, 1))[0] === 0
}

function isCastToSame(editor: GraphEditor, node: Node): boolean {
  const to = intAttribute(node, 'to')
  return to !== undefined && inferDType(editor, editor.input(node, 0)) === dtypeFromOnnx(to)
}

/** Only where the input's shape is one that the runtime checks: a constant's, or a declared input's. */
async function isReshapeToSame(editor: GraphEditor, node: Node): Promise<boolean> {
  const shape = editor.constant(editor.input(node, 1))
  const source = editor.input(node, 0)
  if (shape?.dtype !== 'int64' || !source || source.producer || source.body !== editor.model.graph) return false
  const type = editor.typeOf(source)
  const sizes = type?.kind === 'tensor' ? type.shape : undefined
  if (!sizes || sizes.length !== shape.shape[0]) return false
  const wanted = asNumbers(await loadTensor(shape))
  return sizes.every((size, axis) => typeof size === 'number' && size > 0 && size === wanted[axis])
}

/**
 * Of two Reshapes in a row the second alone decides, unless it copies a size (0) from the first. Besides, onnxruntime
 * 1.30 refuses some models when it fuses such a pair itself.
 */
async function skipInnerReshape(editor: GraphEditor, node: Node): Promise<boolean> {
  const between = editor.input(node, 0)
  const inner = between?.producer
  const shape = editor.constant(editor.input(node, 1))
  if (inner?.opType !== 'Reshape' || inner.domain !== '' || between?.uses.size !== 1 || shape?.dtype !== 'int64') {
    return false
  }
  const source = editor.input(inner, 0)
  if (!source || editor.bodyOf(inner) !== editor.bodyOf(node)) return false
  if (asNumbers(await loadTensor(shape)).includes(0)) return false
  editor.setInput(node, 0, source)
  editor.removeNode(inner)
  return true
}

function isIdentityTranspose(editor: GraphEditor, node: Node): boolean {
  const perm = intsAttribute(node, 'perm')
  if (perm?.every((axis, index) => axis === index)) return true
  return innerTranspose(editor, node) !== undefined
}

/** The Transpose before this one, where the two cancel out. */
function innerTranspose(editor: GraphEditor, node: Node): Node | undefined {
  const before = editor.input(node, 0)?.producer
  if (before?.opType !== 'Transpose' || before.domain !== '' || hasReferences(before)) return undefined
  const outer = intsAttribute(node, 'perm')
  const inner = intsAttribute(before, 'perm')
  const isReversal = outer === undefined && inner === undefined
  const isInverse = outer !== undefined && outer.length === inner?.length && outer.every((axis, i) => inner[axis] === i)
  return isReversal || isInverse ? before : undefined
}

async function isEmptyPad(editor: GraphEditor, node: Node): Promise<boolean> {
  if (opsetOf(editor, editor.bodyOf(node)) < 11) {
    return intsAttribute(node, 'pads')?.every((size) => size === 0) ?? false
  }
  const pads = editor.constant(editor.input(node, 1))
  return pads?.dtype === 'int64' && asNumbers(await loadTensor(pads)).every((size) => size === 0)
}
