import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test as plain } from '@playwright/test'
import { expect, open } from './support'

// not the guarded test: this one provokes requests to another origin on purpose
plain('neither the page nor its workers can reach another origin', async ({ page }) => {
  let reached = 0
  const server = createServer((_request, response) => {
    reached++
    response
      .writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' })
      .end('leak')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  try {
    await open(page)
    await page.getByTestId('sample-shapes').click()
    await page.getByTestId('shrink').click()
    await expect.poll(() => page.workers().length).toBeGreaterThanOrEqual(3)
    const attempt = (address: string) =>
      fetch(address).then(
        () => 'reached',
        () => 'blocked',
      )
    expect(await page.evaluate(attempt, url)).toBe('blocked')
    for (const worker of page.workers()) {
      const answer = await worker.evaluate(attempt, url).catch(() => 'ended')
      expect(answer, worker.url()).not.toBe('reached')
    }
    expect(reached).toBe(0)
  } finally {
    server.close()
  }
})
