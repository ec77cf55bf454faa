/** Files → data as training needs it. */
import { UsageError } from '../../core/errors'
import { openSamples } from '../../formats/samples'
import { unpackedFiles } from '../../formats/zip-files'
import type { SampleFiles, Samples } from '../../formats/format'
import { arraySource } from './array-source'
import { pictureSource } from './picture-source'
import type { DataOptions } from './preview'
import type { ImportedModel } from './imported-model'
import { importedPictures, importedTable } from './imported-source'
import type { TrainPorts, TrainRequest, TrainSettings } from './request'
import type { TrainingSource } from './source'
import { openTable, openTestTable, tableSource } from './table-source'

const TABLE = /\.(csv|tsv|tab|data|txt)(\.gz)?$/i
/** Bytes of the beginning that tell text from anything else. */
const HEAD_BYTES = 4096

/** Named like a table, or text of any other name. */
export async function isTable(files: SampleFiles): Promise<boolean> {
  const [path, ...others] = files.paths
  if (path === undefined || others.length > 0) return false
  if (TABLE.test(path)) return true
  const file = await files.open(path)
  const head = await file.read(0, Math.min(HEAD_BYTES, file.sizeBytes))
  return head.length > 0 && head.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13))
}

/**
 * @param test samples of their own for the test
 * @throws FormatError, UsageError, UnsupportedError
 */
export async function openTrainingSource(
  given: SampleFiles,
  settings: TrainSettings,
  options: DataOptions & { readonly test?: SampleFiles } = {},
): Promise<TrainingSource> {
  const files = await unpackedFiles(given, options.signal)
  if (await isTable(files)) {
    const opened = await openTable(await files.open(files.paths[0] as string), settings, options)
    const { test } = options
    if (!test) return tableSource(opened)
    return tableSource(opened, await openTestTable(await test.open(test.paths[0] as string), opened, options))
  }
  const parts = options.test ? { train: files, test: options.test } : trainAndTest(files)
  const samples = await openSamples(parts.train, options)
  if (samples.kind === 'arrays' && !parts.test) return arraySource(samples)
  if (samples.kind !== 'pictures') throw noPictures(files)
  const names = folderNames(parts.train)
  if (!parts.test) return pictureSource(samples, names, options.signal)
  const test = await openPictures(parts.test, options)
  const all = await pictureSource(joined(samples, test), names, options.signal)
  return withOwnTest(all, samples.count)
}

/**
 * Data in the form that a given model takes.
 * @throws FormatError, UsageError
 */
export async function openImportedSource(
  { files: given, test, settings }: Pick<TrainRequest, 'files' | 'test' | 'settings'>,
  imported: ImportedModel,
  ports: TrainPorts,
): Promise<TrainingSource> {
  const context = { settings, ports }
  const files = await unpackedFiles(given, ports.signal)
  if (await isTable(files)) {
    return importedTable(await files.open(files.paths[0] as string), imported, context)
  }
  const parts = test ? { train: files, test } : trainAndTest(files)
  const samples = await openPictures(parts.train, ports)
  if (!parts.test) return importedPictures(samples, imported, context)
  const { count } = samples
  const whole = joined(samples, await openPictures(parts.test, ports))
  const all = await importedPictures(whole, imported, { ...context, count })
  return withOwnTest(all, count)
}

type Pictures = Extract<Samples, { kind: 'pictures' }>

async function openPictures(files: SampleFiles, options: DataOptions): Promise<Pictures> {
  const samples = await openSamples(files, options)
  if (samples.kind === 'pictures') return samples
  throw noPictures(files)
}

const noPictures = ({ name }: SampleFiles) =>
  new UsageError(`${name} holds arrays; with --from and --test, tables and pictures are taken (.csv, idx, folders).`)

const TEST_IDX = /(^|\/)(t10k|test)[-_.][^/]*idx\d/i
const TRAIN_IDX = /(^|\/)train[-_.][^/]*idx\d/i

/** MNIST as it is published: its own test set beside the training set. */
export function trainAndTest(files: SampleFiles): { train: SampleFiles; test?: SampleFiles } {
  const train = files.paths.filter((path) => TRAIN_IDX.test(path))
  const test = files.paths.filter((path) => TEST_IDX.test(path))
  if (train.length === 0 || test.length === 0 || train.length + test.length !== files.paths.length) {
    return { train: files }
  }
  return { train: { ...files, paths: train }, test: { ...files, paths: test } }
}

/** One folder per class: the names that labels are ranks of. */
function folderNames({ paths }: SampleFiles): string[] | undefined {
  const pictures = paths.filter((path) => /\.(jpe?g|png|webp)$/i.test(path)).map((path) => path.split('/'))
  if (pictures.length === 0 || paths.some((path) => /(^|\/)labels\.csv$/i.test(path))) return undefined
  const first = pictures[0] as string[]
  let depth = 0
  while (pictures.every((parts) => parts.length > depth + 2 && parts[depth] === first[depth])) depth++
  return [...new Set(pictures.map((parts) => parts[depth] as string))].sort()
}

function joined(train: Pictures, test: Pictures): Pictures {
  const [a, b] = [train.labels, test.labels]
  const labels = a && b && { shape: a.shape, values: Int32Array.from([...a.values, ...b.values]) }
  const { count } = train
  return {
    ...{ kind: 'pictures', name: train.name, sha256: `${train.sha256}+${test.sha256}`, count: count + test.count },
    notes: [...train.notes, ...test.notes],
    ...(labels && { labels }),
    read: (index) => (index < count ? train.read(index) : test.read(index - count)),
  }
}

const below = (rows: ArrayLike<number>, count: number) => Array.from(rows).filter((row) => row < count)

/** Nothing is split off for the test: it is all that follows the first `count` samples. */
function withOwnTest(all: TrainingSource, count: number): TrainingSource {
  return {
    ...all,
    split({ seed, validation }) {
      const own = all.split({ seed, validation, test: 0 })
      return {
        train: below(own.train, count),
        validation: below(own.validation, count),
        test: Array.from({ length: all.samples - count }, (_, i) => count + i),
      }
    },
  }
}
