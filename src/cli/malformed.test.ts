import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PlumeError } from '../core/errors'
import { openSamples } from '../formats/samples'
import { inspectModel } from '../jobs/inspect'
import { parseRecipe } from '../jobs/recipe'
import { resolveRecipe } from '../jobs/steps'
import { hasSharedData, sharedPath } from '../testing/shared-data'
import { nodeFileSet, nodeSampleFiles } from './files'
import { nodePictureDecoder } from './pictures'

/** What is not read, and why, as the command line would print it; 'read' where it was. Anything else is our bug. */
async function outcome(read: () => Promise<unknown>): Promise<string> {
  try {
    await read()
    return 'read'
  } catch (error) {
    if (!(error instanceof PlumeError)) throw error
    return error.message
  }
}

const READERS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  model: async (path) => inspectModel(await nodeFileSet(path), new AbortController().signal),
  data: async (path) => {
    const samples = await openSamples(await nodeSampleFiles(path), { decoder: nodePictureDecoder })
    if (samples.kind === 'pictures') await samples.read(0)
  },
  recipe: async (path) => resolveRecipe(parseRecipe(await readFile(path, 'utf8'), path)),
}

/** Large or many files that other tests read. */
const PASSED_OVER = /\.JPEG$|cifar10-images|train-images/

async function everyFile(): Promise<string[]> {
  const entries = await readdir(sharedPath(''), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return files.filter((path) => !PASSED_OVER.test(path)).sort()
}

describe.skipIf(!hasSharedData)(
  'every file of the shared data, damaged or foreign (skipped without ../shared/data)',
  () => {
    it.each(Object.keys(READERS))(
      'is read as %s, or refused in one sentence that names it',
      { timeout: 120_000 },
      async (kind) => {
        const files = await everyFile()
        expect(files.length).toBeGreaterThan(150)
        let readable = 0
        for (const path of files) {
          const start = performance.now()
          const text = await outcome(() => READERS[kind]!(path))
          expect(performance.now() - start, `${path} took too long`).toBeLessThan(20_000)
          if (text === 'read') readable++
          // Data files are named by the folder or the entry they lie in, too
          else expect(text, path).toMatch(/^[^\n]{10,}[.)…]$/)
          // eslint-disable-next-line no-control-regex
          if (kind !== 'data') expect(text, path).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
        }
        expect(readable).toBeGreaterThanOrEqual({ model: 15, data: 1, recipe: 0 }[kind] ?? 0)
      },
    )

    const INSTEAD = /Give \.npz .*folder or \.zip of pictures/
    it.each([
      ['cifar10-resnet20/resnet20-12fca82f.th', 'a zip archive|a Python pickle', INSTEAD],
      ['cifar10-resnet20/cifar10-resnet20.safetensors', 'a safetensors file', INSTEAD],
      ['stories260K/stories260K-f32.gguf', 'a GGUF file', INSTEAD],
      ['titanic/titanic.csv', 'it begins with the text', /^read$/],
      ['silero-vad/test.wav', 'a WAV sound', INSTEAD],
    ])('says of %s what it is and what is read instead', async (path, what, given) => {
      const file = sharedPath(path)
      expect(await outcome(() => READERS['model']!(file))).toMatch(
        new RegExp(
          `(${what}).*Plume does not read this kind of file as a model yet\\. It reads: ONNX \\(\\.onnx\\)\\.$`,
        ),
      )
      expect(await outcome(() => READERS['data']!(file))).toMatch(given)
    })
  },
)

describe('names in data files', () => {
  it('of a table that break out of the line are met with a sentence', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plume-names-'))
    await mkdir(join(folder, 'set'))
    await writeFile(join(folder, 'set', 'labels.csv'), 'file,label\r\n"../a\n\u001b[31m.png",1\r\n')
    expect(await outcome(() => READERS['data']!(join(folder, 'set')))).toContain('is not among the files given')
  })
})
