/** Folder of the origin's private file system (OPFS) that holds everything Plume keeps, and its database's name. */
export const STORE_ROOT = 'plume'
export const STORE_DATABASE = 'plume'

/** Tells other tabs, and the workers of this one, that the store changed. */
export const STORE_CHANNEL = 'plume-store'

/** What was measured of graphics adapters; may be lost. */
export const TILE_DATABASE = 'plume-gpu'
