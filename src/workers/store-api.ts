/**
 * What the store worker offers to the page: results, inputs and unfinished jobs that outlive the tab. Records lie in
 * IndexedDB, bytes in the origin's private file system (OPFS). Only ids, small JSON, Files and Blobs cross (R8).
 */
import type { Recipe } from '../jobs/recipe'
import type { Budget, Report } from '../jobs/report'
import type { AnswerIdentity } from '../jobs/store/keys'
import type { TrainSettings } from '../jobs/train/request'
import type { DataFiles, ModelFiles, OutputFile } from './job-api'

/** Why nothing outlives the tab, or what else the visitor has to know. The page has the words. */
export type StoreTrouble =
  /** The browser refuses storage (private window, policy). */
  | { readonly kind: 'refused'; readonly detail: string }
  /** A newer Plume wrote the store; it is left as it is. */
  | { readonly kind: 'newer'; readonly version: number }
  /** The browser removed bytes of results that were kept. */
  | { readonly kind: 'evicted'; readonly names: readonly string[] }
  /** Bytes or records that are not what was written; they were set aside. */
  | { readonly kind: 'damaged'; readonly names: readonly string[] }
  /** Oldest results that are not pinned were removed to make room. */
  | { readonly kind: 'made-room'; readonly names: readonly string[]; readonly freedBytes: number }
  /** Too large for the room there is; the result is only in this tab. */
  | { readonly kind: 'full'; readonly neededBytes: number; readonly freeBytes: number }
  /** Another tab runs a newer Plume, so this one let go of the store. */
  | { readonly kind: 'closed' }

export interface StoreState {
  /** `memory`: nothing outlives the tab. */
  readonly mode: 'kept' | 'memory'
  readonly isPersisted: boolean
  /** Bytes of results and inputs that Plume keeps; pinned ones among them. */
  readonly resultBytes: number
  readonly inputBytes: number
  readonly pinnedBytes: number
  /** What the browser allows this origin in all, and what is used of it. */
  readonly quotaBytes: number
  readonly usageBytes: number
}

/** A result as lists show it: its report without the long tables. */
export interface ResultSummary {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** The input's name at first; the visitor may change it. */
  readonly name: string
  /** Pinned (starred) results are never removed to make room. */
  readonly isPinned: boolean
  readonly input: Report['input']
  readonly output: Report['output']
  readonly recipe: Recipe
  /** Whether the steps were chosen automatically. */
  readonly isAuto: boolean
  readonly data: StoredData | null
  readonly quality: Omit<Report['quality'], 'outputs'>
  readonly speed: Report['speed']
  /** Bytes kept for it; 0 where the original was the result. */
  readonly keptBytes: number
  /** Its bytes are gone or wrong; it can be made again from its input and recipe. */
  readonly isDamaged: boolean
}

/** The data that a result was measured with. */
export interface StoredData {
  readonly name: string
  readonly sha256: string
  readonly samples: number
}

/** A whole result: what was downloaded once can be downloaded again. */
export interface StoredResult extends ResultSummary {
  readonly report: Report
  readonly files: readonly OutputFile[]
}

export type { AnswerIdentity } from '../jobs/store/keys'

export interface Preset {
  readonly id: string
  readonly name: string
  readonly recipe: Recipe
  readonly createdAt: number
}

export interface ExportProgress {
  readonly doneBytes: number
  readonly totalBytes: number
}

export type JournalPhase = 'ready' | 'queued' | 'running' | 'done' | 'failed'

/** A card of the page, as it comes back after a reload. */
export interface JournalEntry {
  readonly id: string
  readonly createdAt: number
  readonly phase: JournalPhase
  readonly recipe: Recipe | 'auto'
  /** Starts that did not end; two of them and the job waits for a click, so that it cannot kill the tab for ever. */
  readonly attempts: number
  /** Results on the card, oldest first. */
  readonly resultIds: readonly string[]
  readonly budget?: Budget | undefined
  /** null: as many as the automatic choice takes by itself. */
  readonly maxTrials?: number | null | undefined
  /** Of a card that trains: its files are the data. */
  readonly train?: TrainCard | undefined
}

export interface TrainCard {
  /** Of the data. */
  readonly name: string
  readonly settings: TrainSettings
  /** It waits for a person to go on. */
  readonly isPaused: boolean
}

/** What a note changes in an entry. */
export interface JournalChange extends Partial<Omit<JournalEntry, 'id' | 'createdAt'>> {
  readonly data?: DataFiles | null
  readonly calibrate?: DataFiles | null
}

export interface RestoredJob extends JournalEntry {
  /** null where the file was too large to keep: it has to be dropped again. */
  readonly files: ModelFiles | null
  /** Names and sizes of what was dropped, for asking. */
  readonly expected: readonly { readonly path: string; readonly sizeBytes: number }[]
  readonly data: DataFiles | null
  /** Data to choose ranges on, where it is apart. */
  readonly calibrate?: DataFiles | null
  /** Name of data that could not be kept: it has to be added again. */
  readonly lostData: string | null
}

export interface StoreWorkerApi {
  /**
   * Opens the store, takes away what a killed tab left half written, and says what was found.
   * @param onTrouble a Comlink proxy; also called later, whenever there is something to say
   * @param onChange called after another tab, or a job worker, changed the store
   */
  open(onTrouble: (trouble: StoreTrouble) => void, onChange: () => void): Promise<StoreState>
  state(): Promise<StoreState>
  /** Newest first, removed ones left out. */
  list(): Promise<readonly ResultSummary[]>
  /** The newest result of that identity, or null. */
  find(identity: AnswerIdentity): Promise<StoredResult | null>
  /** null where it is gone. Bytes are checked against their hash before they are given. */
  load(id: string): Promise<StoredResult | null>
  rename(id: string, name: string): Promise<void>
  pin(id: string, isPinned: boolean): Promise<void>
  /** Hidden at once; the bytes go after `UNDO_MS`, or at the next visit. */
  remove(ids: readonly string[]): Promise<void>
  /** Undoes `remove`. */
  restore(ids: readonly string[]): Promise<void>
  /**
   * All results (or these) with reports and recipes in one zip, as a handle to the disk.
   * @param onProgress a Comlink proxy; called at most ten times a second
   * @throws AbortError after `cancelExport`
   */
  exportZip(ids: readonly string[] | 'all', onProgress?: (progress: ExportProgress) => void): Promise<OutputFile>
  /** Ends a running `exportZip`; what it had written is removed. */
  cancelExport(): Promise<void>
  /** Inputs kept for reloads; results stay. */
  clearInputs(): Promise<void>
  /** The files that a result was made from, where they are still kept. */
  inputOf(inputSha256: string): Promise<ModelFiles | null>

  presets(): Promise<readonly Preset[]>
  savePreset(preset: Preset): Promise<void>
  removePreset(id: string): Promise<void>

  /** Unfinished and shown jobs of earlier visits that no open tab owns; this tab owns them from here on. Oldest first. */
  restoreJobs(): Promise<readonly RestoredJob[]>
  /** Takes a dropped job into the journal: copies its files where there is room. Resolves when they are kept. */
  keepJob(id: string, files: ModelFiles, data: DataFiles | null, train?: TrainCard): Promise<void>
  /** Notes what happened to a job. */
  noteJob(id: string, change: JournalChange): Promise<void>
  /** The hash of a job's input, once it is known: equal inputs are kept once. */
  identifyJob(id: string, inputSha256: string): Promise<void>
  /** The card was removed: its input goes, its results stay. */
  forgetJob(id: string): Promise<void>
}
