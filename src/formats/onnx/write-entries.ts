import type { OnnxCarried } from './carried'
import { sameBytes } from './carried'
import { encodeParts, type MessageWriter } from './message-writer'
import { ENTRY, OPSET } from './schema'

export function writeEntries(
  writer: MessageWriter,
  field: number,
  entries: ReadonlyMap<string, string> | undefined,
  carried?: OnnxCarried,
): void {
  if (!entries) return
  writeSpelled(writer, field, carried, (target) => {
    for (const [key, value] of entries) {
      target.message(field, () => {
        target.text(ENTRY.key, key)
        target.text(ENTRY.value, value)
      })
    }
  })
}

export function writeOpsets(
  writer: MessageWriter,
  field: number,
  opsets: ReadonlyMap<string, number>,
  carried?: OnnxCarried,
): void {
  writeSpelled(writer, field, carried, (target) => {
    for (const [domain, version] of opsets) {
      target.message(field, () => {
        target.text(OPSET.domain, domain)
        target.int64(OPSET.version, version)
      })
    }
  })
}

/** Writes as `write` does, or as the file spelled it where that meant the same. */
export function writeSpelled(
  writer: MessageWriter,
  field: number,
  carried: OnnxCarried | undefined,
  write: (writer: MessageWriter) => void,
): void {
  const verbatim = carried?.verbatim?.get(field)
  if (!verbatim) return write(writer)
  const bytes = encodeParts(write)
  writer.raw(sameBytes(bytes, verbatim.canonical) ? verbatim.raw : bytes)
}
