/** Files that hold one TensorProto (`.pb`): inputs and outputs of ONNX's own tests. */
import { concatBytes, type ByteSource, type Bytes } from '../../core/bytes'
import { bitsOf } from '../../core/dtypes'
import { FormatError, UnsupportedError } from '../../core/errors'
import type { Tensor } from '../../core/tensor'
import { dataFromBytes, type LazyTensor } from '../../graph/model'
import { Cursor, drive } from './cursor'
import { MessageWriter } from './message-writer'
import { readTensor } from './read-tensor'
import { MODEL, WIRE } from './schema'
import { writeTensor } from './write-tensor'

export interface NamedTensor {
  /** '' where the file gives none. */
  readonly name: string
  readonly tensor: Tensor
}

/**
 * Reads a file that is one TensorProto.
 * @throws FormatError naming file and byte; UnsupportedError for strings, unknown types and elements in another file
 */
export async function readTensorFile(source: ByteSource, signal?: AbortSignal): Promise<NamedTensor> {
  const cursor = new Cursor(source)
  cursor.what = 'the tensor'
  // the message is the whole file: no field stands around it
  cursor.wire = WIRE.bytes
  cursor.size = source.sizeBytes
  const context = { cursor, externals: [], offsets: new Map<object, number>(), depth: 0 }
  const lazy = await drive(readTensor(context), signal)
  if (lazy.dtype === 'undefined') {
    throw new FormatError('the tensor: expected its element type, found none', {
      file: source.name,
      offset: 0,
      hint: 'Give a file with one TensorProto, e.g. written by onnx.save_tensor.',
    })
  }
  if (context.externals.length > 0) {
    throw new UnsupportedError(`${source.name}: the elements stand in another file. Save the tensor with its elements.`)
  }
  if (bitsOf(lazy.dtype) === undefined) {
    throw new UnsupportedError(`${source.name}: elements of type ${lazy.dtype} are not read. Save numbers instead.`)
  }
  const data = await lazy.data.read(0, lazy.data.sizeBytes)
  return { name: lazy.name, tensor: { dtype: lazy.dtype, shape: lazy.shape, data } }
}

/** The bytes that `onnx.save_tensor` writes for a tensor with raw data. */
export function writeTensorFile(name: string, { dtype, shape, data }: Tensor): Bytes {
  const writer = new MessageWriter()
  const lazy: LazyTensor = { name, dtype, shape, data: dataFromBytes(data) }
  writeTensor(writer, MODEL.graph, lazy)
  // what `writeTensor` wrote is a field of a message: its tag and length go, the content is the file
  const { skeleton, holes } = writer
  const start = 1 + lengthBytes(skeleton)
  const at = holes[0]?.at ?? skeleton.length
  return concatBytes([skeleton.subarray(start, at), ...(holes.length > 0 ? [data] : []), skeleton.subarray(at)])
}

/** Bytes of the length that follows a one-byte tag. */
function lengthBytes(message: Bytes): number {
  let count = 1
  while ((message[count] ?? 0) > 127) count++
  return count
}
