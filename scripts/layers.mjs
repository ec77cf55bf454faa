/**
 * Who may import whom (DESIGN.md, "Layers"): the one ordered table, lowest first. A folder of src/ imports folders of
 * lower rows and itself. Folders of one row do not import each other.
 */
export const LAYERS = [
  ['core'],
  ['graph'],
  ['formats', 'backends'],
  ['ops'],
  ['engine', 'runtime'],
  ['methods', 'evaluate'],
  ['jobs'],
  ['workers'],
  ['bridge'],
  ['app', 'cli', 'server', 'sw'],
]

/** In these, sub-folders are siblings that never import each other; what they share lies in the folder itself. */
export const SIBLINGS = ['methods', 'ops', 'formats']

const rankOf = (folder) => LAYERS.findIndex((row) => row.includes(folder))

/**
 * Why a file must not import another; null where it may.
 * @param {string} from path inside src/, with `/`, e.g. 'methods/tidy/tidy.ts'
 * @param {string} to path inside src/ of the imported module
 * @param {{ typeOnly?: boolean }} options
 * @returns {string | null}
 */
export function violation(from, to, { typeOnly = false } = {}) {
  const [fromFolder = '', fromChild = ''] = from.split('/')
  const [toFolder = '', toChild = ''] = to.split('/')
  if (toFolder === 'testing') return 'src/testing is for tests only'
  if (rankOf(fromFolder) === -1) return `src/${fromFolder} has no row in scripts/layers.mjs`
  if (rankOf(toFolder) === -1) return `src/${toFolder} has no row in scripts/layers.mjs`
  if (fromFolder === toFolder) {
    // A path of two parts is a file of the folder itself, which its sub-folders share.
    const areInSubfolders = from.split('/').length > 2 && to.split('/').length > 2
    const areSiblings = SIBLINGS.includes(fromFolder) && areInSubfolders && fromChild !== toChild
    return areSiblings ? `siblings in src/${fromFolder} never import each other` : null
  }
  if (rankOf(toFolder) === rankOf(fromFolder)) return `src/${fromFolder} and src/${toFolder} are on one layer`
  if (rankOf(toFolder) > rankOf(fromFolder)) return `src/${toFolder} lies above src/${fromFolder}`
  if (fromFolder === 'bridge' && toFolder === 'workers' && !typeOnly) {
    return 'src/bridge imports only types of src/workers (import type)'
  }
  return null
}
