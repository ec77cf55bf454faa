import { assert } from '../../core/errors'

/** The very files of shaders/, in the page, in workers and in Node. */
const FILES = import.meta.glob<string>('../../../shaders/*.wgsl', { eager: true, query: '?raw', import: 'default' })

const BY_NAME = new Map(Object.entries(FILES).map(([path, text]) => [path.replace(/^.*\/|\.wgsl$/g, ''), text]))

/** The text of shaders/<name>.wgsl. */
export function sourceOf(name: string): string {
  const text = BY_NAME.get(name)
  assert(text !== undefined, `there is no shader ${name}.wgsl`)
  return text
}
