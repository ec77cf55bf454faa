/**
 * Peak memory of calibration: of 50 and of 500 pictures, for observers with histograms. What comes after calibration (the proof)
 * takes more and differs from run to run, so the high-water mark is read when calibration ends, and the whole run's is held against
 * a run of the same model that does not calibrate. Linux only: the kernel's own mark (VmHWM) is read.
 *
 * usage: node scripts/acceptance/calibration-memory.mjs [plume.mjs]
 */
import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { extname, join } from 'node:path'
import { check, CLI, DATA, finish, SCRATCH } from './plume.mjs'

const MODELS = {
  resnet20: {
    model: 'cifar10-resnet20/cifar10-resnet20.onnx',
    pictures: 'cifar10-images/calib',
    preprocess: 'imagenet',
  },
  squeezenet: {
    model: 'squeezenet/SqueezeNet_fp32.onnx',
    pictures: 'imagenet-samples',
    preprocess: 'resize=224 crop=224',
  },
}
const OBSERVERS = ['percentile', 'entropy']
const COUNTS = [50, 500]
const TEST_PICTURES = 8
const MOST_GROWTH = 0.1
const MOST_BYTES = 400e6
const READ_EVERY_MS = 20

const cli = process.argv[2] ?? CLI

/** A folder of `count` pictures; where there are fewer, they come again under other names. */
function pictures(folder, name, count) {
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => /\.(jpe?g|png)$/i.test(path))
    .sort()
  const made = join(SCRATCH, name)
  mkdirSync(made, { recursive: true })
  for (let i = 0; i < count; i++) {
    const file = files[i % files.length]
    copyFileSync(join(folder, file), join(made, `${String(i).padStart(4, '0')}${extname(file)}`))
  }
  return made
}

function highWaterOf(pid) {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return 1024 * Number(kilobytes ?? 0)
  } catch {
    // the process has just ended
    return 0
  }
}

/** @returns the most bytes that the process had in memory: up to the end of calibration, and in all */
function peaksOf(args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    let stderr = ''
    let peak = 0
    let calibration = 0
    const timer = setInterval(() => (peak = Math.max(peak, highWaterOf(child.pid))), READ_EVERY_MS)
    child.stderr.on('data', (text) => {
      stderr += text
      // a line for each stage that has ended
      if (calibration === 0 && /^calibrate:/m.test(stderr)) calibration = highWaterOf(child.pid)
    })
    child.on('close', (status) => {
      clearInterval(timer)
      done({ status, peak, calibration, stderr: stderr.trim() })
    })
  })
}

const mega = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`

for (const [name, { model, pictures: folder, preprocess }] of Object.entries(MODELS)) {
  const from = join(DATA, folder)
  const test = pictures(from, `${name}-test`, TEST_PICTURES)
  const sets = COUNTS.map((count) => pictures(from, `${name}-${count}`, count))
  const run = async (method, more) => {
    const output = join(SCRATCH, `${name}.onnx`)
    const flags = ['--method', method, '--test', test, '--preprocess', preprocess, '--force', ...more]
    const found = await peaksOf(['compress', join(DATA, model), '-o', output, ...flags])
    if (found.status !== 0) check(`${name}: ${method}`, false, found.stderr)
    return found
  }
  const plain = await run('weights-int8', [])
  console.log(`${name}: ${mega(plain.peak)} without calibration`)
  for (const observer of OBSERVERS) {
    const few = await run(`static-int8:observer=${observer}`, ['--calibrate', sets[0]])
    const many = await run(`static-int8:observer=${observer}`, ['--calibrate', sets[1]])
    const [a, b] = [few.calibration, many.calibration]
    const figures = `${mega(a)} with ${COUNTS[0]} pictures, ${mega(b)} with ${COUNTS[1]}`
    const growth = b / a - 1
    check(
      `${name}, ${observer}: grows by under 10 %`,
      a > 0 && growth < MOST_GROWTH,
      `${figures}: ${(100 * growth).toFixed(1)} %`,
    )
    const above = many.peak - plain.peak
    check(`${name}, ${observer}: within 400 MB above a plain run`, above < MOST_BYTES, mega(above))
  }
}
rmSync(SCRATCH, { recursive: true })
finish()
