/**
 * A generated CSV of 500 MB: reading it into standardised numbers, beside papaparse parsing alone. PLUME_BENCH_MB takes
 * another size.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { median } from './round-robin.mjs'

const ROOT = join(import.meta.dirname, '..')
const BUNDLE = 'node_modules/.cache/plume-bench'
const MEGABYTES = Number(process.env.PLUME_BENCH_MB ?? 500)
const ROUNDS = 3
const MUST = { ratio: 0.7, megabytes: 400 }
const AIM = { ratio: 1.5, megabytes: 250 }

export const title = 'Reading a table'

/** 30 columns of numbers with eight decimals, as measurements are written (HTRU2), and a class of two texts. */
function writeTable(path) {
  const file = openSync(path, 'w')
  let state = 12345
  const uniform = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  writeSync(file, `${Array.from({ length: 30 }, (_, i) => `x${i}`).join(',')},class\n`)
  for (let written = 0; written < MEGABYTES * 1e6;) {
    let text = ''
    for (let row = 0; row < 2000; row++) {
      const shift = uniform()
      for (let i = 0; i < 30; i++) text += `${((uniform() + shift - 1) * 10 ** (i % 4)).toFixed(8)},`
      text += shift > 0.5 ? 'pulsar\n' : 'noise\n'
    }
    written += writeSync(file, text)
  }
  closeSync(file)
}

async function bundleReader() {
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    build: {
      ssr: 'bench/lib/csv-entry.ts',
      outDir: BUNDLE,
      emptyOutDir: false,
      target: 'esnext',
      rollupOptions: { output: { entryFileNames: 'csv.mjs' } },
    },
  })
  return pathToFileURL(join(ROOT, BUNDLE, 'csv.mjs')).href
}

function measure(who, path, bundle) {
  const script = join(import.meta.dirname, 'lib/csv-process.mjs')
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, who, path, bundle], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${who}: ${stderr}`)
  return JSON.parse(stdout)
}

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'plume-csv-'))
  try {
    const path = join(folder, 'table.csv')
    writeTable(path)
    const bundle = await bundleReader()
    const rounds = Array.from({ length: ROUNDS }, () => ({
      papaparse: measure('papaparse', path, bundle),
      plume: measure('plume', path, bundle),
    }))
    if (rounds.some(({ papaparse, plume }) => papaparse.rows !== plume.rows)) throw new Error('the rows differ')
    const ratio = median(rounds.map(({ papaparse, plume }) => papaparse.seconds / plume.seconds))
    const peak = median(rounds.map(({ plume }) => plume.megabytes))
    const line = (who, what) => {
      const of = (key) => median(rounds.map((round) => round[who][key]))
      return [what, of('seconds').toFixed(2), (MEGABYTES / of('seconds')).toFixed(0), of('megabytes').toFixed(0)]
    }
    return {
      header: ['reader', 's', 'MB/s', 'peak MB'],
      rows: [line('papaparse', 'papaparse, parsing alone'), line('plume', 'Plume, parsed and standardised')],
      notes: [
        `${MEGABYTES} MB, ${rounds[0].plume.rows} rows of 31 columns; papaparse ÷ Plume: ${ratio.toFixed(2)} (must ${MUST.ratio}, aim ${AIM.ratio}).`,
        `Peak memory of the whole process: ${peak.toFixed(0)} MB (must ${MUST.megabytes}, aim ${AIM.megabytes}).`,
      ],
      isMet: ratio >= MUST.ratio && peak <= MUST.megabytes,
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
