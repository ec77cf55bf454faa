import { MemoryFolder, type Bytes } from '../core/bytes'
import { writeModel } from '../formats/onnx/write-model'
import type { Model } from '../graph/model'

/** A model as the bytes of one ONNX file. */
export async function modelBytes(model: Model): Promise<Bytes> {
  const folder = new MemoryFolder()
  await writeModel(model, folder, 'model.onnx')
  return folder.files.get('model.onnx') as Bytes
}
