import { join } from 'node:path'
import { check, DATA, plume, SCRATCH } from '../plume.mjs'

/** The small network for pictures, on MNIST's own split. */
export async function checkMnist() {
  const output = join(SCRATCH, 'mnist.onnx')
  const { status, json, stderr } = await plume(
    ...['train', join(DATA, 'mnist/train-images-idx3-ubyte.gz'), '-o', output],
    ...['--test', join(DATA, 'mnist/t10k-images-idx3-ubyte.gz')],
  )
  if (status !== 0) return check('MNIST trains', false, stderr)
  const { metrics, timing, epochs, bestEpoch, model } = json
  const figure = `${(100 * metrics.test.accuracy).toFixed(2)} %, epoch ${bestEpoch} of ${epochs}, ${model.parameters} weights`
  check('MNIST: test accuracy ≥ 98.8 %', metrics.test.accuracy >= 0.988, figure)
  console.log(
    `       MNIST: ${(timing.msPerEpoch / 1000).toFixed(1)} s an epoch, ${(timing.totalMs / 1000).toFixed(0)} s in all`,
  )
}
