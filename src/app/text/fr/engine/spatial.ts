import type { SentenceTable } from '../../engine/match'

/** What convolutions, poolings, normalizations and resampling say of inputs that do not fit. */
export const spatial: SentenceTable = {
  'the input must be [N, C, …]': 'l’entrée doit être [N, C, …]',
  'the input must be [N, C, …] with at least one spatial axis':
    'l’entrée doit être [N, C, …] avec au moins un axe spatial',
  'the input must be [N, C, H, W]': 'l’entrée doit être [N, C, H, W]',
  'the input must be [N, channels · block, blocks]': 'l’entrée doit être [N, canaux · bloc, blocs]',
  'input and weight must have one rank': 'l’entrée et le poids doivent avoir le même rang',
  'all inputs must have one type': 'toutes les entrées doivent avoir un même type',
  'both inputs must have one type': 'les deux entrées doivent avoir un même type',
  'group must be positive, not {group#}': 'group doit être positif, et non {group#}',
  'group and offset_group must be positive': 'group et offset_group doivent être positifs',
  '{channels#} output channels cannot form {groups#} groups':
    '{channels#} canaux de sortie ne peuvent pas former {groups#} groupes',
  '{channels#} channels cannot form {groups#} groups': '{channels#} canaux ne peuvent pas former {groups#} groupes',
  '{channels#} channels cannot form {groups#} groups of offsets':
    '{channels#} canaux ne peuvent pas former {groups#} groupes de décalages',
  'the input has {channels#} channels, and the weight wants {wanted#} in each of {groups#} groups':
    'l’entrée a {channels#} canaux, et le poids en veut {wanted#} dans chacun des {groups#} groupes',
  'the input has {channels#} channels, and the weight wants {wanted#}':
    'l’entrée a {channels#} canaux, et le poids en veut {wanted#}',
  "kernel_shape {shape} is not the weight's": 'kernel_shape {shape} n’est pas celui du poids',
  'the bias must have one entry per output channel': 'le biais doit avoir une valeur par canal de sortie',
  'scale and bias must have one entry per channel': 'l’échelle et le biais doivent avoir une valeur par canal',
  '{name} must have one entry per channel': '{name} doit avoir une valeur par canal',
  'scale and bias must broadcast to the input':
    'l’échelle et le biais doivent pouvoir s’étendre à la forme de l’entrée',
  'axis {axis#} of the output would have {count#} elements': 'l’axe {axis#} de la sortie aurait {count#} éléments',
  '{name} has {count#} entries for {axes#} spatial axes': '{name} a {count#} valeurs pour {axes#} axes spatiaux',
  '{name} has {count#} entries for {axes#} axes': '{name} a {count#} valeurs pour {axes#} axes',
  '{name} must be positive, not {values}': '{name} doit être positif, et non {values}',
  'pads must not be negative: {values}': 'pads ne doit pas être négatif\u00a0: {values}',
  'sizes must not be negative: {values}': 'sizes ne doit pas être négatif\u00a0: {values}',
  'sampling_ratio must not be negative: {value#}': 'sampling_ratio ne doit pas être négatif\u00a0: {value#}',
  'the kernel covers {extent#} elements, and axis {axis#} has only {total#}, padding included':
    'le noyau couvre {extent#} éléments, et l’axe {axis#} n’en a que {total#}, marges comprises',
  'size must be positive, not {value#}': 'size doit être positif, et non {value#}',
  'p must be 1 or 2, not {p#}': 'p doit valoir 1 ou 2, et non {p#}',
  'the indices must be int64, not {type}': 'les indices doivent être de type int64, et non {type}',
  'its coordinates want a roi': 'ses coordonnées demandent l’entrée roi',
  'it needs scales or sizes': 'il lui faut scales ou sizes',
  'it takes scales or sizes, not both': 'il prend scales ou sizes, pas les deux',
  'coordinates in single precision': 'coordonnées en simple précision',
  'positions in single precision': 'positions en simple précision',
  'axis {axis#} has no elements to take {count#} from': 'l’axe {axis#} n’a pas d’éléments dont en tirer {count#}',
  'size must be int64, not {type}': 'size doit être de type int64, et non {type}',
  'size must be [N, C, H, W] or [N, C, D, H, W], not of {count#} entries':
    'size doit être [N, C, H, W] ou [N, C, D, H, W], et non de {count#} valeurs',
  'theta must be [N, 2, 3] or [N, 3, 4]': 'theta doit être [N, 2, 3] ou [N, 3, 4]',
  'theta must be [N, {rows#}, {columns#}] for {axes#} spatial axes':
    'theta doit être [N, {rows#}, {columns#}] pour {axes#} axes spatiaux',
  'image_shape has {a#} entries and block_shape {b#}': 'image_shape a {a#} valeurs et block_shape {b#}',
  '{blocks#} blocks lie in the image, and the input has {count#}':
    'l’image contient {blocks#} blocs, et l’entrée en a {count#}',
  '{rows#} rows are not a multiple of the {taps#} elements of a block':
    '{rows#} lignes ne sont pas un multiple des {taps#} éléments d’un bloc',
  '{name} must be [N, {expected}], not [{found}]': '{name} doit être [N, {expected}], et non [{found}]',
  'the grid must be [N, …, {rank#}] with {axes#} axes of places':
    'la grille doit être [N, …, {rank#}] avec {axes#} axes de positions',
  'input and grid must have the same number of images': 'l’entrée et la grille doivent avoir le même nombre d’images',
  'box {box#} lies in image {image#} of {count#}': 'la boîte {box#} désigne l’image {image#}, et il y en a {count#}',
  'pooled_shape must be height and width, not {values}': 'pooled_shape doit être hauteur et largeur, et non {values}',
  'rois must be [boxes, 5]': 'rois doit être [boîtes, 5]',
  'rois must be [boxes, 4]': 'rois doit être [boîtes, 4]',
  'input and rois must have one type': 'l’entrée et rois doivent avoir un même type',
  'the images of the boxes must be int64, not {type}':
    'les images des boîtes doivent être de type int64, et non {type}',
  'the output must have a size, not {height#} × {width#}':
    'la sortie doit avoir une taille, et non {height#} × {width#}',
  'each box must have one image': 'chaque boîte doit avoir une image',
  'kernel_shape has {count#} entries for {axes#} spatial axes':
    'kernel_shape a {count#} valeurs pour {axes#} axes spatiaux',
  'pads has {count#} entries for {axes#} spatial axes': 'pads a {count#} valeurs pour {axes#} axes spatiaux',
  'scales must be positive, not {values}': 'scales doit être positif, et non {values}',
}
