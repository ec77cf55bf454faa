/** Fails with what to install where Dawn finds no software adapter: the tests on WebGPU fail without it, they never skip. */
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findBrowser } from './find-browser.mjs'

const NEEDED =
  'The tests on WebGPU need the npm package webgpu (`npm ci` installs it), SwiftShader, which comes with Chromium, and the ' +
  'Vulkan loader: on Debian `apt-get install chromium libvulkan1`.'

const browser = findBrowser()
const folders = [...(browser ? [dirname(realpathSync(browser))] : []), '/usr/lib/chromium']
const icd = folders.map((folder) => join(folder, 'vk_swiftshader_icd.json')).find((path) => existsSync(path))
let name = null
if (icd) {
  process.env.VK_ICD_FILENAMES = icd
  process.env.XDG_RUNTIME_DIR ??= '/tmp'
  try {
    const { create } = await import('webgpu')
    const adapter = await create([]).requestAdapter()
    name = adapter?.info.description ?? null
  } catch (error) {
    console.error(String(error))
  }
}
console.log(name ? `${name} (${icd})` : NEEDED)
process.exit(name ? 0 : 1)
