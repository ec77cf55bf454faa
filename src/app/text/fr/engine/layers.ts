import type { SentenceTable } from '../../engine/match'

/** What layers say while they are trained. */
export const layers: SentenceTable = {
  'the number of heads must be known to differentiate it': 'le nombre de têtes doit être connu pour le dériver',
  'the head size must be known to differentiate it': 'la taille des têtes doit être connue pour le dériver',
  'the hidden size must be known to differentiate it': 'la taille cachée doit être connue pour le dériver',
  'the sizes of its input must be known to differentiate it':
    'les tailles de son entrée doivent être connues pour le dériver',
  'the size of its caches must be known to differentiate it':
    'la taille de ses caches doit être connue pour le dériver',
  'its channels must be known to differentiate it': 'ses canaux doivent être connus pour le dériver',
  'second derivatives of sampled images are not built':
    'les dérivées secondes des images échantillonnées ne sont pas construites',
  'second derivatives of regions are not built': 'les dérivées secondes des régions ne sont pas construites',
  'each position gives to elements of its own': 'chaque position donne à ses propres éléments',
  'each box gives to elements of its own': 'chaque boîte donne à ses propres éléments',
  'second derivatives of recurrent layers are not built':
    'les dérivées secondes des couches récurrentes ne sont pas construites',
  'the gradient has {channels#} channels, and the weight makes {outputs#}':
    'le gradient a {channels#} canaux, et le poids en fait {outputs#}',
  'the input has {batch#} batch entries, and the gradient {entries#}':
    'l’entrée a {batch#} éléments de lot, et le gradient {entries#}',
  'the key must be int32, not {type}': 'la clé doit être int32, pas {type}',
  'the key must have two words': 'la clé doit avoir deux mots',
  'input and gradient must have one rank': 'l’entrée et le gradient doivent avoir le même rang',
  '{node}: its ratio {value} is computed, and must be known to train the model.':
    '{node}\u00a0: son taux {value} est calculé, et doit être connu pour entraîner le modèle.',
  'It is {type} and stays as it is: weights of float32 are trained.':
    'Il est {type} et reste tel quel\u00a0: ce sont les poids float32 qui sont entraînés.',
  'The graph has a value that is called {value}.': 'Le graphe a une valeur nommée {value}.',
}
