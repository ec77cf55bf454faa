import type { Bytes } from '../../core/bytes'
import { concatBytes } from '../../core/bytes'
import { sameBytes, type Verbatim } from './carried'
import type { Cursor, Step } from './cursor'
import { encodeParts } from './message-writer'
import { ENTRY, OPSET } from './schema'
import { writeEntries, writeOpsets } from './write-entries'

/** Collects the key–value pairs of one repeated StringStringEntryProto field. */
export class EntryReader {
  readonly field: number
  readonly raws: Bytes[] = []
  readonly #entries = new Map<string, string>()

  constructor(field: number) {
    this.field = field
  }

  *read(cursor: Cursor): Step<void> {
    yield* cursor.load()
    const { tagAt } = cursor
    const end = cursor.messageEnd()
    let key = ''
    let value = ''
    while (yield* cursor.next(end)) {
      if (cursor.field === ENTRY.key) key = yield* cursor.text()
      else if (cursor.field === ENTRY.value) value = yield* cursor.text()
      else cursor.skip()
    }
    this.#entries.set(key, value)
    cursor.moveTo(tagAt)
    this.raws.push(yield* reread(cursor, tagAt, end))
  }

  map(): Map<string, string> | undefined {
    return this.raws.length > 0 ? this.#entries : undefined
  }

  verbatim(): Map<number, Verbatim> | undefined {
    if (this.raws.length === 0) return undefined
    return verbatimOf(
      this.field,
      this.raws,
      encodeParts((writer) => writeEntries(writer, this.field, this.#entries)),
    )
  }
}

/** Collects the operator sets of a model or function. */
export class OpsetReader {
  readonly field: number
  readonly opsets = new Map<string, number>()
  readonly #raws: Bytes[] = []

  constructor(field: number) {
    this.field = field
  }

  *read(cursor: Cursor): Step<void> {
    yield* cursor.load()
    const { tagAt } = cursor
    const end = cursor.messageEnd()
    let domain = ''
    let version = 0
    while (yield* cursor.next(end)) {
      if (cursor.field === OPSET.domain) domain = yield* cursor.text()
      else if (cursor.field === OPSET.version) version = cursor.safeInt()
      else cursor.skip()
    }
    // both names mean the standard operators
    const known = domain === 'ai.onnx' ? '' : domain
    // nodes bind to the highest version that is imported
    this.opsets.set(known, Math.max(version, this.opsets.get(known) ?? version))
    this.#raws.push(yield* reread(cursor, tagAt, end))
  }

  verbatim(): Map<number, Verbatim> | undefined {
    if (this.#raws.length === 0) return undefined
    return verbatimOf(
      this.field,
      this.#raws,
      encodeParts((writer) => writeOpsets(writer, this.field, this.opsets)),
    )
  }
}

/** Copies `[start, end)`, behind which the cursor then stands. */
export function* reread(cursor: Cursor, start: number, end: number): Step<Bytes> {
  cursor.moveTo(start)
  if (!cursor.has(end - start)) yield cursor.fill(end - start)
  const bytes = cursor.copy(start, end)
  cursor.moveTo(end)
  return bytes
}

function verbatimOf(field: number, raws: readonly Bytes[], canonical: Bytes): Map<number, Verbatim> | undefined {
  const raw = concatBytes(raws)
  return sameBytes(raw, canonical) ? undefined : new Map([[field, { raw, canonical }]])
}
