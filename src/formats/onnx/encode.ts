import type { Bytes, OutputFolder } from '../../core/bytes'
import { UnsupportedError } from '../../core/errors'
import type { Model } from '../../graph/model'
import { encodeSkeleton, isUnchanged, LARGEST_FILE_BYTES, writeModel } from './write-model'

/**
 * The model as one ONNX file in memory, external data inlined: what onnxruntime takes.
 * @throws UnsupportedError when it would pass 2 GB
 */
export async function encodeOnnx(model: Model, options: { signal?: AbortSignal } = {}): Promise<Bytes> {
  const sizeBytes = isUnchanged(model) ? model.source!.main.sizeBytes : encodeSkeleton(model).sizeBytes
  if (sizeBytes > LARGEST_FILE_BYTES) {
    throw new UnsupportedError(
      `The model takes ${sizeBytes} bytes in one piece; at most ${LARGEST_FILE_BYTES} can be handed to onnxruntime.`,
    )
  }
  const chunks: Bytes[] = []
  const folder: OutputFolder = {
    create: async () => ({
      write: async (chunk) => void chunks.push(chunk),
      close: async () => {},
      abort: async () => {},
    }),
  }
  const [file] = await writeModel(model, folder, 'model.onnx', options)
  const bytes = new Uint8Array(file!.sizeBytes)
  let at = 0
  for (const chunk of chunks.splice(0)) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
