import { join } from 'node:path'
import { check, DATA, plume, SCRATCH } from '../plume.mjs'

/** An imported network goes on learning. */
export async function checkFineTuning() {
  const { status, json, stderr } = await plume(
    ...['train', join(DATA, 'cifar10-images/calib'), '-o', join(SCRATCH, 'resnet20.onnx')],
    ...['--from', join(DATA, 'cifar10-resnet20/cifar10-resnet20.onnx'), '--preprocess', 'imagenet'],
    ...['--epochs', '5', '--lr', '0.0003', '--patience', '5'],
  )
  if (status !== 0) return check('cifar10-resnet20 fine-tunes', false, stderr)
  const losses = json.history.map(({ loss }) => loss)
  const falls = losses.at(-1) < losses[0]
  check('cifar10-resnet20: the loss falls', falls, losses.map((loss) => loss.toFixed(4)).join(' → '))
  const { test } = json.metrics
  console.log(
    `       accuracy on held-out pictures ${(100 * test.accuracy).toFixed(2)} %, ${json.timing.msPerEpoch.toFixed(0)} ms an epoch`,
  )
}
