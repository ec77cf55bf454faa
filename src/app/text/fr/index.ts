import type { Messages } from '../en'
import { batch } from './batch'
import { budget } from './budget'
import { charts } from './charts'
import { compare } from './compare'
import { data } from './data'
import { drop } from './drop'
import { failure } from './failure'
import { help } from './help'
import { history } from './history'
import { install } from './install'
import { job } from './job'
import { journal } from './journal'
import { layers } from './layers'
import { live } from './live'
import { measures } from './measures'
import { options } from './options'
import { page } from './page'
import { presets } from './presets'
import { privacy } from './privacy'
import { proof } from './proof'
import { result } from './result'
import { run } from './run'
import { samples } from './samples'
import { settings } from './settings'
import { share } from './share'
import { storage } from './storage'
import { train } from './train'

/** Every text of the page, in French. */
export const fr: Messages = {
  page,
  drop,
  samples,
  job,
  data,
  run,
  proof,
  result,
  options,
  failure,
  layers,
  live,
  measures,
  storage,
  history,
  compare,
  presets,
  batch,
  budget,
  charts,
  share,
  privacy,
  settings,
  help,
  install,
  journal,
  train,
}
