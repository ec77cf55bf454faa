import { describe, expect, it } from 'vitest'
import { safeName, UniqueNames } from './safe-names'

describe('safeName', () => {
  it('leaves nothing that leads out of a folder or means something to a system', () => {
    expect(safeName('../../etc/passwd')).toBe('_.._etc_passwd')
    expect(safeName('..')).toBe('result')
    expect(safeName('C:\\a|b?.onnx')).toBe('C__a_b_.onnx')
    expect(safeName('a\u202enxno.exe\n')).toBe('a_nxno.exe_')
    expect(safeName('nul.onnx')).toBe('_nul.onnx')
    expect(safeName('null.onnx')).toBe('null.onnx')
    expect(safeName('réseau 猫.onnx')).toBe('réseau 猫.onnx')
  })

  it('shortens, and keeps what says which kind of file it is', () => {
    const short = safeName(`${'x'.repeat(300)}.onnx`)
    expect([short.length, short.slice(-6)]).toEqual([120, 'x.onnx'])
  })
})

describe('UniqueNames', () => {
  it('counts names that are the same on any disk', () => {
    const names = new UniqueNames()
    const given = ['a', 'A', 'a (2)', 'a', '\u00e9', 'e\u0301']
    expect(given.map((name) => names.take(name, '.onnx'))).toEqual(
      ['a', 'A (2)', 'a (2) (2)', 'a (3)', '\u00e9', 'e\u0301 (2)'].map((name) => `${name}.onnx`),
    )
    expect(names.take('folder.onnx')).toBe('folder.onnx')
    expect(names.take('folder.onnx')).toBe('folder.onnx (2)')
  })

  it('is quick with ten thousand equal ones', () => {
    const names = new UniqueNames()
    const taken = Array.from({ length: 10_000 }, () => names.take('m', '.onnx'))
    expect(new Set(taken).size).toBe(10_000)
    expect(taken.at(-1)).toBe('m (10000).onnx')
  })
})
