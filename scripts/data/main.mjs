import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Whether the module was started as a script, not imported. */
export function isMain(url) {
  return process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(url)
}
