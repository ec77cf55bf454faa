import { bitsOf, dtypeFromOnnx, elementCount, type DType } from '../core/dtypes'
import { assert } from '../core/errors'
import { asNumbers, numberToFloat16, type Tensor } from '../core/tensor'
import type { Bytes } from '../core/bytes'
import type { GraphEditor, Value } from './edit'
import { intAttribute, type LazyTensor, type Node, type TensorData } from './model'

/** A constant that may stand behind nodes that only restore its dtype or layout. */
export interface StoredConstant {
  /** The initializer or Constant node that holds the bytes. */
  readonly value: Value
  readonly tensor: LazyTensor
  /** The nodes between store and reader, the one nearest to the store first. */
  readonly path: readonly Node[]
}

const RESTORING = new Set(['Cast', 'Transpose', 'Reshape', 'Identity'])

/**
 * The stored tensor behind `value`, looking through Cast, Transpose, Reshape (to a constant shape) and Identity:
 * weights that `tidy` stores narrow or shared are still weights.
 */
export function constantThrough(editor: GraphEditor, value: Value | undefined): StoredConstant | undefined {
  const path: Node[] = []
  for (let at = value; at;) {
    const tensor = editor.constant(at)
    if (tensor) return { value: at, tensor, path: path.reverse() }
    const node: Node | undefined = at.producer
    if (!node || node.domain !== '' || !RESTORING.has(node.opType) || at.name !== node.outputs[0]) return undefined
    if (node.opType === 'Reshape' && !editor.constant(editor.input(node, 1))) return undefined
    path.push(node)
    at = editor.input(node, 0)
  }
  return undefined
}

/**
 * What a reader behind Casts and Identities gets: the stored tensor, converted when it is read.
 * undefined where the path changes the layout or a Cast would not be exact.
 */
export function widenedConstant(constant: StoredConstant): LazyTensor | undefined {
  let tensor = constant.tensor
  for (const node of constant.path) {
    if (node.opType === 'Identity') continue
    const to = node.opType === 'Cast' ? dtypeFromOnnx(intAttribute(node, 'to') ?? 0) : undefined
    if (!to || !isExactCast(tensor.dtype, to)) return undefined
    tensor = castTensor(tensor, to)
  }
  return tensor
}

const EXACT_CASTS: Readonly<Record<string, readonly DType[]>> = {
  float16: ['float32', 'float64'],
  float32: ['float64'],
  bool: ['uint8', 'int8', 'float16', 'float32', 'float64', 'int32', 'int64'],
  uint8: ['int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float16', 'float32', 'float64'],
  int8: ['int16', 'int32', 'int64', 'float16', 'float32', 'float64'],
  uint16: ['int32', 'uint32', 'int64', 'uint64', 'float32', 'float64'],
  int16: ['int32', 'int64', 'float32', 'float64'],
  uint32: ['int64', 'uint64', 'float64'],
  int32: ['int64', 'float64'],
}

/** Whether every value of `from` is a value of `to`. */
export function isExactCast(from: DType, to: DType): boolean {
  return from === to || (EXACT_CASTS[from]?.includes(to) ?? false)
}

/** The same values in another dtype, converted piece by piece when they are read. Exact only where they fit. */
export function castTensor(tensor: LazyTensor, dtype: DType, name = tensor.name): LazyTensor {
  if (tensor.dtype === dtype) return { name, dtype, shape: tensor.shape, data: tensor.data }
  return { name, dtype, shape: tensor.shape, data: castData(tensor, dtype) }
}

function castData(tensor: LazyTensor, dtype: DType): TensorData {
  const from = byteWidth(tensor.dtype)
  const to = byteWidth(dtype)
  return {
    sizeBytes: elementCount(tensor.shape) * to,
    async read(offset, length) {
      const first = Math.floor(offset / to)
      const last = Math.ceil((offset + length) / to)
      const data = await tensor.data.read(first * from, (last - first) * from)
      const bytes = encodeNumbers(dtype, asNumbers({ dtype: tensor.dtype, shape: [last - first], data }))
      return bytes.slice(offset - first * to, offset - first * to + length)
    },
  }
}

/** Bytes of one element. Only for types of whole bytes. */
export function byteWidth(dtype: DType): number {
  const bits = bitsOf(dtype)
  assert(bits !== undefined && bits % 8 === 0, `${dtype} has no whole bytes`)
  return bits / 8
}

/** Numbers as little-endian elements of `dtype`; float16 rounds to nearest even, integers take whole numbers only. */
export function encodeNumbers(dtype: DType, values: Float64Array): Bytes {
  if (dtype === 'float64') return new Uint8Array(values.slice().buffer)
  if (dtype === 'float16') return new Uint8Array(Uint16Array.from(values, numberToFloat16).buffer)
  if (dtype === 'int64') return new Uint8Array(BigInt64Array.from(values as Iterable<never>, BigInt).buffer)
  const make = ENCODERS[dtype as keyof typeof ENCODERS]
  assert(make, `numbers cannot be stored as ${dtype}`)
  return new Uint8Array(make(values).buffer)
}

const ENCODERS = {
  float32: (v: Float64Array) => Float32Array.from(v),
  int8: (v: Float64Array) => Int8Array.from(v),
  uint8: (v: Float64Array) => Uint8Array.from(v),
  bool: (v: Float64Array) => Uint8Array.from(v),
  int16: (v: Float64Array) => Int16Array.from(v),
  uint16: (v: Float64Array) => Uint16Array.from(v),
  int32: (v: Float64Array) => Int32Array.from(v),
  uint32: (v: Float64Array) => Uint32Array.from(v),
}

/** Reads a whole tensor into memory. */
export async function loadTensor(tensor: LazyTensor): Promise<Tensor> {
  if (tensor.strings) {
    const strings = (await tensor.strings()).map((bytes) => new TextDecoder().decode(bytes))
    return { dtype: tensor.dtype, shape: tensor.shape, data: new Uint8Array(0), strings }
  }
  return { dtype: tensor.dtype, shape: tensor.shape, data: await tensor.data.read(0, tensor.data.sizeBytes) }
}

/**
 * Lets initializers stand beside the inputs instead of among them, which needs IR version 4: up to IR 3 every
 * initializer must be listed as an input. Runtimes see the same inputs as before.
 * @returns whether the model was lifted; the caller notes it
 */
export function allowFreeInitializers(editor: GraphEditor): boolean {
  if (editor.model.irVersion >= 4) return false
  editor.unlistInitializerInputs(editor.model.graph)
  editor.setIrVersion(4)
  return true
}
