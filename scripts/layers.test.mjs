import { resolve } from 'node:path'
import ts from 'typescript-eslint'
import { Linter } from 'eslint'
import { describe, expect, it } from 'vitest'
import { layersRule } from './eslint-layers.mjs'

/** Messages of the rule for `code` as if it stood in `file` of src/. */
function lint(file, code) {
  const config = [
    {
      files: ['**/*.ts'],
      languageOptions: { parser: ts.parser },
      plugins: { plume: { rules: { layers: layersRule } } },
      rules: { 'plume/layers': 'error' },
    },
  ]
  const root = resolve(import.meta.dirname, '..')
  const messages = new Linter({ cwd: root }).verify(code, config, resolve(root, 'src', file))
  return messages.map(({ message }) => message)
}

describe('layer rule', () => {
  it.each([
    ['methods/tidy/tidy.ts', "import { a } from '../../graph/model'"],
    ['methods/tidy/tidy.ts', "import { a } from '../method'"],
    ['methods/index.ts', "import { a } from './tidy/meta'"],
    ['formats/onnx/read.ts', "import { a } from '../onnx/wire'"],
    ['backends/index.ts', "import { a } from './wasm/index'"],
    ['jobs/run.ts', "import { a } from '../evaluate/quality'"],
    ['bridge/queue.ts', "import type { Api } from '../workers/api'"],
    ['app/main.ts', "import wgsl from '../../shaders/x.wgsl?raw'"],
    ['core/bytes.ts', "import { test } from 'vitest'"],
    ['methods/tidy/models-kit.ts', "import { a } from '../../testing/node-files'"],
    ['graph/lift.test.ts', "import { open } from '../runtime/ort'"],
  ])('%s may contain: %s', (file, code) => {
    expect(lint(file, code)).toEqual([])
  })

  it.each([
    ['core/bytes.ts', "import { a } from '../graph/model'", 'src/graph lies above src/core'],
    ['graph/model.ts', "export { a } from '../formats/format'", 'src/formats lies above src/graph'],
    ['graph/model.ts', "export * from '../jobs/run'", 'src/jobs lies above src/graph'],
    ['jobs/run.ts', "const x = import('../workers/main')", 'src/workers lies above src/jobs'],
    ['jobs/run.ts', "type X = import('../workers/main').X", 'src/workers lies above src/jobs'],
    ['methods/tidy/tidy.ts', "import { a } from '../../evaluate/x'", 'src/methods and src/evaluate are on one layer'],
    ['methods/tidy/tidy.ts', "import { a } from '../float16/x'", 'siblings in src/methods never import each other'],
    ['formats/onnx/read.ts', "import { a } from '../npy/read'", 'siblings in src/formats never import each other'],
    ['ops/relu/relu.ts', "import { a } from '../tanh/tanh'", 'siblings in src/ops never import each other'],
    ['bridge/queue.ts', "import { api } from '../workers/api'", 'src/bridge imports only types of src/workers'],
    ['cli/main.ts', "import { a } from '../testing/node-files'", 'src/testing is for tests only'],
    ['methods/tidy/tidy.ts', "import { a } from './models-kit'", 'it is for tests only'],
    ['engine/plan.ts', "import { a } from '../helpers/x'", 'src/helpers has no row'],
  ])('%s must not contain: %s', (file, code, why) => {
    const messages = lint(file, code)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toContain(why)
  })
})
