import type { SentenceTable } from '../../engine/match'

/** What the graph's facts and the version converter say. */
export const graph: SentenceTable = {
  'This is a tree ensemble: its numbers are thresholds in node attributes, and there are no weights to compress.':
    'C’est un ensemble d’arbres\u00a0: ses nombres sont des seuils dans les attributs des nœuds, et il n’y a pas de poids à compresser.',
  'This model is already quantized ({operators}): quantizing it again would only add error.':
    'Ce modèle est déjà quantifié ({operators})\u00a0: le quantifier encore ne ferait qu’ajouter de l’erreur.',
  'This model holds no weights, so there is nothing to compress.':
    'Ce modèle ne contient pas de poids\u00a0: il n’y a rien à compresser.',
  '{n#} weights were also listed as inputs, as old exporters do; callers can no longer replace them in the result.':
    '{n#} poids étaient aussi déclarés comme entrées, à la manière d’anciens exportateurs\u202f; les programmes appelants ne peuvent plus les remplacer dans le résultat.',

  // version of the operators
  'The opset can be lifted to {low#} … {high#}, not to {target#}.':
    'L’opset peut être relevé à {low#} … {high#}, pas à {target#}.',
  'opset {version} is older than {needed}, which brought broadcasting as it is today':
    'l’opset {version} est antérieur au {needed}, qui a introduit la diffusion (broadcasting) actuelle',
  'opset {from#} → {to#}': 'opset {from#} → {to#}',
  'opset {from#} → {to~}': 'opset {from#} → {to~}',
  '{to#}, IR version {ir#} → {irTo~}': '{to#}, version d’IR {ir#} → {irTo~}',
  '{to#}; weights no longer listed among the inputs: {n#}':
    '{to#}\u202f; poids retirés de la liste des entrées\u00a0: {n#}',
  ', IR version {from#} → {to#}': ', version d’IR {from#} → {to#}',
  '; weights no longer listed among the inputs: {n#}': '\u202f; poids retirés de la liste des entrées\u00a0: {n#}',
  'opset {from#} → {to#}: {node}: {words~}': 'opset {from#} → {to#}\u00a0: {node}\u00a0: {words~}',
  'opset {from#} → {to#}: {n#} × {operator} (such as {node}): {words~}':
    'opset {from#} → {to#}\u00a0: {n#} × {operator} (dont {node})\u00a0: {words~}',
  '{n#} × {operator} (such as {node})': '{n#} × {operator} (dont {node})',
  ' (and {n#} more)': ' (et {n#} de plus)',
  'The opset stays {reached#} instead of {target#}: {node} (and {n#} more) cannot be lifted to {opset#}: {why~}':
    'L’opset reste à {reached#} au lieu de {target#}\u00a0: {node} (et {n#} de plus) ne peut pas être relevé à {opset#}\u00a0: {why~}',
  'The opset stays {reached#} instead of {target#}: {operator} {node} cannot be lifted to {opset#}: {why~}':
    'L’opset reste à {reached#} au lieu de {target#}\u00a0: {operator} {node} ne peut pas être relevé à {opset#}\u00a0: {why~}',
  'The opset stays {reached#} instead of {target#}: {operator} {node}{more~} cannot be lifted to {opset#}: {why~}':
    'L’opset reste à {reached#} au lieu de {target#}\u00a0: {operator} {node}{more~} ne peut pas être relevé à {opset#}\u00a0: {why~}',

  'axes became an input': 'axes est devenu une entrée',
  'its attribute axes is missing': 'son attribut axes manque',
  'split became an input': 'split est devenu une entrée',
  'num_outputs was added': 'num_outputs a été ajouté',
  'its attribute {name} is missing': 'son attribut {name} manque',
  'starts, ends and axes became inputs': 'starts, ends et axes sont devenus des entrées',
  'its attribute pads is missing': 'son attribut pads manque',
  'pads and value became inputs': 'pads et value sont devenus des entrées',
  'min and max became inputs': 'min et max sont devenus des entrées',
  'its attribute k is missing': 'son attribut k manque',
  'k became an input': 'k est devenu une entrée',
  'its attribute scales is missing': 'son attribut scales manque',
  'scales became an input': 'scales est devenu une entrée',
  'its mask is used, whose type and meaning changed': 'son masque est utilisé, dont le type et le sens ont changé',
  'the unused mask was dropped': 'le masque inutilisé a été retiré',
  'its mask is used, whose meaning changed': 'son masque est utilisé, dont le sens a changé',
  'ratio became an input': 'ratio est devenu une entrée',
  'axis became an input': 'axis est devenu une entrée',
  'its attribute border does not have 4 numbers': 'son attribut border n’a pas 4 nombres',
  '{operator} was rewritten by standard operators': '{operator} a été réécrit avec des opérateurs standard',
  'it normalises every position by itself (spatial = 0), which was removed':
    'il normalise chaque position séparément (spatial = 0), ce qui a été supprimé',
  'spatial was dropped': 'spatial a été retiré',
  'its training outputs are used, which changed': 'ses sorties d’entraînement, qui ont changé, sont utilisées',
  'unused training outputs were dropped': 'les sorties d’entraînement inutilisées ont été retirées',
  'its attribute num_groups is missing': 'son attribut num_groups manque',
  'scale and bias are repeated for every channel of a group':
    'scale et bias sont répétés pour chaque canal d’un groupe',
  'became Resize': 'est devenu Resize',
  'its asymmetric coordinates are spelled out': 'ses coordonnées asymétriques sont écrites explicitement',
  'its scales are computed, and rounding depends on whether they enlarge or shrink':
    'ses échelles sont calculées, et l’arrondi dépend de ce qu’elles agrandissent ou réduisent',
  'it enlarges one axis and shrinks another, which round differently':
    'il agrandit un axe et en réduit un autre, avec des arrondis différents',
  'coordinate_transformation_mode tf_half_pixel_for_nn was removed':
    'coordinate_transformation_mode tf_half_pixel_for_nn a été supprimé',
  'it has both scales and sizes, of which one must go': 'il a à la fois scales et sizes, dont l’un est de trop',
  'its empty scales were left out': 'ses scales vides ont été omis',
  'its coordinates are spelled out': 'ses coordonnées sont écrites explicitement',
  'mode is called {name}': 'mode s’appelle {name}',
  'its axis {axis} is spelled out': 'son axe {axis} est écrit explicitement',
  'rewritten as Flatten, the operator, Reshape, because it normalises several axes at once':
    'réécrit en Flatten, l’opérateur, Reshape, car il normalise plusieurs axes à la fois',
  'its attribute {name} is set by the callers of a function':
    'son attribut {name} est fixé par les appelants d’une fonction',
  'its attribute {name} is of type {type}, not {expected}': 'son attribut {name} est de type {type}, pas {expected}',
  'the type of its input is not known': 'le type de son entrée est inconnu',
  'its input is {dtype}': 'son entrée est de type {dtype}',
  'it has no output': 'il n’a pas de sortie',
  'its input {name} is missing': 'son entrée {name} manque',
  'the new attribute {name} defaults to what was': 'le nouvel attribut {name} vaut par défaut ce qui était',
  'the new input {name} is optional and changes nothing when left out':
    'la nouvelle entrée {name} est facultative et ne change rien si elle est omise',
  'only types were added': 'seuls des types ont été ajoutés',
  'onnxruntime does not run this version of the operator': 'onnxruntime n’exécute pas cette version de l’opérateur',
  'left_window_size / right_window_size (-1: no window)':
    'left_window_size / right_window_size (-1\u00a0: pas de fenêtre)',
  'value_float and others': 'value_float et d’autres',
  'integer types, which onnxruntime never had, were removed':
    'les types entiers, qu’onnxruntime n’a jamais eus, ont été supprimés',
  'the input C became optional': 'l’entrée C est devenue facultative',
  'the input became optional': 'l’entrée est devenue facultative',
  'its batch axis and sequence lengths were removed': 'son axe de lot et ses longueurs de séquence ont été supprimés',
  "onnxruntime's own earlier form is the same": 'la forme antérieure propre à onnxruntime est la même',
  'the experimental form was the same': 'la forme expérimentale était la même',
  'its experimental form chose the axes by across_channels':
    'sa forme expérimentale choisissait les axes par across_channels',
  'it is no operator of ai.onnx that this version knows':
    'ce n’est pas un opérateur d’ai.onnx que cette version connaît',
  'an experimental form was used; opset {opset#} made it a standard operator':
    'une forme expérimentale était utilisée\u202f; l’opset {opset#} en a fait un opérateur standard',
  'its schema changed at opset {opset#}, and no adapter is known':
    'son schéma a changé à l’opset {opset#}, et aucun adaptateur n’est connu',
  'became {operator}': 'est devenu {operator}',
}
