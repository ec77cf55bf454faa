import { basename, extname, join } from 'node:path'
import { UsageError } from '../core/errors'
import type { GivenArray } from '../jobs/run/feeds'
import { readNpyArray } from '../formats/npy/npy'
import { isNpy } from '../formats/npy/npy-header'
import { readNpz } from '../formats/npy/npz'
import { isZip } from '../formats/npy/zip-reader'
import { readTensorFile } from '../formats/onnx/tensor-file'
import { kindOf, nodeSampleFiles, nodeSource } from './files'

/**
 * Whole arrays from .npz archives, .npy files, `.pb` tensors (TensorProto), and folders of `.pb` files.
 * @throws UsageError, FormatError, UnsupportedError naming the file
 */
export async function readArrays(paths: readonly string[], signal: AbortSignal): Promise<GivenArray[]> {
  const arrays: GivenArray[] = []
  for (const path of paths) {
    const files = (await kindOf(path)) === 'folder' ? await tensorsIn(path) : [path]
    for (const file of files) arrays.push(...(await readFileArrays(file, signal)))
  }
  return arrays
}

/** `input_*.pb` where there are some (ONNX's tests keep outputs beside them), else every `.pb`. */
async function tensorsIn(folder: string): Promise<string[]> {
  const { paths } = await nodeSampleFiles(folder)
  const tensors = paths.filter((path) => path.endsWith('.pb') && !path.includes('/'))
  const inputs = tensors.filter((path) => /^input_\d+\.pb$/.test(path))
  if (tensors.length === 0) throw new UsageError(`${folder}: a folder with .pb tensors was expected, found none.`)
  return (inputs.length > 0 ? inputs : tensors).map((path) => join(folder, path))
}

async function readFileArrays(path: string, signal: AbortSignal): Promise<GivenArray[]> {
  const source = await nodeSource(path)
  const head = await source.read(0, Math.min(8, source.sizeBytes))
  if (isZip(head)) {
    return [...(await readNpz(source, signal))].map(([name, tensor]) => ({ name, fileName: '', tensor }))
  }
  const fileName = basename(path, extname(path))
  if (isNpy(head)) return [{ name: '', fileName, tensor: await readNpyArray(source, source.name) }]
  if (extname(path).toLowerCase() !== '.pb') {
    throw new UsageError(`${path} holds no arrays that Plume reads. Give .npz, .npy, or .pb tensors (TensorProto).`)
  }
  return [{ fileName, ...(await readTensorFile(source, signal)) }]
}
