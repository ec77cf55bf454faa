import type { FileSet } from '../core/bytes'
import { FormatError } from '../core/errors'
import { describeBytes } from './describe'
import type { FormatMeta, ModelFormat } from './format'

export interface ModelFormatEntry {
  readonly meta: FormatMeta
  load(): Promise<ModelFormat>
}

/** Every model format, one line each. */
export const MODEL_FORMATS: readonly ModelFormatEntry[] = [
  { meta: { id: 'onnx', label: 'ONNX', extensions: ['.onnx'] }, load: async () => (await import('./onnx/onnx')).onnx },
]

/** Bytes that `match` gets to see. */
const HEAD_BYTES = 4096

/**
 * Finds the format of a model file by its content.
 * @throws FormatError saying what the file looks like and what Plume reads
 */
export async function detectModel(files: FileSet): Promise<ModelFormat> {
  return (await detectModelEntry(files)).load()
}

/** As `detectModel`, with the format's name and extensions. */
export async function detectModelEntry(files: FileSet): Promise<ModelFormatEntry> {
  const { main } = files
  const head = await main.read(0, Math.min(HEAD_BYTES, main.sizeBytes))
  for (const entry of MODEL_FORMATS) {
    if ((await entry.load()).match(head, main.name)) return entry
  }
  const known = MODEL_FORMATS.map(({ meta }) => `${meta.label} (${meta.extensions.join(', ')})`).join(', ')
  throw new FormatError(`expected a model file; ${describeBytes(head)}`, {
    file: main.name,
    offset: 0,
    hint: `Plume does not read this kind of file as a model yet. It reads: ${known}.`,
  })
}

/** The format whose extension a file name has; undefined when it is none of ours. */
export function modelFormatForName(name: string): ModelFormatEntry | undefined {
  const lower = name.toLowerCase()
  return MODEL_FORMATS.find(({ meta }) => meta.extensions.some((extension) => lower.endsWith(extension)))
}
