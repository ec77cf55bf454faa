/**
 * Fails when a catalogue of the page lacks a text: `npm run build:app` begins with it. An optional argument names the
 * folder to check (the repository otherwise). Errors elsewhere are the business of `npm run check`.
 */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './run.mjs'

const TSC = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))

/**
 * @param {string} root a folder with `tsconfig.text.json` and `src/app/text`
 * @returns {Promise<string[]>} the compiler's complaints about texts
 */
export async function textErrors(root) {
  const project = resolve(root, 'tsconfig.text.json')
  const { code, output } = await run([process.execPath, TSC, '-p', project, '--pretty', 'false'])
  // a complaint may go on in lines that are set in
  const complaints = output.split(/\n(?=\S)/).filter((text) => text.trim() !== '')
  const isUnusable = code !== 0 && !complaints.some((text) => /\.ts\(\d+,\d+\)/.test(text))
  return complaints.filter((text) => isUnusable || /src\/app\/text\/[^(]+\(/.test(text.replaceAll('\\', '/')))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const errors = await textErrors(process.argv[2] ?? '.')
  for (const error of errors) console.error(error.trimEnd())
  if (errors.length > 0) console.error('check-texts: a language of the page is not complete.')
  process.exit(errors.length > 0 ? 1 : 0)
}
