import type { Bytes } from '../../core/bytes'
import { sha256Of } from '../../core/hash'
import type { SampleFiles, SampleFormat } from '../format'
import { readTable } from './read-table'
import { DELIMITERS, isEven } from './sniff'

const NAMES = /\.(csv|tsv|tab|data)(\.gz)?$/i
/** What other text files are called: programs, documents, lists of labels. */
const OTHERS =
  /\.(json|jsonl|xml|html?|md|m?[jt]sx?|py|c|cpp|h|css|svg|ya?ml|toml|names|log|tex|sh|pbtxt|onnx|gz|zip)$/i

/** Whether a file is a table: by its name, or because the rows at its beginning are cut evenly. */
export function looksLikeTable(head: Bytes, path: string): boolean {
  if (NAMES.test(path)) return true
  if (head.length === 0 || head.includes(0) || OTHERS.test(path)) return false
  const text = new TextDecoder().decode(head)
  return DELIMITERS.some((delimiter) => text.includes(delimiter)) && isEven(text.slice(0, text.lastIndexOf('\n') + 1))
}

export const csv: SampleFormat = {
  match: (head, { paths }) => paths.length === 1 && looksLikeTable(head, paths[0] as string),

  async read(files: SampleFiles, { signal, target } = {}) {
    const path = files.paths[0] as string
    const source = await files.open(path)
    const table = await readTable(source, path, signal ? { signal } : {})
    return {
      ...{ kind: 'table', name: files.name, table, count: table.rows, notes: table.notes.map(({ text }) => text) },
      sha256: await sha256Of([source], signal ? { signal } : {}),
      ...(target !== undefined && { target }),
    }
  },
}
