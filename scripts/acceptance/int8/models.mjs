import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { DATA, SCRATCH } from '../plume.mjs'

/** The first `count` pictures and labels of an idx pair, as a folder. */
function idxHead(images, labels, count) {
  const read = (file) => gunzipSync(readFileSync(join(DATA, 'mnist', file)))
  const cut = (bytes, header, itemBytes) => {
    const head = Buffer.from(bytes.subarray(0, header + count * itemBytes))
    head.writeUInt32BE(count, 4)
    return head
  }
  const folder = SCRATCH
  writeFileSync(join(folder, 'calib-images-idx3-ubyte'), cut(read(images), 16, 28 * 28))
  writeFileSync(join(folder, 'calib-labels-idx1-ubyte'), cut(read(labels), 8, 1))
  return join(folder, 'calib-images-idx3-ubyte')
}

/** Every fifth photo calibrates, the other 240 judge, or the first 24 of them: folders with labels of their own. */
function photos(part) {
  const source = join(DATA, 'imagenet-samples')
  const folder = join(SCRATCH, `photos-${part}`)
  if (existsSync(folder)) return folder
  mkdirSync(folder)
  const [header, ...lines] = readFileSync(join(source, 'labels.csv'), 'utf8').trim().split('\n')
  const fits = lines.filter((_, i) => (i % 5 === 0) === (part === 'calibrate'))
  const kept = part === 'few' ? fits.slice(0, 24) : fits
  for (const line of kept) {
    const file = line.slice(0, line.lastIndexOf(','))
    copyFileSync(join(source, file), join(folder, file))
  }
  writeFileSync(join(folder, 'labels.csv'), `${[header, ...kept].join('\n')}\n`)
  return folder
}

function silero(name, from, frames) {
  const file = join(SCRATCH, `silero-${name}.npz`)
  execFileSync(process.execPath, [
    resolve(import.meta.dirname, '../../data/silero-npz.mjs'),
    join(DATA, 'silero-vad/test.wav'),
    ...['-o', file, '--from', String(from), '--frames', String(frames)],
  ])
  return file
}

const CAFFE = 'resize=256 crop=224 order=bgr range=255 mean=104,117,123 std=1,1,1'
/** Short side to 240, the middle 240 × 320, as the model was trained. */
const FACES = 'resize=320 range=255 mean=127,127,127 std=128,128,128'

/** Models with the data they are calibrated and judged on; data is made when it is asked for. */
export const MODELS = {
  resnet20: () => ({
    model: join(DATA, 'cifar10-resnet20/cifar10-resnet20.onnx'),
    calibrate: join(DATA, 'cifar10-images/calib'),
    test: join(DATA, 'cifar10-images/test'),
    flags: ['--preprocess', 'imagenet'],
  }),
  squeezenet: () => ({
    model: join(DATA, 'squeezenet/SqueezeNet_fp32.onnx'),
    calibrate: photos('calibrate'),
    test: photos('test'),
    flags: ['--preprocess', CAFFE],
  }),
  'mnist-burn': () => ({
    model: join(DATA, 'mnist-burn/mnist.onnx'),
    calibrate: idxHead('train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz', 500),
    test: join(DATA, 'mnist/t10k-images-idx3-ubyte.gz'),
    flags: ['--preprocess', 'mnist'],
  }),
  'mnist-cntk': () => ({
    model: join(DATA, 'mnist-cntk/mnist.onnx'),
    calibrate: idxHead('train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz', 500),
    test: join(DATA, 'mnist/t10k-images-idx3-ubyte.gz'),
    flags: ['--preprocess', 'raw'],
  }),
  ultraface: () => ({
    model: join(DATA, 'ultraface/version-RFB-320.onnx'),
    calibrate: photos('calibrate'),
    test: photos('test'),
    flags: ['--preprocess', FACES],
  }),
  'super-resolution': () => ({
    model: join(DATA, 'super-resolution/super_resolution.onnx'),
    calibrate: photos('calibrate'),
    test: photos('few'),
    flags: ['--preprocess', 'zero-one'],
  }),
  // frames 600 to 899 calibrate: none of them is judged
  silero: () => ({
    model: join(DATA, 'silero-vad/silero_vad.onnx'),
    calibrate: silero('calibrate', 600, 300),
    test: silero('test', 0, 600),
    flags: ['--state', 'stateN=state'],
  }),
}

/** The flags that give a model's data to `plume compress`. */
export function dataFlags({ calibrate, test, flags }) {
  return ['--calibrate', calibrate, '--test', test, ...flags]
}
