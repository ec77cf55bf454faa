import { dirname, relative, resolve, sep } from 'node:path'
import { violation } from './layers.mjs'

const SRC = resolve(import.meta.dirname, '../src')

/** Tests, type tests, and what only tests import (x-kit.ts, x.cases.ts) may reach everywhere. */
const isTestFile = (path) => /(\.test|\.test-d|-kit|\.cases)(\.ts)?$/.test(path)

const insideSrc = (path) => {
  const inside = relative(SRC, path)
  return inside.startsWith('..') ? null : inside.split(sep).join('/')
}

/** ESLint rule: relative imports of src/ follow scripts/layers.mjs. Also covers re-exports, import() and import types. */
export const layersRule = {
  meta: { type: 'problem', schema: [], messages: { layer: 'Import of {{to}}: {{why}}.' } },
  create(context) {
    const from = insideSrc(context.filename)
    if (from === null || isTestFile(from) || from.startsWith('testing/')) return {}
    const check = (node, source, typeOnly) => {
      if (typeof source?.value !== 'string' || !source.value.startsWith('.')) return
      const to = insideSrc(resolve(dirname(context.filename), source.value.split('?')[0]))
      const why = to === null ? null : isTestFile(to) ? 'it is for tests only' : violation(from, to, { typeOnly })
      if (why) context.report({ node, messageId: 'layer', data: { to, why } })
    }
    return {
      ImportDeclaration: (node) => check(node, node.source, node.importKind === 'type'),
      ExportNamedDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal, true),
    }
  },
}
