import type { Bytes } from '../../core/bytes'
import type { DType } from '../../core/dtypes'
import type { TensorData } from '../../graph/model'
import type { Range } from './carried'
import { Cursor, drive, type Step } from './cursor'
import { TENSOR, WIRE } from './schema'

/** Which typed field holds a dtype, and how many bytes of the canonical form one stored value makes. */
export interface TypedForm {
  readonly field: number
  readonly unitBytes: number
}

/** Source: comments of TensorProto in onnx.in.proto. Sub-byte types are packed, a byte per int32. */
export function typedForm(dtype: DType): TypedForm | undefined {
  switch (dtype) {
    case 'float32':
    case 'complex64':
      return { field: TENSOR.floatData, unitBytes: 4 }
    case 'float64':
    case 'complex128':
      return { field: TENSOR.doubleData, unitBytes: 8 }
    case 'int64':
      return { field: TENSOR.int64Data, unitBytes: 8 }
    case 'uint32':
      return { field: TENSOR.uint64Data, unitBytes: 4 }
    case 'uint64':
      return { field: TENSOR.uint64Data, unitBytes: 8 }
    case 'int32':
      return { field: TENSOR.int32Data, unitBytes: 4 }
    case 'int16':
    case 'uint16':
    case 'float16':
    case 'bfloat16':
      return { field: TENSOR.int32Data, unitBytes: 2 }
    case 'undefined':
    case 'string':
      return undefined
    default:
      return dtype.startsWith('unknown-') ? undefined : { field: TENSOR.int32Data, unitBytes: 1 }
  }
}

/** Values between two entries of the table of known positions. */
const CHECKPOINT_VALUES = 65536

/**
 * Elements kept one by one (`int32_data` and its kin), turned into canonical bytes when they are read. Varints have no
 * fixed width, so the way to a position is remembered every 64 Ki values.
 */
export class TypedData implements TensorData {
  readonly sizeBytes: number
  readonly #what: string
  readonly #form: TypedForm
  readonly #runs: readonly Range[]
  /** At index k: where value k·CHECKPOINT_VALUES starts, inside which packed field (its end), in which run. */
  readonly #checkpoints: { run: number; offset: number; packedEnd: number }[] = []

  /** @param runs whole fields (tags included), all of `form.field` */
  constructor(what: string, sizeBytes: number, form: TypedForm, runs: readonly Range[]) {
    this.#what = what
    this.sizeBytes = sizeBytes
    this.#form = form
    this.#runs = runs
  }

  async read(offset: number, length: number): Promise<Bytes> {
    const { unitBytes } = this.#form
    const first = Math.floor(offset / unitBytes)
    const last = Math.ceil((offset + length) / unitBytes)
    const bytes = new Uint8Array(Math.max(last - first, 0) * unitBytes)
    if (length > 0) await drive(this.#decode(first, last, new DataView(bytes.buffer)))
    const skipped = offset - first * unitBytes
    return skipped === 0 && bytes.length === length ? bytes : bytes.slice(skipped, skipped + length)
  }

  *#decode(first: number, last: number, out: DataView): Step<void> {
    const known = Math.min(Math.floor(first / CHECKPOINT_VALUES), this.#checkpoints.length - 1)
    const from = this.#checkpoints[known]
    let value = Math.max(known, 0) * CHECKPOINT_VALUES
    let packedEnd = from?.packedEnd ?? 0
    let offset = from?.offset
    for (let run = from?.run ?? 0; run < this.#runs.length && value < last; run++) {
      const { source, offset: start, length } = this.#runs[run]!
      const cursor = new Cursor(source)
      cursor.what = this.#what
      cursor.moveTo(offset ?? start)
      offset = undefined
      while (value < last && (cursor.offset < packedEnd || cursor.offset < start + length)) {
        if (!cursor.has(20)) yield cursor.fill(20)
        if (value % CHECKPOINT_VALUES === 0) {
          this.#checkpoints[value / CHECKPOINT_VALUES] ??= { run, offset: cursor.offset, packedEnd }
        }
        if (cursor.offset >= packedEnd) {
          cursor.head(start + length)
          cursor.spend(-4)
          packedEnd = cursor.wire === WIRE.bytes ? cursor.messageEnd() : 0
          if (cursor.wire === WIRE.bytes) continue
        }
        this.#store(cursor, value >= first ? out : null, (value - first) * this.#form.unitBytes)
        if (packedEnd > 0 && cursor.offset > packedEnd)
          cursor.fail('a value runs over the end of its field', cursor.offset)
        value++
      }
    }
    if (value < last) {
      const end = this.#runs.at(-1)
      new Cursor(end!.source).fail(
        `${this.#what}: expected ${this.sizeBytes / this.#form.unitBytes} stored values, found ${value}`,
        end!.offset + end!.length,
      )
    }
  }

  #store(cursor: Cursor, out: DataView | null, at: number): void {
    const { field, unitBytes } = this.#form
    if (field === TENSOR.floatData) {
      const bits = cursor.fixed32()
      out?.setUint32(at, bits, true)
    } else if (field === TENSOR.doubleData) {
      const low = cursor.fixed32()
      const high = cursor.fixed32()
      out?.setUint32(at, low, true)
      out?.setUint32(at + 4, high, true)
    } else {
      cursor.varint()
      if (!out) return
      if (unitBytes === 1) out.setUint8(at, cursor.low)
      else if (unitBytes === 2) out.setUint16(at, cursor.low, true)
      else out.setUint32(at, cursor.low, true)
      if (unitBytes === 8) out.setUint32(at + 4, cursor.high, true)
    }
  }
}

/** Reads the entries of a string tensor. */
export function* readStrings(what: string, runs: readonly Range[]): Step<Bytes[]> {
  const strings: Bytes[] = []
  for (const { source, offset, length } of runs) {
    const cursor = new Cursor(source)
    cursor.what = what
    cursor.moveTo(offset)
    while (yield* cursor.next(offset + length)) strings.push(yield* cursor.bytes())
  }
  return strings
}
