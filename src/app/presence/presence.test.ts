import { describe, expect, it } from 'vitest'
import type { AwakeLock, Platform } from './platform'
import { Presence } from './presence'

class Lock implements AwakeLock {
  released = false
  release(): Promise<void> {
    this.released = true
    return Promise.resolve()
  }
}

function fake(change: Partial<Platform> = {}) {
  const seen = { title: 'Plume', badges: [] as (number | null)[], locks: [] as Lock[], shown: [] as string[][] }
  const state = { isHidden: false, listener: () => undefined as void, permission: 'granted' as NotificationPermission }
  const platform: Platform = {
    isHidden: () => state.isHidden,
    onVisibility(listener) {
      state.listener = listener
      return () => (state.listener = () => undefined)
    },
    getTitle: () => seen.title,
    setTitle: (title) => (seen.title = title),
    keepAwake: () => {
      const lock = new Lock()
      seen.locks.push(lock)
      return Promise.resolve(lock)
    },
    setBadge: (percent) => void seen.badges.push(percent),
    notifications: {
      permission: () => state.permission,
      ask: () => Promise.resolve(state.permission),
      show: (title, body) => void seen.shown.push([title, body]),
    },
    ...change,
  }
  return { platform, seen, state }
}

const settle = () => new Promise((resolve) => setTimeout(resolve))
const at = (overall: number) => ({ isBusy: true, overall, title: `${Math.round(overall * 100)} % · Plume` })
const idle = { isBusy: false, overall: 0, title: '' }

describe('Presence', () => {
  it('shows the percent in title and badge while there is work, and takes both back', () => {
    const { platform, seen } = fake()
    const presence = new Presence(platform)
    presence.update(idle)
    presence.update(at(0))
    presence.update(at(0.424))
    presence.update(at(0.428))
    expect(seen.title).toBe('43 % · Plume')
    presence.update(idle)
    expect(seen.title).toBe('Plume')
    expect(seen.badges).toEqual([1, 42, null])
  })

  it('keeps the screen on once, and lets it sleep at the end', async () => {
    const { platform, seen } = fake()
    const presence = new Presence(platform)
    presence.update(at(0.1))
    presence.update(at(0.2))
    await settle()
    presence.update(at(0.3))
    expect(seen.locks.map(({ released }) => released)).toEqual([false])
    presence.update(idle)
    expect(seen.locks.map(({ released }) => released)).toEqual([true])
  })

  it('asks for the screen again when the page comes back, not while it is hidden', async () => {
    const { platform, seen, state } = fake()
    const presence = new Presence(platform)
    presence.update(at(0.1))
    await settle()
    state.isHidden = true
    ;(seen.locks[0] as Lock).released = true // as browsers do
    state.listener()
    presence.update(at(0.2))
    await settle()
    expect(seen.locks).toHaveLength(1)
    state.isHidden = false
    state.listener()
    await settle()
    expect(seen.locks.map(({ released }) => released)).toEqual([true, false])
  })

  it('lets go of a lock that arrives after the end', async () => {
    const { platform, seen } = fake()
    const presence = new Presence(platform)
    presence.update(at(0.9))
    presence.update(idle)
    await settle()
    expect(seen.locks.map(({ released }) => released)).toEqual([true])
  })

  it('works where the browser has none of it, and where the system refuses', async () => {
    const refused = fake({ keepAwake: () => Promise.reject(new Error('battery')), setBadge: null, notifications: null })
    const presence = new Presence(refused.platform)
    presence.update(at(0.5))
    await settle()
    expect(refused.seen.title).toBe('50 % · Plume')
    refused.state.isHidden = true
    presence.ended('done', '', true)
    presence.update(idle)
    expect(refused.seen.title).toBe('Plume')

    const bare = fake({ keepAwake: null })
    new Presence(bare.platform).update(at(0.5))
    expect(bare.seen.title).toBe('50 % · Plume')
  })

  it('notifies only when nobody looks, someone wants it, and it is allowed', () => {
    const { platform, seen, state } = fake()
    const presence = new Presence(platform)
    presence.ended('seen', '', true)
    state.isHidden = true
    presence.ended('not wanted', '', false)
    state.permission = 'denied'
    presence.ended('denied', '', true)
    state.permission = 'granted'
    presence.ended('All done', '2 of 2', true)
    expect(seen.shown).toEqual([['All done', '2 of 2']])
  })

  it('leaves nothing behind', async () => {
    const { platform, seen, state } = fake()
    const presence = new Presence(platform)
    presence.update(at(0.5))
    await settle()
    presence.dispose()
    expect([seen.title, seen.badges.at(-1), seen.locks[0]?.released]).toEqual(['Plume', null, true])
    state.listener()
    await settle()
    expect(seen.locks).toHaveLength(1)
  })
})
