/** Protobuf spelled by hand, independently of the writer under test, and memory files. Not part of the product. */
import { concatBytes, memorySource, MemoryFolder, type ByteSource, type Bytes, type FileSet } from '../../core/bytes'
import type { Model } from '../../graph/model'
import type { WriteOptions } from '../format'
import { readModel } from './read-model'
import { writeModel } from './write-model'

export type Part = Uint8Array | string | readonly number[]

export const utf8 = (text: string) => new TextEncoder().encode(text)

function bytesOf(part: Part): Uint8Array {
  return typeof part === 'string' ? utf8(part) : part instanceof Uint8Array ? part : Uint8Array.from(part)
}

/** A base-128 number; negative ones take ten bytes, as in protobuf. */
export function varint(value: number | bigint): Bytes {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest >= 128n; rest /= 128n) bytes.push(Number(rest % 128n) + 128)
  return Uint8Array.from([...bytes, Number(rest)])
}

const tag = (field: number, wire: number) => varint(field * 8 + wire)

/** Field with a number. */
export const num = (field: number, value: number | bigint) => concatBytes([tag(field, 0), varint(value)])

/** Field with bytes, text or a message. */
export function len(field: number, ...parts: readonly Part[]): Bytes {
  const content = concatBytes(parts.map(bytesOf))
  return concatBytes([tag(field, 2), varint(content.length), content])
}

export const f32 = (field: number, value: number) =>
  concatBytes([tag(field, 5), new Uint8Array(Float32Array.of(value).buffer)])

export const f64 = (field: number, value: number) =>
  concatBytes([tag(field, 1), new Uint8Array(Float64Array.of(value).buffer)])

/** A ModelProto of IR 8 and opset 17 around the fields of a graph. */
export const modelOf = (...graph: readonly Part[]) =>
  concatBytes([num(1, 8), len(7, ...graph), len(8, len(1, ''), num(2, 17))])

/** An initializer `name` of a graph. */
export const initializer = (name: string, ...fields: readonly Part[]) => len(5, ...fields, len(8, name))

/** A NodeProto field of a graph. */
export const nodeOf = (
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  ...more: readonly Part[]
) => len(1, ...inputs.map((name) => len(1, name)), ...outputs.map((name) => len(2, name)), len(4, opType), ...more)

export function filesOf(bytes: Bytes, name = 'm.onnx', siblings: Readonly<Record<string, Bytes>> = {}): FileSet {
  return {
    main: memorySource(bytes, name),
    sibling: async (path) => (Object.hasOwn(siblings, path) ? memorySource(siblings[path]!, path) : null),
  }
}

export const readBytes = (bytes: Bytes, siblings: Readonly<Record<string, Bytes>> = {}): Promise<Model> =>
  readModel(filesOf(bytes, 'm.onnx', siblings))

/** Writes into memory, encoding anew unless told otherwise. */
export async function written(model: Model, options: WriteOptions = { reencode: true }): Promise<Map<string, Bytes>> {
  const folder = new MemoryFolder()
  await writeModel(model, folder, 'out.onnx', options)
  return folder.files
}

export async function rewritten(bytes: Bytes, siblings: Readonly<Record<string, Bytes>> = {}): Promise<Bytes> {
  return (await written(await readBytes(bytes, siblings))).get('out.onnx')!
}

/** Counts what is read from a source. */
export function countingSource(source: ByteSource): ByteSource & { readonly readBytes: number } {
  return {
    ...source,
    readBytes: 0,
    async read(offset, length) {
      ;(this as { readBytes: number }).readBytes += length
      return source.read(offset, length)
    },
  }
}
