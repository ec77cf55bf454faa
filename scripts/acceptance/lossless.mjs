import { basename, join } from 'node:path'
import { modelFiles } from './files.mjs'
import { check, DATA, plume, SCRATCH } from './plume.mjs'

const NOT_COMPARED = [
  'three_layer_bn_keras.onnx',
  'qkeras_jettagging_qonnx.onnx',
  'supres_contrib_ops.onnx',
  'treecl.onnx',
]

/** `tidy` without BatchNorm folding gives bit-identical outputs; equal recipes give equal bytes on every backend. */
export async function checkLossless() {
  for (const path of modelFiles().filter((path) => !NOT_COMPARED.includes(basename(path)))) {
    const tag = path.replaceAll(/[/.]/g, '-')
    const run = (name, ...args) =>
      plume('compress', join(DATA, path), '-o', join(SCRATCH, `${tag}-${name}.onnx`), ...args)
    const tidy = await run('lossless', '--method', 'tidy:foldBatchNorm=false')
    const isSame = tidy.json?.output.isOriginal || tidy.json?.quality.outputs.every((output) => output.isIdentical)
    const figure =
      tidy.stderr || `${tidy.json.input.sizeBytes} → ${tidy.json.output.sizeBytes}, bit-identical: ${isSame}`
    check(`${path}: tidy is lossless`, isSame === true, figure)

    const hashes = []
    for (const [name, backend] of [
      ['wasm', 'wasm'],
      ['again', 'wasm'],
      ['reference', 'reference'],
    ]) {
      const { json } = await run(name, '--method', 'weights-int8', '--backend', backend)
      hashes.push(json?.output.sha256)
    }
    check(`${path}: same bytes twice, and on WASM and reference`, new Set(hashes).size === 1 && hashes[0], hashes[0])
  }
}
