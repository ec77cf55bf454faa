import type { FileSet, OutputFolder } from '../core/bytes'
import type { Note, OnProgress } from '../core/progress'
import type { WrittenFile } from '../formats/format'
import { openInput } from './input'
import { writerForName } from './write-model'

export interface ConvertRequest {
  readonly files: FileSet
  readonly folder: OutputFolder
  /** Its ending names the format; `.mjs` is a JavaScript module. */
  readonly outputName: string
  readonly externalData: 'auto' | 'always'
}

export interface ConvertResult {
  readonly version: 1
  readonly input: { readonly name: string; readonly format: string; readonly sizeBytes: number }
  readonly files: readonly WrittenFile[]
  readonly notes: readonly Note[]
}

/**
 * Reads a model and writes it anew, in the format that the output's name asks for.
 * @throws FormatError, UnsupportedError for an ending that no format has
 */
export async function convertModel(
  request: ConvertRequest,
  ports: { signal: AbortSignal; onProgress: OnProgress },
): Promise<ConvertResult> {
  const input = await openInput(request.files, ports.signal)
  const target = await writerForName(request.outputName)
  const files = await target.write(input.model, request.folder, request.outputName, {
    ...ports,
    externalData: request.externalData,
    reencode: true,
  })
  return {
    version: 1,
    input: { name: request.files.main.name, format: input.meta.id, sizeBytes: input.sizeBytes },
    files,
    notes: [],
  }
}
