import type { MethodTexts } from '../methods'

const patterns = 'Motifs de noms séparés par des espaces\u202f; * remplace n’importe quel texte.'

/** Methods and their options in French; the values of a list are called so in its help too. */
export const methods: MethodTexts = {
  units: { bytes: 'octets', dB: 'dB', '%': '%' },
  methods: {
    tidy: {
      label: 'Nettoyage',
      help: 'Retire ce que le fichier stocke deux fois, trop largement ou pour rien\u202f; le modèle calcule la même chose.',
      options: {
        removeNoOps: {
          label: 'Retirer les nœuds sans effet',
          help: 'Identity, Dropout hors entraînement, et les Cast, Reshape, Transpose, Pad et Concat qui ne font que transmettre leur entrée.',
        },
        foldConstants: {
          label: 'Calculer les constantes une fois pour toutes',
          help: 'Les parties du graphe qui ne dépendent pas de l’entrée sont calculées dès maintenant, là où le fichier y gagne.',
        },
        foldBatchNorm: {
          label: 'Intégrer BatchNorm',
          help: 'BatchNormalization est intégrée aux poids qui la précèdent. Les sorties restent égales à 1e-5 près, pas au dernier bit.',
        },
        claimWeights: {
          label: 'Retirer les poids de la liste des entrées',
          help: 'D’anciens exportateurs déclarent chaque poids comme une entrée. Seulement avec l’intégration de BatchNorm\u00a0: les moteurs d’exécution peuvent alors fusionner davantage.',
        },
        shareEqual: {
          label: 'Stocker une seule fois les tenseurs égaux',
          help: 'Les tenseurs de même contenu sont stockés une fois, même si l’un est une copie de l’autre sous une autre forme.',
        },
        shareTransposed: {
          label: 'Stocker une seule fois les copies transposées',
          help: 'Une matrice qui est la transposée d’une autre (plongements partagés) est lue à travers un Transpose.',
        },
        narrowMasks: {
          label: 'Stocker les masques en petit',
          help: 'Un masque triangulaire est calculé\u202f; tout autre tenseur à deux valeurs est stocké en vrai et faux.',
        },
        narrowFloat16: {
          label: 'Stocker en float16 ce qui y tient exactement',
          help: 'Les flottants que float16 représente exactement sont stockés en float16, derrière un Cast.',
        },
        narrowIntegers: {
          label: 'Stocker les petits entiers au plus juste',
          help: 'Les tables d’entiers sont stockées dans le plus petit type entier qui les contient, derrière un Cast.',
        },
        removeUnused: {
          label: 'Retirer ce que rien ne lit',
          help: 'Nœuds, tenseurs et fonctions dont aucune sortie ne dépend. Les entrées et sorties du modèle restent.',
        },
        stripDocs: {
          label: 'Retirer la documentation des nœuds',
          help: 'Les exportateurs laissent dans chaque nœud la pile d’appels du code source.',
        },
        minBytes: {
          label: 'Plus petit tenseur à stocker au plus juste ou sous une autre forme',
          help: 'En dessous de cette taille, les nœuds ajoutés mangeraient le gain.',
        },
      },
    },
    'weights-int8': {
      label: 'Poids sur 8 bits',
      help: 'Stocke chaque poids sur 8 bits au lieu de 32\u00a0: environ quatre fois plus petit, avec des sorties qui changent très peu.',
      options: {
        granularity: {
          label: 'Granularité',
          help: 'Une échelle par canal de sortie, ou une pour tout le tenseur (quelques octets de moins, moins précis).',
          values: { 'per-channel': 'par canal', 'per-tensor': 'par tenseur' },
        },
        scheme: {
          label: 'Schéma',
          help: 'Symétrique\u00a0: int8 autour de zéro. Asymétrique\u00a0: uint8 avec un point zéro, pour des poids situés d’un seul côté de zéro.',
          values: { symmetric: 'symétrique', asymmetric: 'asymétrique' },
        },
        form: {
          label: 'Forme dans le fichier',
          help:
            'Déquantification\u00a0: le nœud standard DequantizeLinear, qu’onnxruntime recalcule à chaque exécution. Conversion et produit\u00a0: un ' +
            'Cast et un Mul, qu’onnxruntime calcule une fois au chargement, si bien que le résultat est aussi rapide que l’original.',
          values: { dequantize: 'déquantification', 'cast-multiply': 'conversion et produit' },
        },
        minBytes: {
          label: 'Plus petit tenseur',
          help: 'Les tenseurs en dessous de cette taille restent tels quels.',
        },
        minSqnrDb: {
          label: 'Précision minimale',
          help: 'Un tenseur dont le rapport signal sur bruit de quantification passerait sous cette valeur reste tel quel.',
        },
        include: { label: 'Seulement ces tenseurs', help: `${patterns} Vide\u00a0: tous.` },
        exclude: { label: 'Pas ces tenseurs', help: patterns },
      },
    },
    'static-int8': {
      label: 'Entiers de bout en bout, d’après vos données',
      help:
        'Calcule avec des entiers de 8 bits\u00a0: les plages des valeurs internes viennent de vos propres échantillons, si bien que le ' +
        'résultat est petit et rapide.',
      options: {
        target: {
          label: 'Là où il tournera',
          help:
            'Quelles couches deviennent entières, et comment, selon les règles d’un moteur d’exécution. Générique et ONNX Runtime sur ' +
            'processeur gardent les poids sur 7 bits, car les sommes de produits de 8 bits débordent sur certains processeurs x86\u202f; ' +
            'ONNX Runtime Web et WebGPU sont pour les pages web\u202f; TensorRT est symétrique\u202f; mobile est pour XNNPACK, QNNPACK, NNAPI et QNN.',
          values: {
            generic: 'générique',
            'ort-cpu': 'ONNX Runtime, processeur',
            'ort-web': 'ONNX Runtime Web',
            webgpu: 'WebGPU',
            tensorrt: 'TensorRT',
            mobile: 'mobile',
          },
        },
        format: {
          label: 'Forme dans le fichier',
          help:
            'QDQ\u00a0: QuantizeLinear et DequantizeLinear autour d’opérateurs flottants, que les moteurs fusionnent. Opérateurs entiers\u00a0: ' +
            'QLinearConv et les autres. Cache\u00a0: le modèle flottant avec un cache de calibration de TensorRT (cible TensorRT seulement).',
          values: { qdq: 'QDQ', qoperator: 'opérateurs entiers', cache: 'cache' },
        },
        observer: {
          label: 'Choix des plages',
          help: 'Ce qui, dans les données de calibration, décide de la plage que couvrent les entiers.',
          values: {
            'min-max': 'minimum et maximum',
            'moving-average': 'moyenne mobile',
            histogram: 'histogramme',
            percentile: 'centile',
            entropy: 'entropie',
            mse: 'erreur quadratique',
          },
        },
        percentile: {
          label: 'Centile',
          help: 'Part des valeurs qui restent dans la plage, pour le choix par centile.',
        },
        power: {
          label: 'Puissance de l’erreur',
          help: 'Le p de la moyenne de |erreur|^p que le choix par erreur rend petite\u202f; 2 donne la moyenne des carrés.',
        },
        granularity: {
          label: 'Granularité des poids',
          help: 'Une échelle par canal de sortie, ou une pour tout le tenseur.',
          values: { 'per-channel': 'par canal', 'per-tensor': 'par tenseur' },
        },
        layers: {
          label: 'Règles pour les couches',
          help:
            'MOTIF=SORTE, séparés par des espaces\u202f; la première qui convient à une couche décide. MOTIF\u00a0: un nom, où * remplace n’importe ' +
            'quel texte, type:Conv, ou pattern:Conv+Relu. SORTE\u00a0: float, 16 ou 8 (bits de ses entrées\u202f; les poids en ont 8), ou 4 (poids seulement).',
        },
      },
    },
    'dynamic-int8': {
      label: 'Produits entiers, sans données',
      help: 'Multiplie avec des entiers de 8 bits et trouve la plage de chaque entrée en cours de calcul\u00a0: aucune donnée n’est nécessaire.',
      options: {
        granularity: {
          label: 'Granularité des poids',
          help: 'Une échelle par canal de sortie, ou une pour tout le tenseur.',
          values: { 'per-channel': 'par canal', 'per-tensor': 'par tenseur' },
        },
        reduceRange: {
          label: 'Poids sur 7 bits',
          help: 'Garde les poids sur 7 bits, car les sommes de produits de 8 bits débordent sur certains processeurs x86.',
        },
        conv: {
          label: 'Convolutions aussi',
          help: 'ConvInteger est plus lent que la Conv flottante sur la plupart des processeurs.',
        },
        lstm: {
          label: 'LSTM aussi',
          help: 'DynamicQuantizeLSTM d’ONNX Runtime\u202f; les autres moteurs d’exécution ne le connaissent pas.',
        },
        layers: {
          label: 'Règles pour les couches',
          help:
            'MOTIF=GENRE, séparés par des espaces\u202f; la première règle qui convient à une couche décide. MOTIF\u00a0: un nom où * remplace ' +
            'n’importe quel texte, ou type:MatMul. GENRE\u00a0: float ou 8.',
        },
      },
    },
    float16: {
      label: 'Demi-précision',
      help: 'Stocke les nombres sur 16 bits au lieu de 32\u00a0: moitié moins gros, avec des sorties qui concordent sur trois chiffres environ, ou mieux.',
      options: {
        scope: {
          label: 'Portée',
          help:
            'Poids\u00a0: les tenseurs sont stockés sur 16 bits et élargis de nouveau au chargement du modèle. Graphe\u00a0: le modèle calcule aussi sur ' +
            '16 bits, ce qui est plus rapide là où l’appareil sait le faire, et plus lent ailleurs.',
          values: { weights: 'poids', graph: 'graphe' },
        },
        keepIo: {
          label: 'Entrées et sorties restent en float32',
          help: 'Pour la portée «\u202fgraphe\u202f»\u00a0: les programmes qui utilisent le modèle n’ont rien à changer.',
        },
        minBytes: {
          label: 'Plus petit tenseur',
          help: 'Pour la portée «\u202fpoids\u202f»\u00a0: les tenseurs en dessous de cette taille restent tels quels.',
        },
        minSqnrDb: {
          label: 'Précision minimale',
          help: 'Un tenseur dont le rapport signal sur bruit d’arrondi passerait sous cette valeur reste en float32.',
        },
        exclude: { label: 'Pas ces tenseurs', help: patterns },
      },
    },
  },
}
