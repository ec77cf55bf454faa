import type { SentenceTable } from '../../engine/match'

/** What operators that move, choose and reduce elements say of inputs that do not fit. */
export const movement: SentenceTable = {
  'axis {axis#} has no elements': 'l’axe {axis#} n’a pas d’éléments',
  'an index is a whole number': 'un indice est un nombre entier',
  '{count#} sizes are given for {axes#} axes': '{count#} tailles sont données pour {axes#} axes',
  'the size {size~} is negative': 'la taille {size~} est négative',
  'the condition must be bool, not {type}': 'la condition doit être de type bool, et non {type}',
  'the condition must be a list, not of {axes#} axes': 'la condition doit être une liste, et non avoir {axes#} axes',
  'the condition chooses entry {entry#} of {count#}': 'la condition choisit l’élément {entry#} sur {count#}',
  'the size of the result depends on values': 'la taille du résultat dépend des valeurs',
  'the ranks {a#} and {b#} differ': 'les rangs {a#} et {b#} diffèrent',
  'the sizes {a~} and {b~} of axis {axis#} differ': 'les tailles {a~} et {b~} de l’axe {axis#} diffèrent',
  'its value must be one element, not {count#}': 'sa valeur doit avoir un élément, et non {count#}',
  'the result does not depend on values': 'le résultat ne dépend pas des valeurs',
  'one value must be given, not {count#}': 'une seule valeur doit être donnée, et non {count#}',
  'it has no inputs': 'il n’a pas d’entrées',
  'the block size {size#} must be at least 1': 'la taille de bloc {size#} doit être d’au moins 1',
  'the input must have 4 axes, not {axes#}': 'l’entrée doit avoir 4 axes, et non {axes#}',
  '{channels#} channels cannot be cut into blocks of {size#}':
    '{channels#} canaux ne se découpent pas en blocs de {size#}',
  'the last two axes must be those of a square matrix': 'les deux derniers axes doivent être ceux d’une matrice carrée',
  '"{letter}" does not belong into the term "{term}"':
    '«\u202f{letter}\u202f» n’a pas sa place dans le terme «\u202f{term}\u202f»',
  'the term "{term}" has two ellipses': 'le terme «\u202f{term}\u202f» a deux points de suspension',
  'the equation "{equation}" has two arrows': 'l’équation «\u202f{equation}\u202f» a deux flèches',
  'the equation has {terms#} terms for {inputs#} inputs': 'l’équation a {terms#} termes pour {inputs#} entrées',
  'the term "{term}" does not fit the {axes#} axes of input {input#}':
    'le terme «\u202f{term}\u202f» ne correspond pas aux {axes#} axes de l’entrée {input#}',
  'the output label "{label}" must stand in an input, and once in the output':
    'l’indice de sortie «\u202f{label}\u202f» doit figurer dans une entrée, et une seule fois dans la sortie',
  'the label "{label}" has the sizes {a~} and {b~}': 'l’indice «\u202f{label}\u202f» a les tailles {a~} et {b~}',
  'the input must be a matrix, not of {axes#} axes': 'l’entrée doit être une matrice, et non avoir {axes#} axes',
  'batch_dims {count#} must lie in [0, {most#}]': 'batch_dims {count#} doit être compris dans [0, {most#}]',
  'an index of {count#} numbers does not fit {axes#} axes':
    'un indice de {count#} nombres ne correspond pas à {axes#} axes',
  'the sizes {a~} and {b~} of batch axis {axis#} differ': 'les tailles {a~} et {b~} de l’axe de lot {axis#} diffèrent',
  'a scalar has no axis to take from': 'un scalaire n’a pas d’axe où prendre des éléments',
  'indices must be int64 or int32, not {type}': 'les indices doivent être de type int64 ou int32, et non {type}',
  'the index {index#} must lie in [{low#}, {high#}]': 'l’indice {index#} doit être compris dans [{low#}, {high#}]',
  'indices have {axes#} axes and the input {own#}': 'les indices ont {axes#} axes et l’entrée {own#}',
  'indices have the size {size#} along axis {axis#}, and the input {own#}':
    'les indices ont la taille {size#} le long de l’axe {axis#}, et l’entrée {own#}',
  'boxes must have the shape [batch, boxes, 4]': 'les boîtes doivent avoir la forme [lot, boîtes, 4]',
  'scores must have the shape [batch, classes, boxes]': 'les scores doivent avoir la forme [lot, classes, boîtes]',
  'boxes and scores must have the same batch and number of boxes':
    'les boîtes et les scores doivent avoir le même lot et le même nombre de boîtes',
  'indices are whole numbers': 'les indices sont des nombres entiers',
  'the depth {depth#} is negative': 'la profondeur {depth#} est négative',
  'two values are needed, off and on, not {count#}': 'il faut deux valeurs, inactive et active, et non {count#}',
  '{needed#} pads are needed for {axes#} axes, not {count#}':
    'il faut {needed#} marges pour {axes#} axes, et non {count#}',
  'axis {axis#} would get the size {size#}': 'l’axe {axis#} aurait la taille {size#}',
  'axis {axis#} has no elements to repeat': 'l’axe {axis#} n’a pas d’éléments à répéter',
  "the value must have the input's type {type}, not {other}":
    'la valeur doit avoir le type {type} de l’entrée, et non {other}',
  'the step is 0': 'le pas est 0',
  'the number of steps is not finite': 'le nombre de pas n’est pas fini',
  'start, limit and delta must be scalars': 'start, limit et delta doivent être des scalaires',
  'start, limit and delta must have one type, not {a} and {b}':
    'start, limit et delta doivent avoir un même type, et non {a} et {b}',
  'it counts': 'il compte',
  'the length of the result depends on values': 'la longueur du résultat dépend des valeurs',
  'whole numbers have no mean where there are none': 'sans élément, les nombres entiers n’ont pas de moyenne',
  '-1 cannot be told beside a size of 0': '-1 ne peut pas être déterminé à côté d’une taille 0',
  '{count#} elements cannot be cut by {size#}': '{count#} éléments ne se divisent pas par {size#}',
  'the sizes [{sizes}] may hold one -1 and else none below 0':
    'les tailles [{sizes}] peuvent contenir un seul -1 et sinon aucun nombre négatif',
  'the size 0 of axis {axis#} copies an axis that the input does not have':
    'la taille 0 de l’axe {axis#} copie un axe que l’entrée n’a pas',
  '{count#} elements cannot have the shape [{shape}]': '{count#} éléments ne peuvent pas avoir la forme [{shape}]',
  'the input must have at least 2 axes, not {axes#}': 'l’entrée doit avoir au moins 2 axes, et non {axes#}',
  'batch and time must be the axes 0 and 1, not {batch#} and {time#}':
    'le lot et le temps doivent être les axes 0 et 1, et non {batch#} et {time#}',
  'one length for each of {batch~} batch entries is needed':
    'il faut une longueur pour chacun des {batch~} éléments du lot',
  'the length {length#} must lie in [0, {most#}]': 'la longueur {length#} doit être comprise dans [0, {most#}]',
  'indices and updates must have one shape': 'les indices et les mises à jour doivent avoir une même forme',
  'the updates must have the shape [{shape}]': 'les mises à jour doivent avoir la forme [{shape}]',
  "the updates must have the input's type {type}, not {other}":
    'les mises à jour doivent avoir le type {type} de l’entrée, et non {other}',
  'sizes are whole numbers': 'les tailles sont des nombres entiers',
  'a count is a whole number': 'un nombre d’éléments est un nombre entier',
  'starts, ends, axes and steps have {counts} entries': 'starts, ends, axes et steps ont {counts} éléments',
  'axis {axis#} is named twice': 'l’axe {axis#} est nommé deux fois',
  'the step of axis {axis#} is 0': 'le pas de l’axe {axis#} est 0',
  'the size {size#} cannot be cut into blocks of {block#}': 'la taille {size#} ne se découpe pas en blocs de {block#}',
  '{count#} sizes are given for {outputs#} outputs': '{count#} tailles sont données pour {outputs#} sorties',
  'a part has a negative size': 'une partie a une taille négative',
  'the parts [{parts}] add up to {sum#} and not to {size~}': 'la somme des parties [{parts}] est {sum#} et non {size~}',
  'num_outputs is {wanted#} and the node has {count#} outputs':
    'num_outputs vaut {wanted#} et le nœud a {count#} sorties',
  'the size {size#} cannot be cut into {count#} parts': 'la taille {size#} ne se découpe pas en {count#} parties',
  'axis {axis#} has the size {size#} and not 1': 'l’axe {axis#} a la taille {size#} et non 1',
  'axis 0 is the batch and cannot be the sequence': 'l’axe 0 est le lot et ne peut pas être la séquence',
  '{count#} entries written at {at#} do not fit {most#}':
    '{count#} éléments écrits à {at#} ne tiennent pas dans {most#}',
  'the size {size~} of axis {axis#} does not fit {other~}':
    'la taille {size~} de l’axe {axis#} ne correspond pas à {other~}',
  '{count#} repeats are given for {axes#} axes': '{count#} répétitions sont données pour {axes#} axes',
  'the repeats [{repeats}] may not be negative': 'les répétitions [{repeats}] ne doivent pas être négatives',
  '{k#} elements cannot be taken of {size~}': '{k#} éléments ne peuvent pas être pris parmi {size~}',
  'perm [{perm}] must name each of the {axes#} axes once': 'perm [{perm}] doit nommer chacun des {axes#} axes une fois',
  'the input must be a matrix or many, not of {axes#} axes':
    'l’entrée doit être une ou plusieurs matrices, et non avoir {axes#} axes',
  'which elements remain depends on equality': 'les éléments qui restent dépendent de leur égalité',
}
