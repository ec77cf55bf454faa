import { expect, test } from '@playwright/test'
import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cli } from './support'

const run = promisify(execFile)

/** Two classes by the sign of a sum of waves; asymmetric, so that nothing cancels. */
function table(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const cells = Array.from({ length: 6 }, (_, column) => Math.sin(1.7 * row * (column + 1) + column) * (column + 1))
    const sum = cells.reduce((total, cell, column) => total + cell * Math.cos(column), 0.3)
    return [...cells.map((cell) => cell.toFixed(4)), sum > 0 ? 'above' : 'below'].join(',')
  })
  return `a,b,c,d,e,f,side\n${lines.join('\n')}\n`
}

test('a killed training goes on to the identical model', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plume-train-'))
  const at = (name: string) => join(folder, name)
  await writeFile(at('waves.csv'), table(1500))
  const line = (output: string, ...more: string[]) => [
    ...[cli, 'train', at('waves.csv'), '-o', at(output), '--layers', '24,12', '--epochs', '150', '--patience', '150'],
    ...['--json', '--quiet', ...more],
  ]
  const whole = JSON.parse((await run(process.execPath, line('whole.onnx'), { maxBuffer: 2 ** 26 })).stdout)
  expect(whole).toMatchObject({ version: 1, data: { target: 'side', task: 'classification' }, epochs: 150 })

  const checkpoint = at('checkpoint')
  const killed = spawn(process.execPath, line('resumed.onnx', '--checkpoint', checkpoint), { stdio: 'ignore' })
  const ended = new Promise<string | null>((done) => killed.on('exit', (_, signal) => done(signal)))
  while (!existsSync(checkpoint) && killed.exitCode === null) await new Promise((done) => setTimeout(done, 2))
  killed.kill('SIGKILL')
  expect(await ended).toBe('SIGKILL')
  expect(existsSync(at('resumed.onnx'))).toBe(false)

  const again = await run(process.execPath, line('resumed.onnx', '--checkpoint', checkpoint), { maxBuffer: 2 ** 26 })
  const resumed = JSON.parse(again.stdout)
  expect(resumed.output.sha256).toBe(whole.output.sha256)
  const losses = ({ history }: { history: readonly { loss: number }[] }) => history.map(({ loss }) => loss)
  expect(losses(resumed)).toEqual(losses(whole))
  expect(existsSync(checkpoint)).toBe(false)
})
