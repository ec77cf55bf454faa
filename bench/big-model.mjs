/**
 * A 2 GB ONNX model with external data: `inspect` must take under 1 s and 150 MB, and
 * `compress --method weights-int8` (weights only, not run) must peak under 600 MB.
 *
 *   npm run build && node bench/big-model.mjs [GB] [folder]
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { writeBigModel } from './lib/big-onnx.mjs'

const CLI = resolve(import.meta.dirname, '../dist-cli/plume.mjs')
const PEAK = resolve(import.meta.dirname, 'lib/peak.mjs')

const folder = process.argv[3] ?? mkdtempSync(join(tmpdir(), 'plume-big-'))
try {
  const model = writeBigModel(folder, Number(process.argv[2] ?? 2))
  console.log(`model: ${((statSync(model).size + statSync(`${model}.data`).size) / 1e9).toFixed(3)} GB`)
  measure('inspect', { seconds: 1, megabytes: 150 }, ['inspect', model, '--json'])
  const out = join(folder, 'small.onnx')
  measure('compress weights-int8', { megabytes: 600 }, [
    'compress',
    model,
    '-o',
    out,
    '--method',
    'weights-int8',
    '--no-tidy',
    '--json',
    '--quiet',
  ])
  console.log(`result: ${(statSync(out).size / 1e9).toFixed(3)} GB`)
} finally {
  if (!process.argv[3]) rmSync(folder, { recursive: true })
}

/** Whole-process time, and peak resident memory as the process itself reports it at its end. */
function measure(what, must, args) {
  const start = performance.now()
  const { status, stderr } = spawnSync(process.execPath, ['--import', PEAK, CLI, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const seconds = (performance.now() - start) / 1000
  const megabytes = Number(/peak-kilobytes (\d+)/.exec(stderr)?.[1]) / 1000
  const isMet = status === 0 && megabytes < must.megabytes && seconds < (must.seconds ?? Infinity)
  const limits = `must ${must.seconds ? `< ${must.seconds} s, ` : ''}< ${must.megabytes} MB`
  console.log(
    `${isMet ? 'ok    ' : 'MISSED'} ${what}: ${seconds.toFixed(2)} s, peak ${megabytes.toFixed(0)} MB (${limits})`,
  )
  if (status !== 0) console.log(stderr)
  if (!isMet) process.exitCode = 1
}
