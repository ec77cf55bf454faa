import type { Bytes, ByteSource, FileSet } from '../../core/bytes'
import { FormatError } from '../../core/errors'
import type { TensorData } from '../../graph/model'
import type { ReadContext } from './context'
import { oneLine } from './text'

/** Elements in a file beside the model (TensorProto.external_data). `sizeBytes` is known once `attach` was called. */
export class ExternalData implements TensorData {
  sizeBytes: number
  #source: ByteSource | null = null
  readonly path: string
  readonly offset: number
  /** undefined: to the end of the file */
  readonly length: number | undefined

  constructor(path: string, offset: number, length: number | undefined) {
    this.path = path
    this.offset = offset
    this.length = length
    this.sizeBytes = length ?? 0
  }

  attach(source: ByteSource): void {
    this.#source = source
    this.sizeBytes = this.length ?? source.sizeBytes - this.offset
  }

  /** Says which bytes of which file these are, so that tensors that share them can go on sharing. */
  get rangeKey(): string {
    return `${this.path}\n${this.offset}\n${this.sizeBytes}`
  }

  async read(offset: number, length: number): Promise<Bytes> {
    if (!this.#source) throw new FormatError('the file was not opened', { file: this.path })
    return this.#source.read(this.offset + offset, length)
  }
}

/** Names of the parts of a location, or why it is refused. Locations use `/` and stay in the model's folder. */
export function refuseLocation(location: string): string | null {
  if (location === '') return 'gives no file name'
  if (location.includes('\0')) return 'contains a zero byte'
  if (/^[a-z][a-z0-9+.-]*:/i.test(location)) return 'is a drive or URL'
  if (location.includes('\\')) return 'contains a backslash'
  if (location.startsWith('/')) return 'is absolute'
  if (location.split('/').includes('..')) return 'climbs out of the folder'
  if (location.startsWith('*/')) return 'refers to the memory of another program'
  return null
}

export function normalLocation(location: string): string {
  return location
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
}

/**
 * Opens the files that tensors refer to and checks every range.
 * @throws FormatError naming all missing files, or the tensor whose range leaves its file
 */
export async function attachExternals(context: ReadContext, files: FileSet): Promise<void> {
  const sources = new Map<string, ByteSource | null>()
  for (const { data } of context.externals) {
    if (!sources.has(data.path)) sources.set(data.path, await files.sibling(data.path))
  }
  const missing = [...sources].filter(([, source]) => source === null).map(([path]) => path)
  if (missing.length > 0) {
    const first = context.externals.find(({ data }) => data.path === missing[0])!
    const shown =
      oneLine(missing.slice(0, 5).join(', ')) + (missing.length > 5 ? ` and ${missing.length - 5} more` : '')
    const kind = missing.length === 1 ? 'a file that was' : 'files that were'
    throw new FormatError(oneLine(`tensor ${first.tensor}: its weights stand in ${kind} not given: ${shown}`), {
      file: files.main.name,
      offset: first.offset,
      hint: `Add ${shown} from the same folder, together with the model.`,
    })
  }
  for (const { data, tensor, offset } of context.externals) {
    const source = sources.get(data.path)!
    const end = data.offset + (data.length ?? 0)
    if (end > source.sizeBytes) {
      throw new FormatError(
        oneLine(
          `tensor ${tensor}: expected bytes ${data.offset} to ${end} of ${data.path}, which ends at byte ${source.sizeBytes}`,
        ),
        { file: files.main.name, offset, hint: `${oneLine(data.path)} may be incomplete or belong to another model.` },
      )
    }
    data.attach(source)
  }
}
