import type { ByteSource, Bytes } from '../../core/bytes'
import { elementCount, type KnownDType } from '../../core/dtypes'
import { FormatError, UnsupportedError, UsageError } from '../../core/errors'
import { isGzip } from '../../core/gzip'
import { sha256Of } from '../../core/hash'
import { tensor, type Tensor } from '../../core/tensor'
import type { Labels, Picture, SampleFiles, SampleFormat, SampleReadOptions, Samples } from '../format'
import { gunzip } from './gzip'

/**
 * MNIST's IDX files: two zero bytes, element type, rank, sizes as big-endian uint32, elements in row-major order,
 * big-endian.
 *
 * Source: the description of the format on the MNIST page (Y. LeCun), repeated in the file headers themselves.
 */
const TYPES: Readonly<Record<number, readonly [KnownDType, number]>> = {
  0x08: ['uint8', 1],
  0x09: ['int8', 1],
  0x0b: ['int16', 2],
  0x0c: ['int32', 4],
  0x0d: ['float32', 4],
  0x0e: ['float64', 8],
}

/** Rank 8 is far above anything published. */
const MAX_RANK = 8
const MAX_BYTES = 2 ** 31 - 1

export function isIdx(head: Uint8Array): boolean {
  const rank = head[3] ?? 0
  return head[0] === 0 && head[1] === 0 && (head[2] ?? 0) in TYPES && rank >= 1 && rank <= MAX_RANK
}

interface IdxHeader {
  readonly dtype: KnownDType
  readonly itemBytes: number
  readonly shape: readonly number[]
  readonly dataOffset: number
  readonly sizeBytes: number
}

function parseHeader(head: Uint8Array, file: string): IdxHeader {
  if (!isIdx(head)) {
    const found = [...head.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    throw new FormatError(
      `an IDX file begins with 00 00, a type (08…0e) and a rank (1…8), found ${found || 'nothing'}`,
      {
        file,
        offset: 0,
        hint: 'Among gzip files only MNIST-style idx.gz is read; unpack others first.',
      },
    )
  }
  const [dtype, itemBytes] = TYPES[head[2] as number] as readonly [KnownDType, number]
  const rank = head[3] as number
  const dataOffset = 4 + 4 * rank
  if (head.length < dataOffset) {
    throw new FormatError(`${rank} sizes were expected, but the file ends before them`, { file, offset: 4 })
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis))
  const sizeBytes = dataOffset + elementCount(shape) * itemBytes
  if (sizeBytes > MAX_BYTES) {
    throw new UnsupportedError(
      `${file}: the sizes ${shape.join(' × ')} take ${sizeBytes} bytes; at most ${MAX_BYTES} are read.`,
    )
  }
  return { dtype, itemBytes, shape, dataOffset, sizeBytes }
}

/**
 * Reads one IDX file, packed by gzip or not, as a little-endian tensor.
 * @throws FormatError, UnsupportedError
 */
export async function readIdx(source: ByteSource, signal?: AbortSignal): Promise<Tensor> {
  const file = source.name
  const head = await source.read(0, Math.min(source.sizeBytes, 4 + 4 * MAX_RANK))
  const bytes = isGzip(head) ? await unpack(source, signal) : await readPlain(source, parseHeader(head, file))
  const header = parseHeader(bytes, file)
  const data = bytes.subarray(header.dataOffset)
  if (header.itemBytes > 1) {
    for (let at = 0; at < data.length; at += header.itemBytes) data.subarray(at, at + header.itemBytes).reverse()
  }
  return tensor(header.dtype, header.shape, data)
}

async function readPlain(source: ByteSource, header: IdxHeader): Promise<Bytes> {
  if (source.sizeBytes !== header.sizeBytes) {
    throw new FormatError(
      `${header.dtype} of shape ${header.shape.join(' × ')} makes a file of ${header.sizeBytes} bytes, found ${source.sizeBytes}`,
      { file: source.name, offset: 4 },
    )
  }
  return source.read(0, source.sizeBytes)
}

function unpack(source: ByteSource, signal?: AbortSignal): Promise<Bytes> {
  const sizeOf = (head: Bytes) => {
    const { sizeBytes } = parseHeader(head, source.name)
    if (sizeBytes > 1032 * source.sizeBytes) {
      throw new FormatError(`${source.sizeBytes} packed bytes cannot hold the ${sizeBytes} that the sizes claim`, {
        file: source.name,
        offset: 4,
      })
    }
    return sizeBytes
  }
  return gunzip(source, { headBytes: 4 + 4 * MAX_RANK, sizeOf }, signal)
}

const IMAGES = /images[^/]*idx\d[^/]*$/i
const LABELS = /labels[^/]*idx\d[^/]*$/i

/** Where the labels of an images file may lie, likeliest first. */
export function labelPathsFor(images: string): string[] {
  const at = images.lastIndexOf('/') + 1
  const plain = images
    .slice(at)
    .replace(/images/i, (word) => (word === 'IMAGES' ? 'LABELS' : 'labels'))
    .replace(/idx\d/i, (word) => `${word.slice(0, 3)}1`)
    .replace(/\.gz$/i, '')
  const both = [`${plain}.gz`, plain].map((name) => images.slice(0, at) + name)
  return /\.gz$/i.test(images) ? both : both.reverse()
}

interface Chosen {
  readonly images: string
  readonly labels?: ByteSource
}

async function choose(files: SampleFiles): Promise<Chosen> {
  const [only] = files.paths
  const candidates = files.paths.length === 1 ? [only as string] : files.paths.filter((path) => IMAGES.test(path))
  const [images] = candidates
  if (images === undefined || candidates.length > 1) {
    throw new UsageError(
      `${files.name}: one file of images (…-images-idx3-ubyte) was expected, found ${candidates.join(', ') || 'none'}. ` +
        'Name the images file itself; its labels are found beside it.',
    )
  }
  if (!IMAGES.test(images)) {
    if (!LABELS.test(images)) return { images }
    throw new UsageError(`${images} holds labels only. Name the images file; its labels are found beside it.`)
  }
  for (const path of labelPathsFor(images)) {
    const labels = files.paths.includes(path) ? await files.open(path) : await files.sibling?.(path)
    if (labels) return { images, labels }
  }
  return { images }
}

async function read(files: SampleFiles, options: SampleReadOptions = {}): Promise<Samples> {
  const chosen = await choose(files)
  const source = await files.open(chosen.images)
  const images = await readIdx(source, options.signal)
  const count = images.shape[0] as number
  if (count === 0) throw new FormatError('at least one sample was expected, found 0', { file: source.name, offset: 4 })
  const labels = chosen.labels && (await readLabels(chosen.labels, count, source.name, options))
  // path order: …images… comes before …labels…
  const sha256 = await sha256Of(chosen.labels ? [source, chosen.labels] : [source], options)
  const notes = IMAGES.test(chosen.images) && !labels ? [`${source.name}: no labels file was found beside it.`] : []
  const common = { name: source.name, sha256, count, notes, ...(labels && { labels }) }
  if (images.dtype !== 'uint8' || images.shape.length !== 3) {
    return { ...common, kind: 'arrays', arrays: new Map([['', images]]) }
  }
  const [, height = 0, width = 0] = images.shape
  if (width === 0 || height === 0)
    throw new FormatError(`empty images of ${width} × ${height}`, { file: source.name, offset: 8 })
  return { ...common, kind: 'pictures', read: async (index) => pictureAt(images, index, width, height) }
}

function pictureAt(images: Tensor, index: number, width: number, height: number): Picture {
  const size = width * height
  return { width, height, channels: 1, pixels: images.data.slice(index * size, (index + 1) * size) }
}

async function readLabels(
  source: ByteSource,
  count: number,
  images: string,
  options: SampleReadOptions,
): Promise<Labels> {
  const labels = await readIdx(source, options.signal)
  if (labels.dtype !== 'uint8' || labels.shape.length !== 1) {
    throw new FormatError(
      `uint8 labels of rank 1 were expected, found ${labels.dtype} of rank ${labels.shape.length}`,
      {
        file: source.name,
        offset: 2,
      },
    )
  }
  if (labels.shape[0] !== count) {
    throw new FormatError(`${count} labels were expected for ${images}, found ${labels.shape[0]}`, {
      file: source.name,
      offset: 4,
      hint: 'Images and labels must be of the same set.',
    })
  }
  return { shape: [], values: Int32Array.from(labels.data) }
}

export const idx: SampleFormat = {
  match: (head, files) =>
    files.paths.length === 1
      ? isIdx(head) || isGzip(head)
      : files.paths.some((path) => IMAGES.test(path) || LABELS.test(path)),
  read,
}
