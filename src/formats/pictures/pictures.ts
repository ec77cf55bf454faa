import type { Bytes, ByteSource } from '../../core/bytes'
import { FormatError, throwIfAborted, UnsupportedError, UsageError } from '../../core/errors'
import { startSha256 } from '../../core/hash'
import type { Labels, SampleFiles, SampleFormat, SampleReadOptions, Samples } from '../format'
import { inspectPicture, MAX_PICTURE_BYTES, pictureCodec, type PictureHeader } from './header'
import { MAX_LABELS_BYTES, parseLabelsCsv } from './labels-csv'

const PICTURE = /\.(jpe?g|png|webp)$/i
const LABELS_CSV = /(^|\/)labels\.csv$/i

/** Pictures in the order of the samples. */
interface Selection {
  readonly paths: readonly string[]
  readonly labels?: Labels
  /** The table's path, where there is one. */
  readonly table?: string
  readonly notes: readonly string[]
}

async function select(files: SampleFiles, options: SampleReadOptions): Promise<Selection> {
  const pictures = files.paths.filter((path) => PICTURE.test(path))
  const tables = files.paths.filter((path) => LABELS_CSV.test(path))
  if (tables.length > 1) {
    throw new UsageError(
      `${files.name} holds ${tables.length} tables of labels (${tables.slice(0, 4).join(', ')}). Give the folder of one of them.`,
    )
  }
  if (tables[0] !== undefined) return fromTable(files, tables[0], pictures, options)
  if (pictures.length === 0) {
    throw new UsageError(`${files.name} holds no pictures (.jpg, .png, .webp). Give a folder of pictures.`)
  }
  return fromFolders(files.name, pictures)
}

async function fromTable(
  files: SampleFiles,
  table: string,
  pictures: readonly string[],
  options: SampleReadOptions,
): Promise<Selection> {
  const rows = parseLabelsCsv(await readText(await files.open(table)), table)
  throwIfAborted(options.signal)
  const folder = table.slice(0, table.lastIndexOf('/') + 1)
  const known = new Set(files.paths)
  const paths = rows.map(({ file, line }) => {
    // only files that were given are opened, so a path that climbs out finds nothing
    if (!known.has(folder + file)) {
      throw new FormatError(`line ${line}: the picture ${file} is not among the files given`, {
        file: table,
        hint: 'Paths are relative to labels.csv; drop the whole folder.',
      })
    }
    return folder + file
  })
  if (paths.length === 0)
    throw new FormatError('at least one line after the heading was expected', {
      file: table,
      hint: 'Add one line per picture.',
    })
  const { values, note } = labelValues(
    rows.map((row) => row.label),
    table,
  )
  const listed = new Set(paths)
  const left = pictures.filter((path) => !listed.has(path)).length
  const notes = left > 0 ? [`${left} pictures are not listed in ${table} and were left out.`] : []
  return { paths, table, labels: { shape: [], values }, notes: note ? [...notes, note] : notes }
}

async function readText(source: ByteSource): Promise<string> {
  if (source.sizeBytes > MAX_LABELS_BYTES) {
    throw new FormatError(`at most ${MAX_LABELS_BYTES} bytes were expected, found ${source.sizeBytes}`, {
      file: source.name,
      hint: 'Split the set.',
    })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await source.read(0, source.sizeBytes))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new FormatError('text in UTF-8 was expected', { file: source.name, hint: 'Save the table as UTF-8.' })
  }
}

/** Whole numbers as they are; names as their rank among all names. */
function labelValues(labels: readonly string[], table: string): { values: Int32Array; note?: string } {
  const isNumber = labels.map((label) => /^[+-]?\d+$/.test(label))
  if (!isNumber.includes(true)) {
    const { values, names } = rank(labels)
    return {
      values,
      note: `Labels are names; class 0 is "${names[0]}", the last of ${names.length} "${names.at(-1)}".`,
    }
  }
  const bad = isNumber.indexOf(false)
  if (bad >= 0) {
    throw new FormatError(
      `labels are numbers or names, not both: found ${labels[bad]} and ${labels[isNumber.indexOf(true)]}`,
      {
        file: table,
        hint: 'Write class indices, 0 for the first class.',
      },
    )
  }
  const values = new Int32Array(labels.length)
  labels.forEach((label, i) => {
    values[i] = Number(label)
    if (values[i] !== Number(label)) {
      throw new FormatError(`label ${label} does not fit into 32 bits`, { file: table, hint: 'Write class indices.' })
    }
  })
  return { values }
}

/** Ranks by code units, which is the same order everywhere (and Python's `sorted` for names without emoji). */
function rank(names: readonly string[]): { values: Int32Array; names: string[] } {
  const sorted = [...new Set(names)].sort()
  const index = new Map(sorted.map((name, i) => [name, i]))
  return { values: Int32Array.from(names, (name) => index.get(name) as number), names: sorted }
}

/** One folder per class: `cat/1.png`, `dog/2.png`, also under a common folder. Loose pictures have no labels. */
function fromFolders(name: string, pictures: readonly string[]): Selection {
  const parts = pictures.map((path) => path.split('/'))
  let depth = 0
  while (parts.every((p) => p.length > depth + 2 && p[depth] === parts[0]?.[depth])) depth++
  const loose = parts.filter((p) => p.length === depth + 1)
  if (loose.length === pictures.length) {
    return { paths: pictures, notes: [`${name}: no labels were given (labels.csv or one folder per class).`] }
  }
  const classes = new Set(parts.map((p) => p[depth]))
  if (loose.length > 0 || (classes.size === 1 && parts.every((p) => p.length === depth + 2))) {
    if (loose.length === 0)
      return { paths: pictures, notes: [`${name}: one folder only, so no labels were taken from its name.`] }
    throw new UsageError(
      `${name}: ${loose.length} pictures lie beside folders of pictures, so their class is not known. ` +
        'Put each picture into the folder of its class, or add labels.csv (file,label).',
    )
  }
  const { values, names } = rank(parts.map((p) => p[depth] as string))
  const note = `Labels are folder names; class 0 is "${names[0]}", the last of ${names.length} "${names.at(-1)}".`
  return { paths: pictures, labels: { shape: [], values }, notes: [note] }
}

type ReadAll = (source: ByteSource) => Promise<Bytes>

const readAll: ReadAll = (source) => source.read(0, source.sizeBytes)

/** Each file into the memory of the one before: many pictures would leave as many arrays to be collected. */
function readingInTurn(): ReadAll {
  let room = new Uint8Array(0)
  return (source) => {
    if (room.length < source.sizeBytes) room = new Uint8Array(source.sizeBytes)
    return source.read(0, source.sizeBytes, room)
  }
}

async function readPicture(files: SampleFiles, path: string, read = readAll): Promise<Bytes> {
  const source = await files.open(path)
  if (source.sizeBytes > MAX_PICTURE_BYTES) {
    throw new FormatError(`a picture of at most ${MAX_PICTURE_BYTES} bytes was expected, found ${source.sizeBytes}`, {
      file: path,
      hint: 'Make it smaller.',
    })
  }
  return read(source)
}

/** Looks at every picture once: its bytes for the hash, its header for notes. What is damaged says so when it is read. */
async function survey(files: SampleFiles, selection: Selection, signal: AbortSignal | undefined) {
  const hash = await startSha256()
  const listed = new Set(selection.paths)
  const seen = { profile: 0, alpha: 0, deep: 0 }
  const inTurn = readingInTurn()
  for (const path of [...listed, ...(selection.table === undefined ? [] : [selection.table])].sort()) {
    throwIfAborted(signal)
    if (!listed.has(path)) {
      hash.update(await inTurn(await files.open(path)))
      continue
    }
    try {
      const bytes = await readPicture(files, path, inTurn)
      hash.update(bytes)
      count(seen, inspectPicture(bytes, path))
    } catch (error) {
      if (!(error instanceof FormatError || error instanceof UnsupportedError)) throw error
    }
  }
  return { sha256: hash.digest(), notes: notesOf(seen, listed.size) }
}

interface Seen {
  profile: number
  alpha: number
  deep: number
}

function count(seen: Seen, header: PictureHeader): void {
  if (header.hasProfile) seen.profile++
  if (header.hasAlpha) seen.alpha++
  if (header.bits === 16) seen.deep++
}

function notesOf(seen: Seen, total: number): string[] {
  const notes: string[] = []
  const of = (number: number) => `${number} of ${total} pictures`
  if (seen.profile > 0) notes.push(`${of(seen.profile)} carry a colour profile, which was ignored.`)
  if (seen.alpha > 0) notes.push(`${of(seen.alpha)} can be transparent; transparency was dropped, the colours kept.`)
  if (seen.deep > 0) notes.push(`${of(seen.deep)} have 16 bits a channel, which were rounded to 8.`)
  return notes
}

async function read(files: SampleFiles, options: SampleReadOptions = {}): Promise<Samples> {
  const { decoder, signal } = options
  if (!decoder)
    throw new UsageError(`${files.name}: pictures cannot be decoded here. Give arrays (.npz, .npy) instead.`)
  const selection = await select(files, options)
  const { sha256, notes } = await survey(files, selection, signal)
  const { paths, labels } = selection
  return {
    kind: 'pictures',
    name: files.name,
    sha256,
    count: paths.length,
    notes: [...selection.notes, ...notes],
    ...(labels && { labels }),
    async read(index) {
      const path = paths[index] as string
      return decoder.decode(await readPicture(files, path), path)
    },
  }
}

export const pictures: SampleFormat = {
  match: (head, files) =>
    pictureCodec(head) !== null || files.paths.some((path) => PICTURE.test(path) || LABELS_CSV.test(path)),
  read,
}
