/**
 * Peak memory of calibration: of 50 and of 500 pictures, for observers with histograms, beside a run of the same model that does
 * not calibrate. Linux only: the kernel's own high-water mark (VmHWM) is read.
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

/** @returns the most bytes that the process had in memory */
function peakOf(args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [cli, ...args, '--json', '--quiet'], { stdio: ['ignore', 'ignore', 'pipe'] })
    let stderr = ''
    let peak = 0
    const timer = setInterval(() => {
      try {
        const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
        if (kilobytes) peak = Math.max(peak, 1024 * Number(kilobytes))
      } catch {
        // the process has just ended
      }
    }, READ_EVERY_MS)
    child.stderr.on('data', (text) => (stderr += text))
    child.on('close', (status) => {
      clearInterval(timer)
      done({ status, peak, stderr: stderr.trim() })
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
    const { status, peak, stderr } = await peakOf(['compress', join(DATA, model), '-o', output, ...flags])
    if (status !== 0) check(`${name}: ${method}`, false, stderr)
    return peak
  }
  const plain = await run('weights-int8', [])
  console.log(`${name}: ${mega(plain)} without calibration`)
  for (const observer of OBSERVERS) {
    const [few, many] = [
      await run(`static-int8:observer=${observer}`, ['--calibrate', sets[0]]),
      await run(`static-int8:observer=${observer}`, ['--calibrate', sets[1]]),
    ]
    const figures = `${mega(few)} with ${COUNTS[0]} pictures, ${mega(many)} with ${COUNTS[1]}`
    const growth = many / few - 1
    check(
      `${name}, ${observer}: grows by under 10 %`,
      growth < MOST_GROWTH,
      `${figures}: ${(100 * growth).toFixed(1)} %`,
    )
    check(`${name}, ${observer}: within 400 MB above a plain run`, many - plain < MOST_BYTES, mega(many - plain))
  }
}
rmSync(SCRATCH, { recursive: true })
finish()
