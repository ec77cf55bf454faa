/** Makes the PNG icons of public/icons/ from public/icon.svg: `node scripts/icons.mjs`. */
import { chromium } from '@playwright/test'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { findBrowser, NO_BROWSER } from './find-browser.mjs'

/** Maskable icons are cut to a circle of 80 % of their width, so the picture stays inside it. */
const ICONS = [
  { name: 'icon-192', size: 192, scale: 1, isSolid: false },
  { name: 'icon-512', size: 512, scale: 1, isSolid: false },
  { name: 'maskable-512', size: 512, scale: 0.8, isSolid: true },
  { name: 'apple-touch-180', size: 180, scale: 0.95, isSolid: true },
]
/** The icon's own ground, so that its rounded corners vanish in it. */
const GROUND = '#0b6b62'

const executablePath = findBrowser()
if (!executablePath) {
  console.error(NO_BROWSER)
  process.exit(1)
}
const svg = (await readFile('public/icon.svg')).toString('base64')
await mkdir('public/icons', { recursive: true })
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
try {
  const page = await browser.newPage()
  for (const { name, size, scale, isSolid } of ICONS) {
    await page.setViewportSize({ width: size, height: size })
    await page.setContent(
      `<body style="margin:0;display:grid;place-items:center;height:100vh;background:${isSolid ? GROUND : 'transparent'}">` +
        `<img width="${size * scale}" height="${size * scale}" src="data:image/svg+xml;base64,${svg}">`,
    )
    await page.locator('img').evaluate((img) => img.decode())
    await writeFile(`public/icons/${name}.png`, await page.screenshot({ omitBackground: true }))
  }
} finally {
  await browser.close()
}
console.log(`public/icons: ${ICONS.map(({ name }) => name).join(', ')}`)
