/** Models as files, in the form that the file's ending asks for: a model format, or a JavaScript module. */
import { memorySource, type ByteSink, type OutputFolder } from '../core/bytes'
import { UnsupportedError } from '../core/errors'
import { sha256Of } from '../core/hash'
import { MODEL_FORMATS, modelFormatForName } from '../formats'
import type { WriteOptions, WrittenFile } from '../formats/format'
import type { Model } from '../graph/model'

const MODULE_ENDING = '.mjs'

export interface ModelWriter {
  /** The first is the main file. */
  write(model: Model, folder: OutputFolder, name: string, options?: WriteOptions): Promise<readonly WrittenFile[]>
}

/** @throws UnsupportedError for an ending that nothing writes */
export async function writerForName(name: string): Promise<ModelWriter> {
  if (name.toLowerCase().endsWith(MODULE_ENDING)) return javaScript
  const format = await modelFormatForName(name)?.load()
  if (format) return format
  const endings = [...MODEL_FORMATS.flatMap(({ meta }) => meta.extensions), MODULE_ENDING].join(', ')
  throw new UnsupportedError(`${name}: Plume cannot write this kind of file. Give a name that ends in ${endings}.`)
}

/** The module, and a page that shows how to use it. */
const javaScript: ModelWriter = {
  async write(model, folder, name, { signal } = {}) {
    const { writeJavaScriptModule } = await import('../engine/deploy/javascript-module')
    const { writeExamplePage } = await import('../engine/deploy/example-page')
    const title = name.slice(0, -MODULE_ENDING.length)
    const module = await writeJavaScriptModule(model, { name: title, ...(signal && { signal }) })
    const page = writeExamplePage(model, { name: title, moduleFile: name })
    return writeTexts(folder, { [name]: module, [`${title}.html`]: page })
  },
}

/** All of them, or none. */
async function writeTexts(folder: OutputFolder, texts: Readonly<Record<string, string>>): Promise<WrittenFile[]> {
  const sinks: ByteSink[] = []
  const files: WrittenFile[] = []
  try {
    for (const name of Object.keys(texts)) sinks.push(await folder.create(name))
    for (const [i, [name, text]] of Object.entries(texts).entries()) {
      const bytes = new TextEncoder().encode(text)
      await sinks[i]?.write(bytes)
      files.push({ name, sizeBytes: bytes.length, sha256: await sha256Of([memorySource(bytes, name)]) })
    }
    for (const sink of sinks) await sink.close()
    return files
  } catch (error) {
    for (const sink of sinks) await sink.abort()
    throw error
  }
}
