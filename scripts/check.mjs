/**
 * Type-checks every project: `tsc -b` for what runs in workers, Node and tests, svelte-check for the page.
 * `--full` (or FULL=1) also proves that svelte-check still reports errors: some pairs of versions print nothing at all.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { run } from './run.mjs'

const TSC = 'node_modules/typescript/bin/tsc'
const SVELTE_CHECK = 'node_modules/svelte-check/bin/svelte-check'
const PROJECTS = ['core', 'worker', 'sw', 'node', 'test'].map((name) => `tsconfig.${name}.json`)

const svelteCheck = (...args) => [process.execPath, SVELTE_CHECK, '--fail-on-warnings', '--output', 'human', ...args]

/** @returns {Promise<boolean>} whether an injected type error was found */
async function svelteCheckSeesErrors() {
  const folder = 'build/svelte-check-self-test'
  await mkdir(folder, { recursive: true })
  try {
    await writeFile(`${folder}/tsconfig.json`, '{ "extends": "../../tsconfig.app.json", "include": ["*.svelte"] }')
    await writeFile(
      `${folder}/Wrong.svelte`,
      '<script lang="ts">\n  const n: number = "text"\n</script>\n\n<p>{n}</p>\n',
    )
    const result = await run(svelteCheck('--workspace', folder, '--tsconfig', 'tsconfig.json'))
    return result.code !== 0 && result.output.includes("'string' is not assignable to type 'number'")
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const results = await Promise.all([
  run([process.execPath, TSC, '-b', ...PROJECTS, '--pretty']),
  run(svelteCheck('--tsconfig', 'tsconfig.app.json')),
])
for (const { output, code } of results) if (code !== 0) process.stdout.write(output)
let failed = results.some(({ code }) => code !== 0)

if (process.env.FULL === '1' || process.argv.includes('--full')) {
  if (!(await svelteCheckSeesErrors())) {
    console.error(
      'svelte-check did not report a type error that was put into a component: its version and TypeScript’s do not fit.',
    )
    failed = true
  }
}
console.log(failed ? 'check: failed' : 'check: no type errors')
process.exit(failed ? 1 : 0)
