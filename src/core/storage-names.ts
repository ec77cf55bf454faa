/** Folder of the origin's private file system (OPFS) that holds large results while their page is open. */
export const RESULTS_FOLDER = 'plume-results'
