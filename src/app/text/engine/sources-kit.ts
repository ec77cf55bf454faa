import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** A sentence, or a part of one, that the engine's source makes; what is filled in stands as `{}`. */
export interface SourceTemplate {
  readonly text: string
  /** `path:line`. */
  readonly at: string
}

/** The layers whose errors, notes and reasons a page can show. The command line and its reports stay English. */
const FOLDERS = [
  ...['core', 'graph', 'formats', 'backends', 'ops', 'engine', 'runtime', 'methods', 'evaluate', 'jobs', 'workers'],
  'bridge',
]
/**
 * Texts of other readers: servers, terminal (what plans do among them) and HTML report (English), method forms (see
 * `fr/methods.ts`), programmers, tests, the GPU (lines of WGSL).
 */
const NOT_SHOWN = [
  /\/meta\.ts$/,
  /\/report-summary/,
  /\/jobs\/report\//,
  /\/security-headers/,
  /\/engine\/plan\/(explain|reasons)\.ts$/,
  // misuse of the library, by those who write programs with it
  /\/engine\/(tensor|nn|optim)\//,
  /\/assembly\//,
  /\/webgpu\/(kernels\/|expressions|shader\.ts$|tiles|tune)/,
  // lines of WGSL
  /\/webgpu\/(kernels\/|(expressions|shader)\.ts$)/,
  // lines of JavaScript and HTML that are exported
  /\/engine\/deploy\/(example-page|formula|lines|module-text|runtime|storage)\.ts$/,
  /\.d\.ts$/,
  /\.cases\.ts$/,
]
/** Lists of operators, and the header of a .npy file. */
const DATA = /^([A-Z]\w*( [A-Z]\w*)+|\{'descr'.*)$/
const MAX_VARIANTS = 32

/** Every text of more than one word in the engine's sources, but for what only programmers see. */
export function engineTemplates(root = 'src'): SourceTemplate[] {
  return FOLDERS.flatMap((folder) => filesIn(join(root, folder))).flatMap((path) => templatesOf(path))
}

function filesIn(folder: string): string[] {
  let entries
  try {
    entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  } catch {
    return [] // a layer without code yet
  }
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !/(\.test(-d)?|-kit)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'))
    .filter((path) => !NOT_SHOWN.some((pattern) => pattern.test(path)))
    .sort()
}

/** The templates of one file; `source` is read from the disk unless given. */
export function templatesOf(path: string, source = readFileSync(path, 'utf8')): SourceTemplate[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.ES2023, true)
  const found: SourceTemplate[] = []
  const visit = (node: ts.Node): void => {
    if (isForProgrammers(node)) return
    if (ts.isExpression(node) && isText(node)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart())
      for (const text of variants(node)) if (isProse(text)) found.push({ text, at: `${path}:${line + 1}` })
      eachFilling(node, visit)
      return
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** Types, imports, assertions and our own bugs; a comparison's operand is data. */
function isForProgrammers(node: ts.Node): boolean {
  if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return true
  if (ts.isCallExpression(node))
    return /^(assert|.*\.split|.*\.startsWith|.*\.includes|words)$/.test(node.expression.getText())
  if (ts.isNewExpression(node))
    return /^(Error|RangeError|TypeError|RegExp|URL|Worker)$/.test(node.expression.getText())
  return false
}

const isPlus = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken

/** A literal, a template, or a sum with one of them in it. */
function isText(node: ts.Node): boolean {
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return true
  return isPlus(node) && (isText(node.left) || isText(node.right))
}

/** All finished forms: a choice between texts is written out, everything else is `{}`. */
function variants(node: ts.Expression): string[] {
  if (ts.isParenthesizedExpression(node)) return variants(node.expression)
  if (ts.isStringLiteralLike(node)) return [node.text]
  if (isPlus(node)) return product([variants(node.left), variants(node.right)])
  if (ts.isTemplateExpression(node)) {
    const spans = node.templateSpans.flatMap((span) => [variants(span.expression), [span.literal.text]])
    return product([[node.head.text], ...spans])
  }
  if (ts.isConditionalExpression(node) && [node.whenTrue, node.whenFalse].some((one) => isChoice(one))) {
    return [...variants(node.whenTrue), ...variants(node.whenFalse)]
  }
  return ['{}']
}

const isChoice = (node: ts.Expression): boolean =>
  isText(node) || (ts.isParenthesizedExpression(node) && isChoice(node.expression))

function product(parts: readonly string[][]): string[] {
  const all = parts.reduce<string[]>((sums, part) => sums.flatMap((sum) => part.map((text) => sum + text)), [''])
  if (all.length > MAX_VARIANTS) throw new Error(`More than ${MAX_VARIANTS} forms of one sentence: write it in parts.`)
  return [...new Set(all)]
}

/** What is filled in may hold texts of its own, e.g. in a function that is called there. */
function eachFilling(node: ts.Node, visit: (node: ts.Node) => void): void {
  if (ts.isStringLiteralLike(node)) return
  if (isPlus(node)) {
    for (const side of [node.left, node.right]) {
      if (isText(side)) eachFilling(side, visit)
      else visit(side)
    }
  } else if (ts.isTemplateExpression(node)) {
    for (const { expression } of node.templateSpans) {
      if (ts.isConditionalExpression(expression)) visit(expression.condition)
      else visit(expression)
    }
  }
}

/** Two words at least, of letters. */
function isProse(text: string): boolean {
  if (DATA.test(text) || !/[a-z]{2}/.test(text.replaceAll('{}', ''))) return false
  return /[A-Za-z’'",)}:;]\s+(\{\}|[A-Za-z("“])/.test(text)
}
