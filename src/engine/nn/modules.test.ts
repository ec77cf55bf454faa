import { describe, expect, it } from 'vitest'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-web'
import { numbersOf } from '../../core/host-array'
import { sgd } from '../optim'
import { mse } from '../losses'
import * as t from '../tensor'
import * as nn from './index'
import frozen from './layers.fixture.json'

const bytesOf = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'))

class Net extends nn.Module {
  readonly embed = new nn.Embedding(9, 6)
  readonly blocks = [new nn.MultiHeadAttention(6, 2, { isCausal: true }), new nn.MultiHeadAttention(6, 3)]
  readonly norm = new nn.LayerNorm(6)
  readonly memory = new nn.Lstm(6, 4, { bidirectional: true })
  readonly head = new nn.Linear(8, 3)

  run(tokens: t.AnyTensor): t.AnyTensor {
    const seen = this.blocks.reduce((x, block) => (x as t.Tensor).add(block.run(x) as t.Tensor), this.embed.run(tokens))
    return this.head.run(this.memory.run(this.norm.run(seen)))
  }
}

const pictures = () =>
  new nn.Sequential(
    ...([
      new nn.Conv2d(2, 4, 3, { padding: 1 }),
      new nn.BatchNorm(4),
      nn.relu(),
      nn.maxPool2d(2),
      new nn.Dropout(0.3),
      new nn.Flatten(),
      new nn.Linear(16, 3),
    ] as const),
  )

describe('modules', () => {
  it('name their weights as PyTorch does, and count each once', () => {
    const net = new Net()
    expect([...net.state().keys()].slice(0, 6)).toEqual([
      ...['embed.weight', 'blocks.0.in_proj_weight', 'blocks.0.in_proj_bias', 'blocks.0.out_proj.weight'],
      ...['blocks.0.out_proj.bias', 'blocks.1.in_proj_weight'],
    ])
    const tied = new nn.Linear(3, 3)
    expect([...new nn.Sequential(tied, nn.tanh(), tied).state().keys()]).toEqual(['0.weight', '0.bias'])
    const names = [...pictures().parameters().keys()]
    expect(names).toEqual(['0.weight', '0.bias', '1.weight', '1.bias', '6.weight', '6.bias'])
  })

  it('take the weights that PyTorch saved, and give the same file', async () => {
    const net = new nn.Sequential(new nn.Linear(2, 1), new nn.BatchNorm(1))
    const bytes = bytesOf(frozen.safetensors)
    net.loadSafetensors(bytes)
    const state = await net.stateDict()
    // wave(0.37, 0) · 0.3 of layers.py
    expect(state.get('0.weight')!.values[1]).toBeCloseTo(Math.sin(0.37) * 2 * 0.3, 6)
    const again = new nn.Sequential(new nn.Linear(2, 1), new nn.BatchNorm(1))
    again.loadSafetensors(await net.toSafetensors())
    expect(await again.stateDict()).toEqual(state)
  })

  it('say which weights do not fit', async () => {
    const net = new nn.Linear(2, 3)
    const other = await new nn.Sequential(new nn.Linear(2, 3)).stateDict()
    expect(() => net.loadStateDict(other)).toThrow('Missing: weight, bias. Unknown: 0.weight, 0.bias.')
    net.loadStateDict(other, { isStrict: false })
    const narrow = await new nn.Linear(1, 3).stateDict()
    expect(() => net.loadStateDict(narrow)).toThrow('A parameter of float32[3, 2] cannot become float32[3,1].')
  })

  it('drop elements only in training, as many as asked, and keep the mean', async () => {
    t.manualSeed(1)
    const dropout = new nn.Dropout(0.25)
    const x = t.ones([4000])
    const dropped = numbersOf(await dropout.run(x).data())
    const zeros = dropped.filter((value) => value === 0).length
    expect(zeros / 4000).toBeCloseTo(0.25, 1)
    expect(dropped.find((value) => value !== 0)).toBeCloseTo(4 / 3, 6)
    expect(numbersOf(await dropout.run(x).data())).not.toEqual(dropped)
    expect(new Set(numbersOf(await dropout.eval().run(x).data()))).toEqual(new Set([1]))
    expect(() => new nn.Dropout(1)).toThrow('Dropout: the ratio should lie in [0, 1) and is 1.')
  })

  it('train only what is not frozen, by the settings of its group', async () => {
    const net = new nn.Sequential(new nn.Linear(2, 2), new nn.Linear(2, 1))
    net.layers[0].weight.requiresGrad = false
    const before = await net.stateDict()
    const groups = [{ names: '*.bias', rateScale: 0 }]
    const optimizer = new nn.ModuleOptimizer(net, sgd(), { rate: 0.1, groups, ema: 0.5 })
    for (let step = 0; step < 2; step++) {
      nn.lossOf(mse(), net.forward(t.ones([3, 2])), t.zeros([3, 1])).backward()
      await optimizer.step()
    }
    const after = await net.stateDict()
    const changed = [...after].filter(([name, array]) => String(array.values) !== String(before.get(name)!.values))
    expect(changed.map(([name]) => name)).toEqual(['1.weight'])
    const averages = await optimizer.averages()
    expect(String(averages.get('1.weight')!.values)).not.toBe(String(after.get('1.weight')!.values))
  })

  it('add up gradients until a step', async () => {
    const layer = new nn.Linear(2, 1, { bias: false })
    const backward = () =>
      layer
        .forward(t.tensor([[1, 2]]))
        .sum()
        .backward()
    backward()
    backward()
    expect(await layer.weight.grad!.toList()).toEqual([[2, 4]])
    layer.zeroGrad()
    backward()
    expect(await layer.weight.grad!.toList()).toEqual([[1, 2]])
  })

  it('says which target a loss compares with', () => {
    const target = t.zeros([2, 2])
    expect(() => nn.lossOf(mse(), t.zeros([3, 2]), target)).toThrow(
      'mse compares with float32[3,2], and the target is float32[2,2].',
    )
  })

  it.each([
    [() => new nn.Conv2d(3, 4, 3, { groups: 2 }), '3 and 4 channels cannot form 2 groups.'],
    [() => new nn.Conv2d(2, 4, [3, 3, 3]), 'One value or 2 were expected, and [3, 3, 3] was given.'],
    [() => new nn.Conv1d(2, 4, 3, { padding: 'same', stride: 2 }), 'only with a stride of 1'],
    [() => new nn.GroupNorm(3, 4), '4 channels cannot form 3 groups.'],
    [() => new nn.MultiHeadAttention(5, 2), '5 features cannot be shared by 2 heads.'],
    [() => new nn.Lstm(2, 2, { layers: 0 }), 'LSTM: there should be at least one layer, not 0.'],
    [() => new nn.BatchNorm(2).run(t.ones([1, 2])), 'BatchNorm needs more than one value per channel in training.'],
    [() => nn.adaptiveMaxPool1d(3).run(t.input('x', [1, 2, 'time'])), 'needs known sizes: [1, 2, time].'],
    [() => new nn.ModuleOptimizer(nn.relu(), sgd(), { rate: 1 }), 'This module has no parameters to train.'],
  ])('%#: an error says what does not fit', (make, message) => expect(make).toThrow(message))
})

describe('exports', () => {
  it('run in onnxruntime with an open batch, and come back as modules that train', async () => {
    t.manualSeed(3)
    const net = pictures()
    // running statistics that are not the first ones
    await t.compute(net.run(t.randn([5, 2, 4, 4])))
    const bytes = await nn.toOnnx(net, [t.input('picture', ['batch', 2, 4, 4])])
    expect(net.isTraining).toBe(true)
    const x = t.randn([3, 2, 4, 4])
    const expected = numbersOf(await net.eval().run(x).data())
    const session = await InferenceSession.create(bytes)
    const fed = new OrtTensor('float32', numbersOf(await x.data()) as Float32Array, [3, 2, 4, 4])
    const found = (await session.run({ picture: fed }))['output']!.data as Float32Array
    expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 4))

    const back = await nn.fromOnnx(bytes)
    expect([...back.parameters().keys()]).toEqual([...net.parameters().keys()])
    expect([back.inputs, back.outputs]).toEqual([['picture'], ['output']])
    expect(numbersOf(await back.eval().run(x).data())).toEqual(expected)
    back.train()
    const before = await back.stateDict()
    const optimizer = new nn.ModuleOptimizer(back, sgd(), { rate: 0.01 })
    const losses = []
    for (let step = 0; step < 3; step++) {
      const loss = nn.lossOf(mse(), back.run(x), t.zeros([3, 3]))
      loss.backward()
      await optimizer.step(loss)
      losses.push(await loss.item())
    }
    expect(losses[2]).toBeLessThan(losses[0]!)
    expect((await back.stateDict()).get('1.running_mean')).not.toEqual(before.get('1.running_mean'))
  })

  it('keep attention and recurrent layers as they are', async () => {
    t.manualSeed(4)
    const net = new Net()
    const bytes = await nn.toOnnx(net, [t.input('tokens', ['batch', 'time'], 'int64')], (tokens) => ({
      scores: net.run(tokens!),
      again: tokens!,
    }))
    const tokens = t.randint(9, [2, 5])
    const expected = numbersOf(await net.run(tokens).data())
    const session = await InferenceSession.create(bytes)
    const fed = new OrtTensor('int64', (await tokens.data()).values as BigInt64Array, [2, 5])
    const found = await session.run({ tokens: fed })
    expected.forEach((value, i) => expect((found['scores']!.data as Float32Array)[i]).toBeCloseTo(value, 4))
    expect(String(found['again']!.data)).toBe(String(fed.data))
    const back = await nn.fromOnnx(bytes)
    // not the numbers in formulas
    expect([...back.parameters().keys()].sort()).toEqual([...net.parameters().keys()].sort())
    expect(numbersOf(await back.runAll({ tokens })['scores']!.data())).toEqual(expected)
    expect(() => back.runAll({})).toThrow("The input tokens is missing; the model's inputs are tokens.")
  })

  it('say what is missing', async () => {
    const two = new nn.Bilinear([2, 3], 1)
    const inputs = [t.input('a', ['n', 2]), t.input('b', ['n', 3])]
    await expect(nn.toModel(two, inputs)).rejects.toThrow('This module does not have one input')
    const stranger = t.input('c', ['n', 2])
    await expect(nn.toModel(new nn.Linear(2, 1), [inputs[0]!], () => ({ y: stranger }))).rejects.toThrow(
      'The input c of the graph is not among those given.',
    )
    await expect(nn.toModel(new nn.Linear(2, 1), [inputs[0]!], (a) => ({ a: a! }))).rejects.toThrow(
      'The output a has the name of another value of the graph.',
    )
  })
})
