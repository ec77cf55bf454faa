import type { Bytes } from '../../core/bytes'
import type { KnownDType } from '../../core/dtypes'
import { FormatError, UnsupportedError } from '../../core/errors'

/**
 * The header of a NumPy array file.
 *
 * Source: numpy/lib/format.py, "NPY format", versions 1.0, 2.0 and 3.0.
 */
export interface NpyHeader {
  readonly dtype: KnownDType
  readonly isBigEndian: boolean
  readonly isFortranOrder: boolean
  readonly shape: readonly number[]
  /** Where the elements begin. */
  readonly dataOffset: number
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const // \x93NUMPY

/** Enough for any plain dtype and 64 dimensions; structured dtypes, which need more, are refused anyway. */
const MAX_HEADER_BYTES = 65536
const MAX_RANK = 64

const DTYPES: Readonly<Record<string, KnownDType>> = {
  b1: 'bool',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  c8: 'complex64',
  c16: 'complex128',
}

/** NumPy's letter code of a dtype, without byte order; undefined where NumPy has none. */
export function npyCodeOf(dtype: string): string | undefined {
  return Object.entries(DTYPES).find(([, known]) => known === dtype)?.[0]
}

export function isNpy(head: Uint8Array): boolean {
  return MAGIC.every((byte, i) => head[i] === byte)
}

/**
 * @param read gives bytes of the file; asked for the 12 first bytes and then for the header
 * @param sizeBytes of the whole file
 * @throws FormatError, UnsupportedError for pickled, structured and text arrays
 */
export async function readNpyHeader(
  read: (offset: number, length: number) => Promise<Bytes>,
  sizeBytes: number,
  file: string,
): Promise<NpyHeader> {
  if (sizeBytes < 10) throw new FormatError(`a .npy file has at least 10 bytes, found ${sizeBytes}`, { file })
  const head = await read(0, Math.min(12, sizeBytes))
  if (!isNpy(head)) throw new FormatError('the signature \\x93NUMPY of a .npy file is missing', { file, offset: 0 })
  const major = head[6] as number
  if (major < 1 || major > 3) {
    throw new FormatError(`.npy format version 1, 2 or 3 was expected, found ${major}`, { file, offset: 6 })
  }
  const start = major === 1 ? 10 : 12
  if (sizeBytes < start) throw new FormatError('the file ends before the length of its header', { file, offset: 8 })
  const view = new DataView(head.buffer, head.byteOffset)
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > MAX_HEADER_BYTES || start + length > sizeBytes) {
    const limit = Math.min(MAX_HEADER_BYTES, sizeBytes - start)
    throw new FormatError(`a header of at most ${limit} bytes was expected, found ${length}`, { file, offset: 8 })
  }
  const text = decodeText(await read(start, length), { file, offset: start })
  return { ...parseHeader(text, { file, offset: start }), dataOffset: start + length }
}

interface Place {
  file: string
  offset: number
}

function decodeText(bytes: Bytes, place: Place): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new FormatError('the header is not text', place)
  }
}

/**
 * Parses the one form that NumPy writes: a Python dict literal with the keys descr, fortran_order and shape. Nothing is
 * ever evaluated.
 */
function parseHeader(text: string, place: Place): Omit<NpyHeader, 'dataOffset'> {
  const shown = JSON.stringify(text.trim().slice(0, 80))
  const dict = /^\s*\{([^]*)\}\s*$/.exec(text)?.[1]
  if (dict === undefined) throw new FormatError(`a dict was expected as header, found ${shown}`, place)
  if (/['"]descr['"]\s*:\s*[[(]/.test(dict)) {
    throw new UnsupportedError(
      `${place.file}: structured arrays (named fields) are not read. Save each field as an array of its own.`,
    )
  }
  const descr = only(dict, /['"]descr['"]\s*:\s*(?:'([^']*)'|"([^"]*)")\s*(?:,|$)/g, 'descr', place)
  const order = only(dict, /['"]fortran_order['"]\s*:\s*(True|False)\s*(?:,|$)/g, 'fortran_order', place)
  const shape = only(dict, /['"]shape['"]\s*:\s*\(([^()]*)\)\s*(?:,|$)/g, 'shape', place)
  return { ...parseDescr(descr, place), isFortranOrder: order === 'True', shape: parseShape(shape, place) }
}

function only(dict: string, pattern: RegExp, key: string, place: Place): string {
  const found = [...dict.matchAll(pattern)]
  const match = found[0]
  if (found.length !== 1 || !match) {
    throw new FormatError(`one valid "${key}" was expected in the header, found ${found.length}`, place)
  }
  return match[1] ?? match[2] ?? ''
}

function parseDescr(descr: string, place: Place): { dtype: KnownDType; isBigEndian: boolean } {
  if (descr.includes('O')) {
    throw new UnsupportedError(
      `${place.file}: the array holds pickled Python objects (dtype ${descr}), which are never executed. ` +
        'Save numbers instead, e.g. array.astype(numpy.float32).',
    )
  }
  const [, order, code] = /^([<>|=])(.+)$/.exec(descr) ?? []
  const dtype = code !== undefined && Object.hasOwn(DTYPES, code) ? DTYPES[code] : undefined
  if (!dtype || (order === '|' && !/1$/.test(code ?? ''))) {
    throw new UnsupportedError(
      `${place.file}: dtype ${JSON.stringify(descr)} is not read. Save bool, int8…int64, uint8…uint64, float16, ` +
        'float32, float64 or complex numbers.',
    )
  }
  return { dtype, isBigEndian: order === '>' }
}

function parseShape(text: string, place: Place): number[] {
  const parts = text.split(',').map((part) => part.trim())
  // Python writes (3,) and ( ): an empty last part is no dimension
  if (parts.at(-1) === '') parts.pop()
  // Python 2 wrote long integers as 3L
  const shape = parts.map((part) => (/^\d{1,16}L?$/.test(part) ? Number.parseInt(part, 10) : NaN))
  if (shape.length > MAX_RANK || !shape.every(Number.isSafeInteger)) {
    throw new FormatError(`a shape of whole numbers was expected, found (${text.slice(0, 60)})`, place)
  }
  return shape
}
