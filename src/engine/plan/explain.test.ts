import { describe, expect, it } from 'vitest'
import type { Machine, RunOptions } from '../../backends/machine'
import { node } from '../../testing/build-model'
import { feedsOf, model, wave } from '../../testing/plan-kit'
import { planMachine } from '../../testing/plan-machine'
import { openEngine } from '../session'

/** Steps take 1.5 ms, 2.5 ms and so on, where they are measured; the last one is not. */
function timing() {
  const measured: (boolean | undefined)[] = []
  const machine: Machine = {
    ...planMachine,
    async open() {
      const session = await planMachine.open()
      return {
        ...{ memoryBytes: 0, dispose: () => session.dispose(), release: () => undefined },
        ...{ write: (states) => session.write(states), read: (states) => session.read(states) },
        async load(program) {
          const loaded = await session.load(program)
          let times: readonly number[] | undefined
          return {
            run(inputs: Parameters<typeof loaded.run>[0], options?: RunOptions) {
              measured.push(options?.measure)
              const last = program.steps.length - 1
              times = options?.measure ? program.steps.map((_, i) => (i === last ? 0 : i + 1.5)) : undefined
              return loaded.run(inputs, options)
            },
            get times() {
              return times
            },
            advance: (inputs) => loaded.advance(inputs),
            dispose: () => loaded.dispose(),
          }
        },
      }
    },
  }
  return { machine, measured }
}

describe('explain', () => {
  const given = model({
    inputs: { x: ['float32', [3, 4]] },
    outputs: { y: ['float32'] },
    nodes: [node('Abs', 'x', 'a'), node('Softmax', 'a', 's'), node('Neg', 's', 'y')],
  })
  const feeds = feedsOf({ x: wave([3, 4]) })

  it('tells how long each step took, where the machine measured it', async () => {
    const { machine, measured } = timing()
    const session = await openEngine(given, { machine })
    await session.run(feeds)
    const { stages, text } = await session.explain(feeds)
    expect(measured).toEqual([undefined, true])
    expect(stages[0]!.steps.map(({ timeMs }) => timeMs)).toEqual([1.5, 2.5, undefined])
    expect(text).toContain('softmax       Softmax → float32[3, 4]')
    expect(text).toMatch(/Softmax → .* 2\.50 ms$/m)
    session.dispose()
  })

  it('tells nothing of times where there are none', async () => {
    const session = await openEngine(given, { machine: planMachine })
    const { stages, text } = await session.explain(feeds)
    expect(stages[0]!.steps.some((step) => 'timeMs' in step)).toBe(false)
    expect(text).not.toContain(' ms')
    session.dispose()
  })
})
