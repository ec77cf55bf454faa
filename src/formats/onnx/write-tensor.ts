import { bitsOf, dtypeToOnnx, elementCount, storageBytes } from '../../core/dtypes'
import { assert } from '../../core/errors'
import type { LazyTensor, SparseTensor } from '../../graph/model'
import { onnxCarried } from './carried'
import type { MessageWriter } from './message-writer'
import { DATA_LOCATION_EXTERNAL, SPARSE, TENSOR } from './schema'
import { writeEntries } from './write-entries'

/** Decides where a tensor's elements go: a place in another file, or null for the model file itself. */
export type TensorPlace = (tensor: LazyTensor) => { location: string; offset: number } | null

/** The elements of string tensors, which must be known before the skeleton is made. */
const stringsRead = new WeakMap<LazyTensor, readonly Uint8Array[]>()

/** Whether `prepareStrings` is needed before `writeTensor`. */
export function needsStrings(tensor: LazyTensor): boolean {
  return tensor.dtype === 'string' && !storedAsRead(tensor)
}

export async function prepareStrings(tensor: LazyTensor): Promise<void> {
  stringsRead.set(tensor, (await tensor.strings?.()) ?? [])
}

/** The fields with the elements as the file has them, where these are still the elements. */
function storedAsRead(tensor: LazyTensor) {
  const stored = onnxCarried(tensor)?.tensor
  return stored && stored.data === tensor.data && stored.dtype === tensor.dtype ? stored.payload : undefined
}

export function writeTensor(writer: MessageWriter, field: number, tensor: LazyTensor, place?: TensorPlace): void {
  const carried = onnxCarried(tensor)
  const explicit = carried?.explicit ?? []
  const outside = place?.(tensor)
  const dataType = dtypeToOnnx(tensor.dtype)
  writer.message(field, () => {
    for (const dim of tensor.shape) writer.int64(TENSOR.dims, dim)
    if (dataType !== 0 || explicit.includes(TENSOR.dataType)) writer.int64(TENSOR.dataType, dataType)
    if (tensor.name !== '' || explicit.includes(TENSOR.name)) writer.text(TENSOR.name, tensor.name)
    if (!outside) writePayload(writer, tensor)
    if (tensor.docString !== undefined) writer.text(TENSOR.docString, tensor.docString)
    if (outside) writeLocation(writer, tensor, outside)
    else if (explicit.includes(TENSOR.dataLocation)) writer.int64(TENSOR.dataLocation, 0)
    writeEntries(writer, TENSOR.metadata, tensor.metadata, carried)
    for (const raw of carried?.unknown ?? []) writer.raw(raw)
  })
}

function writePayload(writer: MessageWriter, tensor: LazyTensor): void {
  const stored = storedAsRead(tensor)
  if (stored) {
    for (const raw of stored) writer.raw(raw)
  } else if (tensor.dtype === 'string') {
    for (const text of stringsRead.get(tensor) ?? []) writer.bytes(TENSOR.stringData, text)
  } else {
    const expected = storageBytes(tensor.dtype, elementCount(tensor.shape))
    const found = tensor.data.sizeBytes
    assert(expected === undefined || expected === found, `tensor ${tensor.name} takes ${expected} bytes, has ${found}`)
    writer.data(TENSOR.rawData, tensor.data)
  }
}

function writeLocation(
  writer: MessageWriter,
  tensor: LazyTensor,
  { location, offset }: { location: string; offset: number },
): void {
  const entries = new Map([
    ['location', location],
    ['offset', String(offset)],
    ['length', String(tensor.data.sizeBytes)],
  ])
  writeEntries(writer, TENSOR.externalData, entries)
  writer.int64(TENSOR.dataLocation, DATA_LOCATION_EXTERNAL)
}

export function writeSparseTensor(
  writer: MessageWriter,
  field: number,
  sparse: SparseTensor,
  place?: TensorPlace,
): void {
  writer.message(field, () => {
    writeTensor(writer, SPARSE.values, sparse.values, place)
    writeTensor(writer, SPARSE.indices, sparse.indices, place)
    for (const dim of sparse.shape) writer.int64(SPARSE.dims, dim)
    for (const raw of onnxCarried(sparse)?.unknown ?? []) writer.raw(raw)
  })
}

/** Whether a tensor's elements can stand in another file: plain bytes of a known width. */
export function canStandOutside(tensor: LazyTensor): boolean {
  return bitsOf(tensor.dtype) !== undefined || (tensor.data.sizeBytes > 0 && tensor.dtype !== 'string')
}
