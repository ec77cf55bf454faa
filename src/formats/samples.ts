import type { ByteSource, Bytes } from '../core/bytes'
import { UsageError } from '../core/errors'
import { oneLine } from '../core/one-line'
import { describeBytes } from './describe'
import type { SampleFiles, SampleReadOptions, Samples } from './format'
import { SAMPLE_FORMATS } from './sample-index'
import { CLUTTER, unpackedFiles } from './zip-files'

const HEAD_BYTES = 4096

/**
 * Finds out what was given and reads it: one .npz, .npy or idx file, one table, or a folder (or selection) of pictures or of an idx
 * pair; a zip archive stands for its folder.
 * @throws UsageError where nothing known is found, else what the format throws
 */
export async function openSamples(packed: SampleFiles, options: SampleReadOptions = {}): Promise<Samples> {
  const files = await unpackedFiles(packed, options.signal)
  const paths = files.paths.filter((path) => !CLUTTER.test(path)).sort()
  const [first] = paths
  if (first === undefined) throw new UsageError(`${files.name} is empty. ${ACCEPTED}`)
  const given: SampleFiles = { ...files, paths }
  const head = await headOf(await files.open(first))
  for (const { load } of SAMPLE_FORMATS) {
    const format = await load()
    if (format.match(head, given)) return format.read(given, options)
  }
  const others = paths.filter((path) => /\.(npz|npy|csv|tsv|data)$/i.test(path))
  if (others.length > 0) {
    throw new UsageError(
      `${files.name} holds ${paths.length} files (${others.slice(0, 4).join(', ')}, …). Give one of them.`,
    )
  }
  const what = paths.length === 1 ? describeBytes(head) : `it holds ${paths.length} files, the first of them ${first}`
  throw new UsageError(oneLine(`${files.name} is no data that Plume reads; ${what}. ${ACCEPTED}`))
}

const ACCEPTED =
  'Give .npz (arrays named like the inputs, plus labels), .npy, a table (.csv, .tsv, .data), idx(.gz), or a folder or .zip of pictures with labels.csv or one folder per class.'

async function headOf(source: ByteSource): Promise<Bytes> {
  return source.read(0, Math.min(HEAD_BYTES, source.sizeBytes))
}

/** Files in memory as samples; `files` maps paths to bytes. */
export function sampleFilesOf(name: string, files: ReadonlyMap<string, ByteSource>): SampleFiles {
  return {
    name,
    paths: [...files.keys()].sort(),
    async open(path) {
      const source = files.get(path)
      if (!source) throw new UsageError(`${name}: ${path} is not among the files given.`)
      return source
    },
    sibling: async (path) => files.get(path) ?? null,
  }
}
