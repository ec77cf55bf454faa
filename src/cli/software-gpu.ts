/**
 * A graphics adapter made of software: SwiftShader, which every Chromium brings along. Dawn finds it through the Vulkan
 * loader once VK_ICD_FILENAMES names its file, so the variable must stand before Dawn is first asked.
 */
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const ICD = 'vk_swiftshader_icd.json'

/** Where distributions and browsers' own packages put Chromium's files on Linux. */
const FOLDERS = [
  '/usr/lib/chromium',
  '/usr/lib/chromium-browser',
  '/usr/lib64/chromium-browser',
  '/opt/google/chrome',
  '/opt/chromium',
]

/** The file that names SwiftShader's driver, beside $CHROMIUM, an installed Chromium or one that Playwright fetched. */
export function findSoftwareIcd(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = [...(env['CHROMIUM'] ? [folderOf(env['CHROMIUM'])] : []), ...FOLDERS, ...playwrightFolders(env)]
  return folders.map((folder) => join(folder, ICD)).find((path) => existsSync(path))
}

/** Makes Dawn find the software adapter, and nothing else, from the next `create()` on. */
export function useSoftwareIcd(path: string, env: NodeJS.ProcessEnv = process.env): void {
  env['VK_ICD_FILENAMES'] = path
  env['VK_DRIVER_FILES'] = path
  quietLoader(env)
}

/** Without a valid folder of this name the Vulkan loader prints an error for every adapter that it looks at. */
export function quietLoader(env: NodeJS.ProcessEnv = process.env): void {
  if (process.platform !== 'linux') return
  const folder = env['XDG_RUNTIME_DIR']
  if (!folder || !existsSync(folder)) env['XDG_RUNTIME_DIR'] = tmpdir()
}

function folderOf(path: string): string {
  try {
    return dirname(realpathSync(path))
  } catch {
    return dirname(path)
  }
}

/** …/ms-playwright/chromium-1200/chrome-linux/ */
function playwrightFolders(env: NodeJS.ProcessEnv): string[] {
  const root = env['PLAYWRIGHT_BROWSERS_PATH'] ?? join(homedir(), '.cache/ms-playwright')
  return list(root)
    .filter((name) => name.startsWith('chromium'))
    .flatMap((name) => list(join(root, name)).map((inner) => join(root, name, inner)))
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
