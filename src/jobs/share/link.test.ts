import { describe, expect, it } from 'vitest'
import { decodeLink, encodeLink } from './link'
import { sharedOf } from './shared'
import { sampleReport } from './shared-kit'

describe('encodeLink and decodeLink', () => {
  it('gives back what was shared', async () => {
    const shared = sharedOf(sampleReport(30), { withName: true, withLayerNames: true, device: 'WASM, 2 threads' })
    const { text, keptLayers } = await encodeLink(shared)
    expect(await decodeLink(text)).toEqual({ ok: true, shared })
  })
})
