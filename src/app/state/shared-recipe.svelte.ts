import type { Recipe } from '../../jobs/recipe'

/** The options for all files; a file that is dropped takes them over. */
class SharedRecipe {
  #recipe = $state.raw<Recipe | 'auto'>('auto')

  get recipe(): Recipe | 'auto' {
    return this.#recipe
  }

  set(recipe: Recipe | 'auto'): void {
    this.#recipe = recipe
  }
}

export const sharedRecipe = new SharedRecipe()
