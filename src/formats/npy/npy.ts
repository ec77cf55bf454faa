import { concatBytes, type ByteSource, type Bytes } from '../../core/bytes'
import { bitsOf, elementCount } from '../../core/dtypes'
import { FormatError, UnsupportedError } from '../../core/errors'
import { tensor, type Tensor } from '../../core/tensor'
import { npyCodeOf, readNpyHeader, type NpyHeader } from './npy-header'

/** Largest array that is read: it is held in memory, and browsers refuse buffers near 2 GiB. */
export const MAX_ARRAY_BYTES = 2 ** 31 - 1

/**
 * Reads one .npy array; big-endian elements and Fortran order become little-endian and row-major.
 * @param label what messages call it, e.g. 'data.npz: labels.npy'
 * @throws FormatError, UnsupportedError
 */
export async function readNpyArray(source: Pick<ByteSource, 'read' | 'sizeBytes'>, label: string): Promise<Tensor> {
  const header = await readNpyHeader((offset, length) => source.read(offset, length), source.sizeBytes, label)
  const itemBytes = (bitsOf(header.dtype) as number) / 8
  const sizeBytes = elementCount(header.shape) * itemBytes
  const found = source.sizeBytes - header.dataOffset
  if (sizeBytes !== found) {
    throw new FormatError(
      `${header.dtype} of shape (${header.shape.join(', ')}) takes ${sizeBytes} bytes, but ${found} follow the header`,
      { file: label, offset: header.dataOffset },
    )
  }
  if (sizeBytes > MAX_ARRAY_BYTES) {
    throw new UnsupportedError(
      `${label}: the array has ${sizeBytes} bytes; at most ${MAX_ARRAY_BYTES} are read. Give fewer samples.`,
    )
  }
  const data = await source.read(header.dataOffset, sizeBytes)
  return toTensor(header, data, itemBytes)
}

function toTensor(header: NpyHeader, data: Bytes, itemBytes: number): Tensor {
  // a complex number is two numbers, each with its own byte order
  if (header.isBigEndian) reverseItems(data, header.dtype.startsWith('complex') ? itemBytes / 2 : itemBytes)
  const ordered = header.isFortranOrder ? toRowMajor(data, header.shape, itemBytes) : data
  if (header.dtype === 'bool') for (let i = 0; i < ordered.length; i++) ordered[i] = ordered[i] ? 1 : 0
  return tensor(header.dtype, header.shape, ordered)
}

function reverseItems(data: Bytes, itemBytes: number): void {
  if (itemBytes === 1) return
  for (let at = 0; at < data.length; at += itemBytes) data.subarray(at, at + itemBytes).reverse()
}

/** First index fastest → last index fastest. */
function toRowMajor(data: Bytes, shape: readonly number[], itemBytes: number): Bytes {
  const rank = shape.length
  if (rank < 2) return data
  const strides: number[] = []
  for (let axis = 0, stride = itemBytes; axis < rank; axis++) {
    strides.push(stride)
    stride *= shape[axis] as number
  }
  const result = new Uint8Array(data.length)
  const index = new Array<number>(rank).fill(0)
  let from = 0
  for (let to = 0; to < data.length; to += itemBytes) {
    for (let i = 0; i < itemBytes; i++) result[to + i] = data[from + i] as number
    for (let axis = rank - 1; axis >= 0; axis--) {
      const next = (index[axis] as number) + 1
      from += strides[axis] as number
      if (next < (shape[axis] as number)) {
        index[axis] = next
        break
      }
      from -= next * (strides[axis] as number)
      index[axis] = 0
    }
  }
  return result
}

/**
 * The bytes that `numpy.save` writes for a row-major array (format 1.0).
 * @throws UnsupportedError for element types that NumPy does not have (bfloat16, int4, strings, …)
 */
export function writeNpyArray(array: Tensor): Bytes {
  const code = npyCodeOf(array.dtype)
  if (!code) throw new UnsupportedError(`NumPy has no type for ${array.dtype}; convert the array to float32 first.`)
  const order = code.endsWith('1') ? '|' : '<'
  const shape = array.shape.length === 1 ? `(${array.shape[0]},)` : `(${array.shape.join(', ')})`
  const text = `{'descr': '${order}${code}', 'fortran_order': False, 'shape': ${shape}, }`
  // the elements begin at a multiple of 64, the header ends with a newline
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10
  const head = new Uint8Array(10)
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 255, length >> 8])
  return concatBytes([head, new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), array.data])
}
