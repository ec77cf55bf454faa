/** docs/conformance.md from the results of scripts/conformance.mjs. */
import { format, resolveConfig } from 'prettier'
import { reasonOf } from './reasons.mjs'

/**
 * @param index index.json of export.py
 * @param results per backend: {backend, passed, failures: [{test, why}]}; where `tells` also {inside, alone, share, hosted:
 *   [{test, host}], unheld: [{test, unheld}]}
 */
export async function conformancePage(index, results) {
  const inside = index.cases.filter(({ outside }) => !outside)
  const page = [
    '# Conformance with ONNX',
    '',
    `ONNX's own node tests (Python package \`onnx\` ${index.onnx}, ${index.cases.length} tests) on Plume's engine. ` +
      `${inside.length} of them stand at opset ${index.lastOpset} or below and use types and operators inside the ` +
      'coverage. Results are compared as ONNX does: same type and shape, |found − expected| ≤ 1e-7 + 1e-3·|expected|, ' +
      'with 2^-6 instead of 1e-3 for bfloat16; integers exactly.',
    '',
    table(
      ['backend', 'pass', 'of', 'share'],
      results.map(({ backend, passed }) => [backend, passed, inside.length, percent(passed, inside.length)]),
    ),
    '',
    ...results.filter(({ tells }) => tells).flatMap(deviceTexts),
    'Made with `python scripts/conformance/export.py && node scripts/conformance.mjs --write`.',
    '',
    '## What is not counted',
    '',
    table(['why', 'tests'], countedBy(index.cases.flatMap(({ outside }) => outside ?? []))),
    '',
    '## What fails',
    '',
    failuresText(results),
    '',
    '## Operators',
    '',
    operatorTable(inside, results),
    '',
  ].join('\n')
  return format(page, { ...(await resolveConfig('package.json')), parser: 'markdown' })
}

/** Passing is not enough on a device: the host computes what has no kernel, and passes. */
function deviceTexts({ backend, passed, tests, inside, hosted, alone, share, unheld }) {
  const types = countedBy(unheld.map((one) => one.unheld)).map(([type, count]) => `${count} × ${type}`)
  return [
    `## Every node on the device: ${backend}`,
    '',
    `Values of some types cannot be held by a GPU (${types.join(', ')}): ${tests - inside} tests are left out. A test counts ` +
      'when it passes and the plan has no node on the host; shape arithmetic (small integers that decide sizes, axes, pads) is ' +
      'done while planning and is not counted. Run on SwiftShader, Vulkan on the processor.',
    '',
    table(
      [
        'backend',
        'pass',
        'that it can hold',
        'pass with a node on the host',
        'pass with every node on the device',
        'share',
      ],
      [[backend, passed, inside, hosted.length, alone, `${(100 * share).toFixed(2)} %`]],
    ),
    '',
    '### Nodes on the host',
    '',
    hosted.length === 0 ? 'None.' : table(['operator and why', 'tests', 'e.g.'], hostedRows(hosted)),
    '',
  ]
}

function hostedRows(hosted) {
  const tests = new Map()
  for (const { test, host } of hosted) {
    for (const why of host) tests.set(why, [...(tests.get(why) ?? []), test.name])
  }
  return [...tests]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([why, names]) => [
      why,
      names.length,
      names.slice(0, MOST_NAMED).join(', ') + (names.length > MOST_NAMED ? ', …' : ''),
    ])
}

const MOST_NAMED = 4

function failuresText(results) {
  const rows = results.flatMap(({ backend, failures }) =>
    failures.map(({ test, why }) => [
      test.name,
      backend,
      reasonOf(test.name) ?? why.slice(0, 200).replaceAll('|', '\\|'),
    ]),
  )
  return rows.length === 0 ? 'Nothing.' : table(['test', 'backend', 'reason'], rows)
}

function operatorTable(inside, results) {
  const names = countedBy(inside.map(({ operator }) => operator)).sort(([a], [b]) => (a < b ? -1 : 1))
  const rows = names.map(([operator, count]) => [
    operator,
    count,
    ...results.map(({ failures }) => count - failures.filter(({ test }) => test.operator === operator).length),
  ])
  return table(['operator', 'tests', ...results.map(({ backend }) => backend)], rows)
}

function countedBy(names) {
  const counts = new Map()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)
}

const percent = (part, all) => `${((100 * part) / all).toFixed(2)} %`

const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
