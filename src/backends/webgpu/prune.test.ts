import { expect, it } from 'vitest'
import { withoutUnused } from './prune'

it('leaves out functions that main does not reach', () => {
  const code = [
    'const SIZE = 4u;',
    'fn unused(x: f32) -> f32 { return also_unused(x); }',
    'fn also_unused(x: f32) -> f32 {',
    '  if (x > 0.0) { return x; }',
    '  return used_by_main(x);',
    '}',
    'fn long(',
    '  x: f32,',
    ') -> f32 {',
    '  return deep(x); // }',
    '}',
    'fn deep(x: f32) -> f32 { return x; }',
    '@compute @workgroup_size(64)',
    'fn main() {',
    '  let y = long(1.0);',
    '}',
  ]
  expect(withoutUnused(code.join('\n')).split('\n')).toEqual([code[0], ...code.slice(6)])
})

it('keeps main alone, and what stands outside of functions', () => {
  const code = 'var<private> x: u32 = first();\nfn first() -> u32 { return 1u; }\nfn main() { }'
  expect(withoutUnused(code)).toBe(code)
})
