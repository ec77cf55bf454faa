import type { Constant, Machine, MachineSession, Program } from '../backends/machine'
import { slotBytes } from '../core/host-array'

/** What a program needs is beyond the cap; nothing was allocated for it. */
export class OverCap extends Error {
  readonly bytes: number

  constructor(bytes: number) {
    super()
    this.bytes = bytes
  }
}

/** The machine, with sessions that refuse a program before it takes more memory than `capBytes` together with the others. */
export function cappedMachine(machine: Machine, capBytes: number): Machine {
  return { ...machine, open: async () => capped(await machine.open(), capBytes) }
}

function capped(session: MachineSession, capBytes: number): MachineSession {
  const held = new Set<Constant>()
  let arenaBytes = 0
  return {
    get memoryBytes() {
      return session.memoryBytes
    },
    async load(program) {
      const constants = new Set([...held, ...constantsOf(program)])
      const arena = Math.max(arenaBytes, program.arenaBytes)
      const bytes = [...constants].reduce((sum, constant) => sum + bytesOf(constant), arena)
      if (bytes > capBytes) throw new OverCap(bytes)
      const loaded = await session.load(program)
      for (const constant of constants) held.add(constant)
      arenaBytes = arena
      return loaded
    },
    release(constants) {
      for (const constant of constants) held.delete(constant)
      session.release(constants)
    },
    write: (states) => session.write(states),
    read: (states) => session.read(states),
    dispose: () => session.dispose(),
  }
}

const constantsOf = ({ places }: Program): Constant[] =>
  [...places.values()].flatMap((place) => (place.in === 'constant' ? [place.constant] : []))

const bytesOf = ({ array: { dtype, values } }: Constant): number => values.length * (slotBytes(dtype) ?? 0)
