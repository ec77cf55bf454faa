import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { check, CLI, DATA, plume, SCRATCH } from '../plume.mjs'

/** A training that was killed goes on to the same bytes. */
export async function checkResume() {
  const args = (name) => [
    ...['train', join(DATA, 'digits/optdigits.tra'), '-o', join(SCRATCH, name)],
    ...['--layers', '64', '--epochs', '12', '--patience', '12', '--seed', '3'],
  ]
  const whole = await plume(...args('whole.onnx'))
  if (whole.status !== 0) return check('resume: trains', false, whole.stderr)

  const checkpoint = join(SCRATCH, 'resume.checkpoint')
  const killed = spawn(process.execPath, [CLI, ...args('resumed.onnx'), '--checkpoint', checkpoint, '--quiet'])
  const ended = new Promise((done) => killed.on('close', (_, signal) => done(signal)))
  while (!existsSync(checkpoint) && killed.exitCode === null) await new Promise((done) => setTimeout(done, 5))
  killed.kill('SIGKILL')
  check('resume: killed after a checkpoint', (await ended) === 'SIGKILL' && existsSync(checkpoint), await ended)

  const resumed = await plume(...args('resumed.onnx'), '--checkpoint', checkpoint)
  if (resumed.status !== 0) return check('resume: goes on', false, resumed.stderr)
  const [a, b] = await Promise.all(['whole.onnx', 'resumed.onnx'].map((name) => readFile(join(SCRATCH, name))))
  check('resume: the same bytes', a.equals(b), `${a.length} and ${b.length} bytes`)
  const losses = ({ json }) => json.history.map(({ loss, validationLoss }) => [loss, validationLoss])
  check(
    'resume: the same curve',
    JSON.stringify(losses(whole)) === JSON.stringify(losses(resumed)),
    `${whole.json.history.length} epochs`,
  )
}
