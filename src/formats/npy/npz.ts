import { zipSync } from 'fflate'
import { memorySource, type ByteSource, type Bytes } from '../../core/bytes'
import { FormatError, throwIfAborted, UnsupportedError } from '../../core/errors'
import { sha256Of } from '../../core/hash'
import type { Tensor } from '../../core/tensor'
import type { SampleFormat, Samples } from '../format'
import { labelsFrom } from './labels'
import { readNpyArray, writeNpyArray } from './npy'
import { isNpy } from './npy-header'
import { isZip, readZipDirectory, readZipEntry } from './zip-reader'

/**
 * All arrays of a .npz archive by name (without `.npy`), in the archive's order.
 * @throws FormatError, UnsupportedError
 */
export async function readNpz(source: ByteSource, signal?: AbortSignal): Promise<Map<string, Tensor>> {
  const arrays = new Map<string, Tensor>()
  for (const entry of await readZipDirectory(source)) {
    if (entry.isDirectory) continue
    throwIfAborted(signal)
    if (!entry.path.endsWith('.npy')) {
      throw new FormatError(`a .npz archive holds .npy files only, found ${entry.path}`, {
        file: source.name,
        offset: entry.headerOffset,
        hint: 'Save arrays with numpy.savez; give pictures as an unpacked folder.',
      })
    }
    const bytes = await readZipEntry(source, entry, signal)
    arrays.set(entry.path.slice(0, -4), await readNpyArray(memorySource(bytes), `${source.name}: ${entry.path}`))
  }
  return arrays
}

/** Largest archive that is written, for zip64 is not used. */
const MAX_NPZ_BYTES = 2 ** 31 - 1

/**
 * The bytes of a .npz archive; equal arrays give equal bytes, for the dates are fixed.
 * @throws UnsupportedError for element types that NumPy lacks, or over 2 GB
 */
export function writeNpz(arrays: ReadonlyMap<string, Tensor>, options: { compress?: boolean } = {}): Bytes {
  const total = [...arrays.values()].reduce((sum, array) => sum + array.data.byteLength, 0)
  if (total > MAX_NPZ_BYTES) {
    throw new UnsupportedError(`The arrays have ${total} bytes together; a .npz file takes at most ${MAX_NPZ_BYTES}.`)
  }
  // zip stores local time without zone; the first moment it can hold reads the same everywhere
  const mtime = new Date(1980, 0, 1)
  const level = options.compress ? 6 : 0
  const files = Object.fromEntries([...arrays].map(([name, array]) => [`${name}.npy`, writeNpyArray(array)]))
  return zipSync(files, { level, mtime })
}

/** Samples from arrays: `labels` apart, equal counts checked. Rank 0 arrays are shared by all samples. */
function samplesFrom(arrays: Map<string, Tensor>, name: string, sha256: string): Samples {
  const labelArray = arrays.get('labels')
  const labels = labelArray && labelsFrom(labelArray, `${name}: labels`)
  const inputs = new Map([...arrays].filter(([key]) => key !== 'labels'))
  const counted = [...arrays].filter(([, array]) => array.shape.length > 0)
  const [first] = counted
  if (!first || inputs.size === 0) {
    throw new FormatError('at least one array of shape (samples, …) was expected', {
      file: name,
      hint: "Save an array for each of the model's inputs under the input's name, and labels as `labels`.",
    })
  }
  const count = first[1].shape[0] as number
  for (const [key, array] of counted) {
    if (array.shape[0] !== count) {
      throw new FormatError(
        `the array ${key || 'of the file'} has ${array.shape[0]} samples, but ${first[0]} has ${count}`,
        { file: name, hint: 'The first dimension of every array counts the samples.' },
      )
    }
  }
  if (count === 0) throw new FormatError('at least one sample was expected, found 0', { file: name })
  return { kind: 'arrays', name, sha256, count, arrays: inputs, ...(labels && { labels }), notes: [] }
}

export const npz: SampleFormat = {
  match: (head, files) => files.paths.length === 1 && isZip(head),
  async read(files, options = {}) {
    const source = await files.open(files.paths[0] as string)
    const sha256 = await sha256Of([source], options)
    return samplesFrom(await readNpz(source, options.signal), source.name, sha256)
  },
}

export const npy: SampleFormat = {
  match: (head, files) => files.paths.length === 1 && isNpy(head),
  async read(files, options = {}) {
    const source = await files.open(files.paths[0] as string)
    const sha256 = await sha256Of([source], options)
    return samplesFrom(new Map([['', await readNpyArray(source, source.name)]]), source.name, sha256)
  },
}
