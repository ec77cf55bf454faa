import { spawn } from 'node:child_process'

/**
 * Runs a program to its end and collects what it prints.
 * @param {string[]} command program and arguments, no shell
 * @param {{ env?: Record<string, string>, live?: boolean }} options live: also shows the output while it runs
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run([program, ...args], { env = {}, live = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text) => {
        output += text
        if (live) process.stdout.write(text)
      })
    }
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code: signal ? 1 : (code ?? 1), output }))
  })
}
