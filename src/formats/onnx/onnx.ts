import type { ModelFormat } from '../format'
import { looksLikeOnnx } from './match'
import { readModel } from './read-model'
import { writeModel } from './write-model'

export const onnx: ModelFormat = {
  match: (head) => looksLikeOnnx(head),
  read: (files, options) => readModel(files, options?.signal),
  write: (model, folder, name, options) => writeModel(model, folder, name, options),
}
