import { mount } from 'svelte'
import { clearOldResults } from '../bridge/old-results'
import App from './App.svelte'
import './theme.css'

const target = document.getElementById('app')
if (!target) throw new Error('Bug in Plume: index.html has no #app')
mount(App, { target })

// storage can be refused (private windows); small results need none
clearOldResults().catch(() => undefined)
