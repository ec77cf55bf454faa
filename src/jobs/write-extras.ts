import { memorySource, type ByteSink } from '../core/bytes'
import { sha256Of } from '../core/hash'
import type { WrittenFile } from '../formats/format'
import type { ExtraFile } from '../methods/method'
import type { CompressRequest } from './request'

export interface WrittenExtras {
  readonly files: readonly WrittenFile[]
  /** Removes them again, where the model could not be written. */
  undo(): Promise<void>
}

/**
 * Files that belong beside the model, e.g. `model.calib.cache` of `model.onnx`. They are written before it, so that it
 * never stands there without them.
 * @throws UsageError, DeviceError where one cannot be written; none of them is left then
 */
export async function writeExtras(
  extras: readonly ExtraFile[],
  { folder, outputName }: Pick<CompressRequest, 'folder' | 'outputName'>,
): Promise<WrittenExtras> {
  const sinks: ByteSink[] = []
  const files: WrittenFile[] = []
  const undo = async () => {
    for (const sink of sinks) await sink.abort()
  }
  try {
    for (const { suffix, bytes } of extras) {
      const name = `${outputName.replace(/\.[^./\\]*$/, '')}${suffix}`
      const sink = await folder.create(name)
      sinks.push(sink)
      await sink.write(bytes)
      files.push({ name, sizeBytes: bytes.byteLength, sha256: await sha256Of([memorySource(bytes, name)]) })
    }
    for (const sink of sinks) await sink.close()
  } catch (error) {
    await undo()
    throw error
  }
  return { files, undo }
}
