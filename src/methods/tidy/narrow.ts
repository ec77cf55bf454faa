import type { DType } from '../../core/dtypes'
import { dtypeToOnnx } from '../../core/dtypes'
import { throwIfAborted } from '../../core/errors'
import { allowFreeInitializers, castTensor } from '../../graph/constants'
import { attribute, type LazyTensor } from '../../graph/model'
import {
  constants,
  count,
  hasPlainBytes,
  isRejected,
  opsetOf,
  recordChange,
  reject,
  type ConstantEntry,
  type Tidy,
} from './rewrite'
import { scanTensor } from './scan'
import { replaceByNode } from './replace-by-node'
import { storeMask } from './store-mask'
import { findTriangle } from './triangle'

/** Narrower dtypes that are tried, narrowest first. */
const NARROWER: Readonly<Record<string, readonly DType[]>> = {
  float64: ['uint8', 'int8', 'float16', 'int16', 'uint16', 'float32', 'int32'],
  float32: ['uint8', 'int8', 'float16', 'int16', 'uint16'],
  float16: ['uint8', 'int8'],
  int64: ['uint8', 'int8', 'int16', 'uint16', 'int32'],
  int32: ['uint8', 'int8', 'int16', 'uint16'],
}

/** Integers that are quantized data already: what reads them wants exactly this type. */
const QUANTIZED_MATHS = /Linear$|Integer|^QLinear|NBits|Bnb4|BlockQuantized|^QGemm|^QAttention|^Quant/

/** Stores constants whose values a narrower dtype holds exactly in that dtype, behind the node that restores them. */
export async function narrowConstants(tidy: Tidy): Promise<number> {
  const { editor, context, options } = tidy
  let narrowed = 0
  const entries = [...constants(editor)]
  for (const [done, entry] of entries.entries()) {
    throwIfAborted(context.signal)
    const { tensor, value } = entry
    context.progress({ stage: 'tidy', item: tensor.name, done, total: entries.length, unit: 'items' })
    if (tensor.data.sizeBytes < options.minBytes || !hasPlainBytes(tensor) || value.uses.size === 0) continue
    if (!NARROWER[tensor.dtype] || editor.isOutput(value) || isRejected(tidy, tensor, 'narrow')) continue
    if ([...value.uses].some((use) => use.kind === 'input' && QUANTIZED_MATHS.test(use.node.opType))) continue
    if (await narrowOne(tidy, entry)) narrowed++
    else reject(tidy, tensor, 'narrow')
  }
  return narrowed
}

async function narrowOne(tidy: Tidy, entry: ConstantEntry): Promise<boolean> {
  const { editor, context, options } = tidy
  const { tensor, value } = entry
  const candidates = (NARROWER[tensor.dtype] ?? []).filter((dtype) =>
    dtype.startsWith('float') ? options.narrowFloat16 : options.narrowIntegers,
  )
  // Below opset 6, Cast names its type in another way.
  if (opsetOf(editor, value.body) < 6) return false
  const scan = await scanTensor(tensor, candidates, context.signal)
  if (scan.pair && options.narrowMasks) {
    const triangle = await findTriangle(tensor, scan.pair, context.signal)
    const stored = storeMask(tidy, entry, scan.pair, triangle, scan.fits)
    if (stored) return true
  }
  const [dtype] = scan.fits
  if (!dtype) return false
  storeBehindCast(tidy, entry, dtype)
  return true
}

function storeBehindCast(tidy: Tidy, { value, tensor }: ConstantEntry, dtype: DType): void {
  const { editor } = tidy
  if (editor.model.irVersion < 4 && allowFreeInitializers(editor)) count(tidy, 'lift to IR version 4')
  const stored: LazyTensor = castTensor(tensor, dtype)
  replaceByNode(editor, value, stored, {
    opType: 'Cast',
    output: `${value.name}_${tensor.dtype}`,
    attributes: [attribute.int('to', dtypeToOnnx(tensor.dtype))],
  })
  recordChange(tidy, tensor, dtype, stored.data.sizeBytes)
  count(tidy, `${tensor.dtype} tensors stored as ${dtype}`)
}
