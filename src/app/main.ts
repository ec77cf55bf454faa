import { mount } from 'svelte'
import App from './App.svelte'
import { startPwa } from './pwa/start'
import { lastRecipe } from './state/last-recipe.svelte'
import { queue } from './state/queue.svelte'
import { settings } from './state/settings.svelte'
import { current } from './state/view.svelte'
import './tokens.css'
import './theme.css'

const target = document.getElementById('app')
if (!target) throw new Error('Bug in Plume: index.html has no #app')
startPwa()
current.follow(location.hash)
// the language first, so that the page never flickers from one to another
await settings.restore()
mount(App, { target })
void queue.restore()
void lastRecipe.restore()
