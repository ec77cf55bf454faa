import { describe, expect, it } from 'vitest'
import { hostArray, numbersOf, type HostArray } from '../../core/host-array'
import { onnx } from '../../formats/onnx/onnx'
import { nodeFileSet } from '../../testing/node-files'
import { hasSharedData, sharedPath } from '../../testing/shared-data'
import { wasmLevels } from '../../testing/wasm-machines'
import { differentiate } from '../autodiff/differentiate'
import { crossEntropy } from '../losses'
import { openStateful, type StatefulDefinition } from '../stateful'
import fixture from './resnet20-gradients.fixture.json'
import { makeTrainable } from './trainable'
import { inTrainingMode } from './training-mode'

const PICTURES = [fixture.labels.length, 3, 32, 32]

/** As scripts/references/resnet20-gradients.py makes them. */
const pictures = hostArray(
  'float32',
  PICTURES,
  Array.from({ length: fixture.labels.length * 3072 }, (_, i) => Math.sin(0.37 * i) + 0.5 * Math.sin(0.011 * i)),
)
const labels = hostArray('int64', [fixture.labels.length], fixture.labels)

/** The graph of loss, logits and gradients of all weights, these being states. */
async function gradientGraph() {
  const model = await onnx.read(await nodeFileSet(sharedPath('cifar10-resnet20', 'cifar10-resnet20.onnx')))
  const trainable = await makeTrainable(model)
  const { builder } = inTrainingMode(trainable, 0)
  const logits = builder.graph.outputs[0]!.name
  const loss = crossEntropy()
  const target = builder.input('target', loss.target(builder.type(logits)))
  const value = loss.build(builder, logits, target)
  const gradients = differentiate(builder, value, [...trainable.parameters.keys()])
  builder.graph.outputs = []
  for (const name of [value, logits, ...gradients.values()]) builder.output(name)
  const graphs: StatefulDefinition['graphs'] = new Map([['step', { graph: builder.graph, updates: new Map() }]])
  return { definition: { states: trainable.parameters, graphs }, value, logits, gradients }
}

/** Largest |found − wanted|, of the size of the largest element there. */
function distance(found: readonly number[], wanted: readonly number[]): number {
  const scale = Math.max(...wanted.map(Math.abs))
  return Math.max(...found.map((one, i) => Math.abs(one - wanted[i]!))) / scale
}

const norm = (array: HostArray) => Math.hypot(...numbersOf(array))

describe.skipIf(!hasSharedData)('gradients of ResNet-20 on WASM (needs ../shared/data)', () => {
  it('agree with those of PyTorch to 1e-4, weight by weight', async () => {
    const { definition, value, logits, gradients } = await gradientGraph()
    const session = await openStateful(definition, { machine: await wasmLevels[0]!.make() })
    const found = await session.run(
      'step',
      new Map([
        ['input', pictures],
        ['target', labels],
      ]),
    )
    expect(distance([...numbersOf(found.get(logits)!)], fixture.logits)).toBeLessThan(1e-5)
    expect(distance([...numbersOf(found.get(value)!)], [fixture.loss])).toBeLessThan(1e-5)
    expect([...gradients.keys()].sort()).toEqual(Object.keys(fixture.gradients).sort())
    for (const [name, wanted] of Object.entries(fixture.gradients)) {
      const gradient = found.get(gradients.get(name)!)!
      const values = wanted.indices.map((index) => numbersOf(gradient)[index]!)
      expect(Math.abs(norm(gradient) / wanted.norm - 1), name).toBeLessThan(1e-4)
      expect(distance(values, wanted.values), name).toBeLessThan(1e-4)
    }
    session.dispose()
  })
})
