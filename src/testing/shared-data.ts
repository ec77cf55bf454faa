import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root, wherever the tests are started from. */
export const repoRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** Real models and data, which lie beside the repository and are never copied into it. */
export const sharedDataDir = resolve(repoRoot, '../shared/data')

/** `describe.skipIf(!hasSharedData)('… (needs ../shared/data)', …)`: a clone without the data skips, and says so. */
export const hasSharedData = existsSync(join(sharedDataDir, 'MANIFEST.md'))

/** Path of a shared file, e.g. `sharedPath('iris', 'iris.csv')`. */
export function sharedPath(...parts: string[]): string {
  return join(sharedDataDir, ...parts)
}
