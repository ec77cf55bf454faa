import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where the shared models and data lie; null when they are absent. */
export const DATA = resolve(import.meta.dirname, '../../../shared/data')

export const SCRATCH = mkdtempSync(join(tmpdir(), 'plume-acceptance-'))

/** The built command line; PLUME_CLI names another one. */
export const CLI = process.env.PLUME_CLI ?? resolve(import.meta.dirname, '../../dist-cli/plume.mjs')

/**
 * Runs `plume` in a process of its own.
 * @param {readonly string[]} args
 * @returns {Promise<{status: number, json: any, stderr: string}>}
 */
export function plume(...args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [CLI, ...args, '--json', '--quiet'])
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (text) => (stdout += text))
    child.stderr.on('data', (text) => (stderr += text))
    child.on('close', (status) => {
      let json = null
      if (stdout.trim() !== '') json = JSON.parse(stdout)
      done({ status: status ?? -1, json, stderr: stderr.trim() })
    })
  })
}

let failed = 0
let passed = 0

/** Counts and prints one check; the figure is printed either way. */
export function check(what, isMet, figure) {
  if (isMet) passed++
  else failed++
  console.log(`${isMet ? 'ok    ' : 'MISSED'} ${what}: ${figure}`)
}

export function finish() {
  console.log(`acceptance: ${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
}
