/**
 * Trains on the shared data and holds the results against what the project promises of training. Prints each figure.
 *
 *   npm run build && node scripts/acceptance/training/run.mjs [tables|mnist|fine-tune|text|resume|module]…
 */
import { existsSync } from 'node:fs'
import { DATA, finish } from '../plume.mjs'
import { checkFineTuning } from './fine-tune.mjs'
import { checkMnist } from './mnist.mjs'
import { checkModule } from './module.mjs'
import { checkResume } from './resume.mjs'
import { checkTables } from './tables.mjs'
import { checkText } from './text.mjs'

const PARTS = {
  tables: checkTables,
  mnist: checkMnist,
  'fine-tune': checkFineTuning,
  text: checkText,
  resume: checkResume,
  module: checkModule,
}

if (!existsSync(DATA)) {
  console.log(`acceptance: not run, the shared data are absent (${DATA})`)
} else {
  const asked = process.argv.slice(2)
  for (const [name, run] of Object.entries(PARTS)) {
    if (asked.length === 0 || asked.includes(name)) await run()
  }
  finish()
}
