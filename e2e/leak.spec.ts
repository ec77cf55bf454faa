import { test as plain, type Page, type Worker } from '@playwright/test'
import { openOrigin, slowHost } from './hosts'
import { card, expect, openInstalled } from './support'

/** Of workers; the page's library knows it not. */
declare const importScripts: (url: string) => void

/** Every way out that a script has, tried once; what came of each. `sent` would be a leak. */
type Outcomes = Record<string, string>

/** Runs in pages and workers, so it stands alone. */
async function tryEverything(base: string): Promise<Outcomes> {
  const seen = new Set<string>()
  globalThis.addEventListener('securitypolicyviolation', (event) => {
    seen.add((event as SecurityPolicyViolationEvent).blockedURI)
  })
  const soon = <T>(promise: Promise<T>) =>
    Promise.race([promise, new Promise<string>((resolve) => setTimeout(() => resolve('silent'), 3000))])
  const fate = (start: (ok: () => void, failed: () => void) => void) =>
    new Promise<string>((resolve, reject) => {
      try {
        start(
          () => resolve('sent'),
          () => resolve('failed'),
        )
      } catch (error) {
        reject(error as Error)
      }
    })
  const ways: Record<string, (url: string) => Promise<unknown>> = {
    fetch: (url) => fetch(url),
    noCors: (url) => fetch(url, { mode: 'no-cors', method: 'POST', body: 'secret' }),
    keepalive: (url) => fetch(url, { method: 'POST', keepalive: true, body: 'secret' }),
    import: (url) => import(/* @vite-ignore */ url),
    webSocket: (url) =>
      fate((ok, failed) => {
        const socket = new WebSocket(url.replace('http', 'ws'))
        socket.onopen = ok
        socket.onerror = failed
      }),
    eventSource: (url) =>
      fate((ok, failed) => {
        const source = new EventSource(url)
        source.onopen = ok
        source.onerror = failed
      }),
    xhr: (url) =>
      fate((ok, failed) => {
        const request = new XMLHttpRequest()
        request.onload = ok
        request.onerror = failed
        request.open('POST', url)
        request.send('secret')
      }),
  }
  if (typeof document === 'undefined') {
    ways['importScripts'] = async (url) => importScripts(url)
    ways['nested'] = async (url) =>
      fate((ok, failed) => {
        const worker = new Worker(url, { type: 'module' })
        worker.onmessage = ok
        worker.onerror = failed
      })
  } else {
    const element = (tag: string, set: (made: HTMLElement, url: string) => void) => (url: string) =>
      fate((ok, failed) => {
        const made = document.createElement(tag)
        made.onload = ok
        made.onerror = failed
        set(made, url)
        document.head.append(made)
      })
    ways['img'] = element('img', (made, url) => ((made as HTMLImageElement).src = url))
    ways['script'] = element('script', (made, url) => ((made as HTMLScriptElement).src = url))
    ways['style'] = element('link', (made, url) => Object.assign(made, { rel: 'stylesheet', href: url }))
    ways['prefetch'] = element('link', (made, url) => Object.assign(made, { rel: 'prefetch', href: url }))
    // says true where it was queued; the policy decides afterwards
    ways['beacon'] = async (url) => (navigator.sendBeacon(url, 'secret') ? 'queued' : 'failed')
  }
  const outcomes: Outcomes = {}
  await Promise.all(
    Object.entries(ways).map(async ([name, attempt]) => {
      const url = `${base}/${name}`
      const outcome = await soon(attempt(url)).then(
        (value) => (value === 'failed' || value === 'silent' || value === 'queued' ? value : 'sent'),
        (error: Error) => `failed: ${error.name}`,
      )
      outcomes[name] = outcome
    }),
  )
  // events of the policy arrive after the failures
  await new Promise((resolve) => setTimeout(resolve, 300))
  for (const name of Object.keys(ways)) {
    const blocked = [...seen].some((uri) => uri.includes(`/${name}`))
    if (blocked) outcomes[name] += ', stopped by the policy'
  }
  return outcomes
}

/** Runs in the service worker, where nothing but its own refusal stands in the way. */
async function tryAsServiceWorker(base: string): Promise<Outcomes> {
  const ways: Record<string, () => unknown> = {
    fetch: () => fetch(`${base}/fetch`),
    noCors: () => fetch(new Request(`${base}/no-cors`, { mode: 'no-cors' })),
    prototype: () =>
      Object.getPrototypeOf(Object.getPrototypeOf(globalThis)).fetch.call(globalThis, `${base}/prototype`),
    cacheAdd: async () => (await caches.open('leak')).add(`${base}/cache-add`),
    cacheAddAll: async () => (await caches.open('leak')).addAll([`${base}/cache-add-all`]),
    webSocket: () => new WebSocket(base.replace('http', 'ws')),
    eventSource: () => new EventSource(base),
    importScripts: () => importScripts(`${base}/import-scripts`),
  }
  const outcomes: Outcomes = {}
  for (const [name, attempt] of Object.entries(ways)) {
    try {
      await attempt()
      outcomes[name] = 'sent'
    } catch (error) {
      outcomes[name] = `failed: ${(error as Error).name}`
    }
  }
  return outcomes
}

/** Each way was tried, and none got through. */
function expectNoWayOut(where: string, outcomes: Outcomes, ways: number): void {
  expect(Object.keys(outcomes).length, `${where}: ways that were tried`).toBe(ways)
  for (const [way, outcome] of Object.entries(outcomes)) {
    expect(`${where} ${way}: ${outcome}`).toMatch(
      /: (failed|silent, stopped by the policy|queued, stopped by the policy)/,
    )
  }
}

const workerOf = async (page: Page, name: string): Promise<Worker> => {
  await expect.poll(() => page.workers().some((worker) => worker.url().includes(name))).toBe(true)
  return page.workers().find((worker) => worker.url().includes(name))!
}

plain('another origin that welcomes everybody gets nothing, from nowhere', async ({ page, context }) => {
  const other = await openOrigin()
  try {
    await openInstalled(page)
    const scripts = new Set<string>()
    page.on('worker', (worker) => scripts.add(worker.url()))
    await page.getByTestId('sample-shapes').click()
    await page.getByTestId('shrink').click()
    await expect(page.getByTestId('download')).toBeVisible()
    const nested = [...scripts].filter((url) => /ort/.test(url))
    expect(nested.length, 'onnxruntime ran in a worker and its threads').toBe(2)

    expectNoWayOut('page', await page.evaluate(tryEverything, `${other.url}/page`), 12)
    const peers = await page.evaluate(() => typeof RTCPeerConnection)
    expect(peers, 'no policy governs peer connections, so there are none').toBe('undefined')
    const job = await workerOf(page, 'job.worker')
    expectNoWayOut('job worker', await job.evaluate(tryEverything, `${other.url}/job`), 9)
    const store = await workerOf(page, 'store.worker')
    expectNoWayOut('store worker', await store.evaluate(tryEverything, `${other.url}/store`), 9)
    await expect.poll(() => page.workers().filter((worker) => worker.url().includes('ort'))).toEqual([])
    for (const script of nested) {
      // the same script, nested in the same worker; onnxruntime's own ends with its job
      await job.evaluate(
        (url) => void Object.assign(globalThis, { probe: new Worker(url, { type: 'module' }) }),
        script,
      )
      const worker = await workerOf(page, script)
      expectNoWayOut(script, await worker.evaluate(tryEverything, `${other.url}/nested`), 9)
      await job.evaluate(() => (globalThis as unknown as { probe: { terminate(): void } }).probe.terminate())
    }
    const [serviceWorker] = context.serviceWorkers()
    expectNoWayOut('service worker', await serviceWorker!.evaluate(tryAsServiceWorker, `${other.url}/sw`), 8)

    expect(other.got).toEqual([])
    expect(other.connections()).toBe(0)
    // the server does answer: it is the browser that refused
    expect((await fetch(`${other.url}/control`)).status).toBe(200)
    expect(other.got).toEqual(['GET /control'])
  } finally {
    other.close()
  }
})

// a host with headers holds the policy from the first byte
plain('no worker starts before the policy holds for it', { tag: '@static' }, async ({ page }) => {
  const host = await slowHost()
  const other = await openOrigin()
  try {
    await page.goto(host.url)
    await page.getByTestId('sample-shapes').click()
    await expect(card(page, 'shapes.onnx')).toBeVisible()
    await page.waitForTimeout(1000)
    expect(page.workers()).toEqual([])
    host.release()
    await expect(page.getByTestId('shrink')).toBeVisible({ timeout: 20_000 })
    // not isolated yet, since somebody is at work; but under the policy
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false)
    for (const worker of page.workers()) {
      expectNoWayOut(worker.url(), await worker.evaluate(tryEverything, other.url), 9)
    }
    expect(other.connections()).toBe(0)
  } finally {
    other.close()
    await host.close()
  }
})

// a control; once is enough
plain('the same ways lead out where no policy stands', { tag: '@static' }, async ({ page }) => {
  const host = await slowHost()
  const other = await openOrigin()
  try {
    await page.goto(`${host.url}samples/index.json`)
    const outcomes = await page.evaluate(tryEverything, `${other.url}/control`)
    const ways = [
      'fetch',
      'noCors',
      'keepalive',
      'import',
      'xhr',
      'script',
      'style',
      'prefetch',
      'beacon',
      'eventSource',
    ]
    const got = (way: string) => other.got.some((line) => line.endsWith(`/control/${way}`))
    expect(ways.filter((way) => !got(way))).toEqual([])
    expect(other.got.some((line) => line === 'UPGRADE /control/webSocket')).toBe(true)
    expect(outcomes['fetch']).toBe('sent')
  } finally {
    other.close()
    await host.close()
  }
})
