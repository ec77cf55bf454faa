import type { DType } from '../../core/dtypes'
import { byteWidth, allowFreeInitializers } from '../../graph/constants'
import type { GraphEditor, Value } from '../../graph/edit'
import { attribute, tensorFromBytes, type Graph, type LazyTensor, type TensorData } from '../../graph/model'
import { replaceByNode } from './replace-by-node'
import { count, dropConstant, opsetOf, recordChange, type ConstantEntry, type Tidy } from './rewrite'
import { isAt } from './scan'
import type { Triangle } from './triangle'

/** What onnxruntime's Trilu takes among the types that masks have. */
const TRILU_DTYPES = new Set<DType>(['float32', 'float64', 'int64'])

/**
 * Stores a tensor of two values in the smallest exact form that its opset has: a triangle as sizes and a diagonal
 * (Trilu, or a comparison of row and column), anything else as booleans that choose between the two values.
 * @returns false where a plain Cast is as small, or the opset has no exact form
 */
export function storeMask(
  tidy: Tidy,
  entry: ConstantEntry,
  pair: readonly [Uint8Array, Uint8Array],
  triangle: Triangle | undefined,
  fits: readonly DType[],
): boolean {
  const { editor } = tidy
  const { value, tensor } = entry
  const opset = opsetOf(editor, value.body)
  const { body } = value
  // The constants of these forms are initializers, which functions do not have.
  if (body.kind !== 'graph') return false
  const isLifted = () =>
    editor.model.irVersion < 4 && allowFreeInitializers(editor) && count(tidy, 'lift to IR version 4')
  if (triangle && opset >= 14 && TRILU_DTYPES.has(tensor.dtype) && hasZeroSide(triangle)) {
    isLifted()
    storeAsTrilu(editor, body, entry, triangle)
    done(tidy, tensor, 'triangle', 24)
    return true
  }
  if (opset < 9) return false
  if (triangle && comparisonBytes(tensor) * 2 < tensor.data.sizeBytes / byteWidth(tensor.dtype)) {
    isLifted()
    storeAsComparison(editor, body, entry, triangle)
    done(tidy, tensor, 'triangle', comparisonBytes(tensor))
    return true
  }
  if (fits[0] && byteWidth(fits[0]) === 1) return false
  isLifted()
  const stored = booleans(tensor, pair[1])
  const [no, yes] = [pair[0], pair[1]].map((bits, index) =>
    scalar(editor, body, `${value.name}_${index}`, tensor, bits),
  )
  replaceByNode(editor, value, stored, {
    opType: 'Where',
    output: `${value.name}_${tensor.dtype}`,
    inputs: (choice) => [choice, yes ?? null, no ?? null],
  })
  done(tidy, tensor, 'bool', stored.data.sizeBytes)
  return true
}

function done(tidy: Tidy, tensor: LazyTensor, form: string, bytes: number): void {
  recordChange(tidy, tensor, form, bytes)
  count(tidy, form === 'bool' ? 'tensors of two values stored as booleans' : 'triangular masks computed')
}

/** Trilu keeps one side and sets the other to plus zero. */
function hasZeroSide({ upper, lower }: Triangle): boolean {
  return isZero(upper) || isZero(lower)
}

const isZero = (bits: Uint8Array) => bits.every((byte) => byte === 0)

function storeAsTrilu(editor: GraphEditor, body: Graph, { value, tensor }: ConstantEntry, triangle: Triangle): void {
  const { name } = value
  const isUpper = isZero(triangle.lower)
  const fill = isUpper ? triangle.upper : triangle.lower
  const k = isUpper ? triangle.k : triangle.k - 1
  const diagonal = editor.addInitializer(body, int64s(`${name}_diagonal`, [], [k]))
  const shape = editor.addInitializer(body, int64s(`${name}_shape`, [tensor.shape.length], tensor.shape))
  const trilu = editor.addNode(
    {
      opType: 'Trilu',
      inputs: [shape, diagonal],
      outputs: [`${name}_${tensor.dtype}`],
      attributes: [attribute.int('upper', isUpper ? 1 : 0)],
    },
    { after: value },
  )
  const filled = editor.addNode(
    {
      opType: 'ConstantOfShape',
      inputs: [shape],
      outputs: [`${name}_filled`],
      attributes: [attribute.tensor('value', tensorFromBytes('', tensor.dtype, [1], new Uint8Array(fill)))],
    },
    { before: trilu },
  )
  editor.setInput(trilu, 0, editor.output(filled, 0) ?? null)
  takeOver(editor, value, editor.output(trilu, 0))
}

/** column − row ≥ k, as row + k − 1 < column. */
function storeAsComparison(
  editor: GraphEditor,
  body: Graph,
  entry: ConstantEntry,
  { upper, lower, k }: Triangle,
): void {
  const { value, tensor } = entry
  const { name } = value
  const ones = tensor.shape.slice(0, -2)
  const [rows = 0, columns = 0] = tensor.shape.slice(-2)
  const line = (wished: string, shape: readonly number[], size: number, first: number) => {
    const bytes = new Uint8Array(Int32Array.from({ length: size }, (_, i) => first + i).buffer)
    return editor.addInitializer(body, tensorFromBytes(wished, 'int32', shape, bytes))
  }
  const less = editor.addNode(
    {
      opType: 'Less',
      inputs: [
        line(`${name}_row`, [...ones, rows, 1], rows, k - 1),
        line(`${name}_column`, [...ones, 1, columns], columns, 0),
      ],
      outputs: [`${name}_isUpper`],
    },
    { after: value },
  )
  const where = editor.addNode(
    {
      opType: 'Where',
      inputs: [
        editor.output(less, 0) ?? null,
        scalar(editor, body, `${name}_upper`, tensor, upper),
        scalar(editor, body, `${name}_lower`, tensor, lower),
      ],
      outputs: [`${name}_${tensor.dtype}`],
    },
    { after: editor.output(less, 0) ?? value },
  )
  takeOver(editor, value, editor.output(where, 0))
}

function comparisonBytes(tensor: LazyTensor): number {
  const [rows = 0, columns = 0] = tensor.shape.slice(-2)
  return 4 * (rows + columns) + 2 * byteWidth(tensor.dtype)
}

function takeOver(editor: GraphEditor, value: Value, restored: Value | undefined): void {
  if (!restored) return
  editor.replaceUses(value, restored)
  dropConstant(editor, value)
}

function scalar(editor: GraphEditor, body: Graph, name: string, like: LazyTensor, bits: Uint8Array): Value {
  return editor.addInitializer(body, tensorFromBytes(name, like.dtype, [], new Uint8Array(bits)))
}

function int64s(name: string, shape: readonly number[], values: readonly number[]): LazyTensor {
  return tensorFromBytes(name, 'int64', shape, new Uint8Array(BigInt64Array.from(values, BigInt).buffer))
}

/** One byte an element: whether it has these bits. Converted when it is read. */
function booleans(tensor: LazyTensor, bits: Uint8Array): LazyTensor {
  const width = byteWidth(tensor.dtype)
  const data: TensorData = {
    sizeBytes: tensor.data.sizeBytes / width,
    async read(offset, length) {
      const source = await tensor.data.read(offset * width, length * width)
      return Uint8Array.from({ length }, (_, i) => (isAt(source, i * width, bits) ? 1 : 0))
    },
  }
  return { name: tensor.name, dtype: 'bool', shape: tensor.shape, data }
}
