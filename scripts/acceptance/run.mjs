/**
 * Runs the command line over the shared models and holds the results against what the project promises: sizes,
 * accuracy on labelled data, branches, and the table of every file × method. Prints each figure.
 *
 *   npm run build && node scripts/acceptance/run.mjs [quality|files|lossless|int8|presets|automatic]…
 */
import { existsSync } from 'node:fs'
import { checkFiles } from './files.mjs'
import { checkAutomatic } from './int8/automatic.mjs'
import { checkFixed, checkPresets } from './int8/fixed.mjs'
import { checkLossless } from './lossless.mjs'
import { DATA, finish } from './plume.mjs'
import { checkQuality } from './quality.mjs'

const PARTS = {
  quality: checkQuality,
  files: checkFiles,
  lossless: checkLossless,
  int8: checkFixed,
  presets: checkPresets,
  automatic: checkAutomatic,
}

if (!existsSync(DATA)) {
  console.log(`acceptance: not run, the shared models are absent (${DATA})`)
} else {
  const asked = process.argv.slice(2)
  for (const [name, run] of Object.entries(PARTS)) {
    if (asked.length === 0 || asked.includes(name)) await run()
  }
  finish()
}
