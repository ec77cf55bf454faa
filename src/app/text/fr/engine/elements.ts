import type { SentenceTable } from '../../engine/match'

/** What arithmetic, comparisons, conversions, quantization and random numbers say. */
export const elements: SentenceTable = {
  'the result is a boolean': 'le résultat est un booléen',
  'a step function': 'une fonction en escalier',
  'a step function; training goes around it': 'une fonction en escalier\u202f; l’entraînement la contourne',
  'the cosine near its zeros': 'le cosinus près de ses zéros',
  'an integer is divided by zero': 'un entier est divisé par zéro',
  'floats need fmod = 1': 'les flottants demandent fmod = 1',
  'an integer 0 has no negative power': 'l’entier 0 n’a pas de puissance négative',
  'the slope must broadcast to the shape of x': 'la pente doit pouvoir être étendue à la forme de x',
  'the limits must be scalars': 'les limites doivent être des scalaires',
  'the limits must have the type of x, {type}, not {other}':
    'les limites doivent avoir le type de x, {type}, et non {other}',
  'the zero point must have the type of x, {type}, not {other}':
    'le point zéro doit avoir le type de x, {type}, et non {other}',
  'results of type {type}': 'des résultats de type {type}',
  'observed values of type {type}': 'des valeurs observées de type {type}',
  'ratio {ratio#} must lie in [0, 1)': 'la proportion {ratio#} doit être comprise entre 0 inclus et 1 exclu',
  'sample_size {count#} must be at least 1': 'sample_size vaut {count#} et doit être au moins 1',
  'the input has {count#} axes, and [batch, classes] are expected':
    'l’entrée a {count#} axes, et [lot, classes] sont attendus',
  'there is no class to draw': 'il n’y a aucune classe à tirer',
  'block_size {size#} must not be negative': 'block_size vaut {size#} et ne doit pas être négatif',
  'without block_size the scale must be a scalar or a list':
    'sans block_size, l’échelle doit être un scalaire ou une liste',
  'the scale has {count#} elements, and axis {axis#} of x has {size#}':
    'l’échelle a {count#} éléments, et l’axe {axis#} de x en a {size#}',
  'with blocks of {size#} along axis {axis#} the scale must be [{shape}]':
    'avec des blocs de {size#} le long de l’axe {axis#}, l’échelle doit être [{shape}]',
  'the zero point of {name} must be {type} as {name2} is, not {other}':
    'le point zéro de {name} doit être en {type} comme {name2}, non en {other}',
  '{name} needs one zero point, or one for each index of its axis {axis#}':
    '{name} demande un point zéro, ou un par indice de son axe {axis#}',
  'a weight that another node makes, and no kernel_shape': 'un poids produit par un autre nœud, sans kernel_shape',
  '{name} must have the shape [steps, batch, inputs]': '{name} doit avoir la forme [pas, lot, entrées]',
  '{name} must have the shape [{directions#}, inputs, gates]':
    '{name} doit avoir la forme [{directions#}, entrées, portes]',
  'X has {n#} inputs, and W has {m#}': 'X a {n#} entrées, et W en a {m#}',
  'R has {n#} gates, and {m#} are expected': 'R a {n#} portes, et {m#} sont attendues',
  '{type} weights': 'des poids en {type}',
  'states and inputs are rounded in every step': 'les états et les entrées sont arrondis à chaque pas',
  'every step quantizes its state by its own range': 'chaque pas quantifie son état d’après sa propre plage',
  'sums of integers are scaled, not scaled numbers summed':
    'ce sont des sommes d’entiers qui sont mises à l’échelle, et non des nombres mis à l’échelle qui sont sommés',
  'scale and zero point must have one shape': 'l’échelle et le point zéro doivent avoir la même forme',
  'output_dtype is {type}, and the zero point is {other}': 'output_dtype est {type}, et le point zéro est {other}',
  'random numbers': 'des nombres aléatoires',
  'random numbers come from the host, so that a seed gives the same ones everywhere':
    'les nombres aléatoires viennent de l’hôte, pour qu’une graine donne partout les mêmes',
  'the shape [{shape}] has a negative size': 'la forme [{shape}] a une taille négative',
}
