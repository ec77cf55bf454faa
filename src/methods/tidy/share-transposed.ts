import { throwIfAborted } from '../../core/errors'
import { byteWidth } from '../../graph/constants'
import type { GraphEditor } from '../../graph/edit'
import { attribute, type Body, type LazyTensor } from '../../graph/model'
import { bitsOf } from '../../core/dtypes'
import { constants, count, dropConstant, hasPlainBytes, recordChange, type ConstantEntry, type Tidy } from './rewrite'

/** Memory for a band of rows while two matrices are compared. */
const BAND_BYTES = 32 * 1024 * 1024

/** Stores matrices that are transposes of each other once; the other one is read through a Transpose. */
export async function shareTransposed(tidy: Tidy): Promise<number> {
  const { editor, context, options } = tidy
  const matrices = [...constants(editor)].filter(
    ({ value, tensor }) =>
      tensor.shape.length === 2 &&
      tensor.data.sizeBytes >= options.minBytes &&
      hasPlainBytes(tensor) &&
      (bitsOf(tensor.dtype) ?? 0) % 8 === 0 &&
      value.uses.size > 0 &&
      !value.producer,
  )
  const gone = new Set<ConstantEntry>()
  for (const [index, a] of matrices.entries()) {
    for (const b of matrices.slice(index + 1)) {
      throwIfAborted(context.signal)
      if (gone.has(a) || gone.has(b) || !(await isTranspose(a.tensor, b.tensor))) continue
      const [keeper, copy] = chooseKeeper(a, b)
      if (readThroughTranspose(tidy, keeper, copy)) gone.add(copy)
    }
  }
  return gone.size
}

/** Embeddings stay as they are, since Gather reads rows; else the first of the file stays. */
function chooseKeeper(a: ConstantEntry, b: ConstantEntry): [ConstantEntry, ConstantEntry] {
  return isGathered(b) && !isGathered(a) ? [b, a] : [a, b]
}

function isGathered({ value }: ConstantEntry): boolean {
  return [...value.uses].some((use) => use.kind === 'input' && use.node.opType === 'Gather' && use.index === 0)
}

function readThroughTranspose(tidy: Tidy, keeper: ConstantEntry, copy: ConstantEntry): boolean {
  const { editor } = tidy
  const { body } = copy.value
  if (editor.isOutput(copy.value) || !isAround(editor, keeper.value.body, body)) return false
  const node = editor.addNode(
    {
      opType: 'Transpose',
      inputs: [keeper.value],
      outputs: [`${copy.value.name}_transposed`],
      attributes: [attribute.ints('perm', [1, 0])],
    },
    { startOf: body },
  )
  const view = editor.output(node, 0)
  if (!view) return false
  editor.replaceUses(copy.value, view)
  dropConstant(editor, copy.value)
  recordChange(tidy, copy.tensor, `${copy.tensor.dtype}/shared`, 0)
  count(tidy, 'transposed copies stored once')
  return true
}

function isAround(editor: GraphEditor, outer: Body, inner: Body): boolean {
  for (let at: Body | null = inner; at; at = editor.parentOf(at)) if (at === outer) return true
  return false
}

/** Whether b[j, i] has the bits of a[i, j]. Some elements are compared first: most pairs differ at once. */
async function isTranspose(a: LazyTensor, b: LazyTensor): Promise<boolean> {
  const [rows = 0, columns = 0] = a.shape
  if (a.dtype !== b.dtype || b.shape[0] !== columns || b.shape[1] !== rows) return false
  const width = byteWidth(a.dtype)
  for (let probe = 0; probe < 8; probe++) {
    const i = Math.floor(((probe + 0.5) * rows) / 8)
    const j = (i * 37 + probe * 11) % columns
    const [x, y] = await Promise.all([
      a.data.read((i * columns + j) * width, width),
      b.data.read((j * rows + i) * width, width),
    ])
    if (!x.every((byte, index) => byte === y[index])) return false
  }
  const bandRows = Math.max(1, Math.floor(BAND_BYTES / (columns * width)))
  for (let row = 0; row < rows; row += bandRows) {
    if (!(await isBandEqual(a, b, row, Math.min(bandRows, rows - row)))) return false
  }
  return true
}

/** Compares rows [first, first + count) of a with those columns of b. */
async function isBandEqual(a: LazyTensor, b: LazyTensor, first: number, count: number): Promise<boolean> {
  const [rows = 0, columns = 0] = a.shape
  const width = byteWidth(a.dtype)
  const band = await a.data.read(first * columns * width, count * columns * width)
  const isWhole = count === rows
  const whole = isWhole ? await b.data.read(0, b.data.sizeBytes) : undefined
  for (let j = 0; j < columns; j++) {
    const start = (j * rows + first) * width
    const line = whole ? whole.subarray(start, start + count * width) : await b.data.read(start, count * width)
    for (let i = 0; i < count; i++) {
      for (let byte = 0; byte < width; byte++) {
        if (band[(i * columns + j) * width + byte] !== line[i * width + byte]) return false
      }
    }
  }
  return true
}
