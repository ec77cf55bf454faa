import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { chromium } from '@playwright/test'

export const NO_BROWSER =
  'No browser was found for the end-to-end tests: set CHROMIUM=/path/to/chromium, or run ' +
  "`npx playwright install chromium`, or install Debian's package with `apt-get install chromium`."

/**
 * The Chromium that the tests drive: $CHROMIUM, else Playwright's own download, else Debian's.
 * @returns {string | null} its path, or null where there is none
 */
export function findBrowser(env = process.env, exists = existsSync) {
  // A path that was asked for and is missing must not be replaced silently by another browser.
  if (env.CHROMIUM) return exists(env.CHROMIUM) ? env.CHROMIUM : null
  return [ownBrowser(), '/usr/bin/chromium'].find((path) => path && exists(path)) ?? null
}

/** Playwright throws on systems that it has no builds for. */
function ownBrowser() {
  try {
    return chromium.executablePath()
  } catch {
    return null
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const path = findBrowser()
  console.log(path ?? NO_BROWSER)
  process.exit(path ? 0 : 1)
}
