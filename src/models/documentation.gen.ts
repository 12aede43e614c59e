// Made by scripts/generate.mjs. Do not edit.

/** What the documentation comment of a model and of its options says. Texts are Markdown. */
export interface ModelDocumentation {
  /** First sentence. */
  readonly summary: string;
  readonly text: string;
  readonly options: Readonly<Record<string, string>>;
}

/** Documentation of every model, by its name. */
export const documentation: Readonly<Record<string, ModelDocumentation>> = {
  "als": {
    "summary": "Matrix factorization for implicit feedback, by alternating least squares (iALS, weighted matrix factorization).",
    "text": "Matrix factorization for implicit feedback, by alternating least squares (iALS, weighted matrix factorization).\n\nFinds user and item vectors p and q that minimise\n\n`sum over interactions of w (1 - p·q)^2 + a sum over all users and items of (p·q)^2 + sum of l_u |p_u|^2 + sum of l_i |q_i|^2`\n\nwith the confidence weight w of an interaction, the weight a of every pair (such that all pairs together weigh `unobservedWeight` times what\nall interactions do), and penalties that grow with the data of a user or item, `l_u = regularization (W_u + a · items)^frequencyExponent` for the total weight W_u of user u, alike for items. Each side in\nturn is solved exactly or nearly so, with the other fixed. Only the item vectors are kept: a user is the solution for their history.\n\nCosts a few passes over the interactions times `factors` an iteration, plus (users + items) · factors² with `solver` left alone. A strong\nfirst choice for implicit feedback at any size; on small data `ease` is more accurate.\n\nSources: Hu, Koren and Volinsky, \"Collaborative filtering for implicit feedback datasets\", 2008; Rendle, Krichene, Zhang and Koren,\n\"Revisiting the performance of iALS on item recommendation benchmarks\", 2022; Takács, Pilászy and Tikk, \"Applications of the conjugate\ngradient method for implicit feedback collaborative filtering\", 2011; Rendle, Krichene, Zhang and Koren, \"iALS++: Speeding up matrix\nfactorization with subspace optimization\", 2021.",
    "options": {
      "factors": "Length of the vectors. More fit finer tastes and need more data and time.",
      "epochs": "How often all users and all items are solved for.",
      "regularization": "L2 penalty, scaled by the data of each user and item.",
      "frequencyExponent": "How penalties grow with the data of a user or item: 0 is the same for all, 1 in proportion.",
      "unobservedWeight": "What all pairs of user and item weigh as zeros together, in multiples of what all interactions weigh together.",
      "confidence": "What an interaction of weight r counts: 1 (`binary`), log2(1 + r) (`log`) or r (`linear`). An r of 0 or below does not count.",
      "solver": "How a vector is solved for: a few steps of conjugate gradients, blocks of dimensions in turn (iALS++), or exactly (Cholesky), slowest. `auto` takes conjugate gradients, and blocks from 512 factors on."
    }
  },
  "bpr": {
    "summary": "Matrix factorization by Bayesian personalised ranking: learns to put items that a user has interacted with before items they have not.",
    "text": "Matrix factorization by Bayesian personalised ranking: learns to put items that a user has interacted with before items they have not.\n\nClimbs the log-likelihood of all such pairs, `sum of ln sigmoid(x_ui - x_uj) - regularization / 2 |parameters|^2` with\n`x_ui = p_u·q_i + b_i`, by stochastic gradient steps, one for each interaction (u, i) and epoch, each with an item j drawn anew: the one the\nmodel now puts highest of a few `candidates`, since most others teach nothing. Only items are kept: the vector of a user is found by such\nsteps over their history, with the items fixed.\n\nCosts interactions · `factors` · (2 + `candidates`) an epoch and takes many epochs. It optimises the order of whole lists more than their\ntop; `als` is usually better at the top and sooner done.\n\nSources: Rendle, Freudenthaler, Gantner and Schmidt-Thieme, \"BPR: Bayesian personalized ranking from implicit feedback\", 2009; Zhang,\nChen, Wang and Yu, \"Optimizing top-N collaborative filtering via dynamic negative item sampling\", 2013 (candidates); in parallel after\nGemulla, Nijkamp, Haas and Sismanis, \"Large-scale matrix factorization with distributed stochastic gradient descent\", 2011.",
    "options": {
      "factors": "Length of the vectors.",
      "epochs": "Passes over the interactions.",
      "learningRate": "Length of a gradient step. Falls to 0 in the course of the epochs.",
      "regularization": "L2 penalty of a step on the parameters that it touches.",
      "negatives": "How negatives are drawn: all items alike, or in proportion to their interactions to the power 3/4, which teaches more about popular items.",
      "candidates": "How many negatives are drawn for a step, of which the one with the highest score is taken: more than 1 works on the top of the lists."
    }
  },
  "ease": {
    "summary": "One linear map from a history to scores, in closed form: each item is predicted from all others by ridge regression.",
    "text": "One linear map from a history to scores, in closed form: each item is predicted from all others by ridge regression.\n\n`scores = x B` for a history x, with `B(i, j) = -P(i, j) / P(j, j)` off the diagonal, 0 on it, and\n`P = (X' X + regularization I)^-1` for the interactions X (users x items). B minimises `|X - X B|^2 + regularization |B|^2`.\n\nOne of the most accurate models for catalogues up to some thousand items, with one hyperparameter. The fit takes time with the cube\nand memory with the square of the number of items, whatever the number of users: at most 20,000 items; `sparse-ease` goes on from there.\n\nSource: Steck, \"Embarrassingly shallow autoencoders for sparse data\", 2019.",
    "options": {
      "regularization": "L2 penalty. Raise it for small or noisy data.",
      "useWeights": "Whether weights of interactions (ratings, play counts) count; otherwise all count 1."
    }
  },
  "item-knn": {
    "summary": "Item-based neighbours: recommends what is most like the items of the history, where items are alike if the same users interact with them.",
    "text": "Item-based neighbours: recommends what is most like the items of the history, where items are alike if the same users interact with them.\n\n`score(j) = sum over i of the history of s(i, j)`, over the `neighbors` most similar j of each i, with\n`s(i, j) = wi · wj / (|wi| |wj| + shrink)` for the (weighted) users wi, wj of the two items; BM25 takes the inner product alone.\n\nFits in time in proportion to the sum of squared history lengths, and answers in microseconds. Robust, easy to explain and hard to beat\non sparse data; `rp3beta` and `ease` are usually more accurate.\n\nSource: Sarwar, Karypis, Konstan and Riedl, \"Item-based collaborative filtering recommendation algorithms\", 2001; Deshpande and Karypis,\n\"Item-based top-N recommendation algorithms\", 2004.",
    "options": {
      "neighbors": "How many of the items most similar to each item are kept.",
      "similarity": "What makes items alike: cosine with rare users counting more (TF-IDF), cosine, or the inner product of BM25 weights.",
      "shrink": "Lowers the similarity of items with few interactions, which is easily chance: 0 to 10 for small data, 100 and more for sparse. For cosine and TF-IDF.",
      "useWeights": "Whether weights of interactions (ratings, play counts) count; otherwise all count 1."
    }
  },
  "popularity": {
    "summary": "The items with the most interactions, the same for everybody: the baseline to beat, and the answer for a visitor of whom nothing is known.",
    "text": "The items with the most interactions, the same for everybody: the baseline to beat, and the answer for a visitor of whom nothing is known.\n\nWith a `halfLife` interactions lose weight as they age, which turns \"popular\" into \"trending\":\n`score(item) = sum over its interactions of 2^(-age / halfLife)`, ages counted back from the newest interaction. Costs one pass over the\ndata; takes in new data without a refit.",
    "options": {
      "halfLife": "Age in days at which an interaction counts half; 0 to count all alike. Needs interaction times."
    }
  },
  "random": {
    "summary": "Every item in random order: the floor that any model has to beat, and a way to gather unbiased feedback.",
    "text": "Every item in random order: the floor that any model has to beat, and a way to gather unbiased feedback.\n\nThe order depends on the seed of the fit and on the history alone, so a history gets the same list each time and two histories get\ndifferent ones. Scores are uniform in [0, 1). Costs nothing to fit.",
    "options": {}
  },
  "rp3beta": {
    "summary": "Three random steps in the graph of users and items, from an item of the history to a user to an item, with popular ends held down.",
    "text": "Three random steps in the graph of users and items, from an item of the history to a user to an item, with popular ends held down.\n\n`score(j) = sum over i of the history of s(i, j)`, over the `neighbors` largest s(i, j) of each i, with\n`s(i, j) = sum over users u of p(u|i)^alpha p(j|u)^alpha / popularity(j)^beta`, where p(u|i) is the share of u in the interactions of i\nand p(j|u) the share of j in those of u. With `alpha` 1 and `beta` 0 it is the probability to arrive at j.\n\nCosts what `item-knn` costs and is one of the strongest models for implicit feedback. `beta` decides between popular and rare items.\n\nSource: Paudel, Christoffel, Newell and Bernstein, \"Updatable, accurate, diverse, and scalable recommendations for interactive\napplications\", 2017; `alpha` from Cooper, Lee, Radzik and Siantos, \"Random walks in recommender systems\", 2014.",
    "options": {
      "neighbors": "How many of the strongest items are kept for each item.",
      "alpha": "Power of each step's probability. Above 1 strengthens likely steps.",
      "beta": "How much popular items are held down: 0 not at all, 1 in proportion to their interactions.",
      "useWeights": "Whether weights of interactions (ratings, play counts) count; otherwise all count 1."
    }
  },
  "sparse-ease": {
    "summary": "EASE for catalogues whose item-to-item matrix would not fit: each item is explained by the `neighbors` items most like it instead of by all, which gives a sparse matrix.",
    "text": "EASE for catalogues whose item-to-item matrix would not fit: each item is explained by the `neighbors` items most like it instead of by\nall, which gives a sparse matrix.\n\n`score(j) = sum over i of the history of B(i, j)`, where column j of B is the ridge regression of item j on the items S most similar to\nit by cosine, `B(S, j) = (G(S, S) + regularization I)^-1 G(S, j)`, for the numbers G of users that items share. With all items as\nneighbours it is EASE, but for pairs that share no user.\n\nThe fit takes time in proportion to items x neighbors^3, and memory for all pairs of items that share a user.\n\nSource: Steck, \"Markov random fields for collaborative filtering\", 2019; Ning and Karypis, \"SLIM: sparse linear methods for top-N\nrecommender systems\" (its variant with feature selection), 2011.",
    "options": {
      "neighbors": "How many items explain an item.",
      "regularization": "L2 penalty. Raise it for small or noisy data.",
      "useWeights": "Whether weights of interactions (ratings, play counts) count; otherwise all count 1."
    }
  },
  "svd": {
    "summary": "Biased matrix factorization, for ratings (\"SVD\" of the Netflix Prize): predicts the rating that a user would give an item.",
    "text": "Biased matrix factorization, for ratings (\"SVD\" of the Netflix Prize): predicts the rating that a user would give an item,\n\n`rating = mean + b_u + b_i + p_u·q_i`,\n\nwith biases b and vectors p, q that minimise the squared error on the known ratings plus `regularization (n + shrinkage)` times the squared\nlength of the vector and bias of each user or item of n ratings. Found by alternating least squares, exactly in each half-step. Only items\nare kept: b_u and p_u are the solution for the ratings of a history; without any they are 0.\n\nCosts ratings · `factors`² an epoch and few epochs. For predicting ratings; to rank items by what people choose, `als` or `ease` are better,\nsince which items people rate at all says more than how.\n\nSources: Koren, Bell and Volinsky, \"Matrix factorization techniques for recommender systems\", 2009; Zhou, Wilkinson, Schreiber and Pan,\n\"Large-scale parallel collaborative filtering for the Netflix Prize\", 2008.",
    "options": {
      "factors": "Length of the vectors.",
      "epochs": "How often all users and all items are solved for.",
      "regularization": "L2 penalty for each rating of a user or item.",
      "shrinkage": "Added to the number of ratings of a user or item in its penalty: draws those with few ratings to the mean."
    }
  },
  "svdpp": {
    "summary": "SVD++: biased matrix factorization that also learns from which items a user rated, not only how.",
    "text": "SVD++: biased matrix factorization that also learns from which items a user rated, not only how:\n\n`rating = mean + b_u + b_i + q_i·(p_u + |N_u|^-1/2 · sum over j in N_u of y_j)`\n\nwith N_u the items that user u has rated. Fitted as `svd` is, where the vector of a user is now drawn to what the items of their history\nsay instead of to 0; between the half-steps the y are the ridge regression of the users' vectors on their histories, by a few steps of\nconjugate gradients. Only items are kept: the vector of a user is found from the ratings of a history.\n\nCosts a little more than `svd` and predicts better. For predicting ratings; to rank items, `als` or `ease` are better.\n\nSource: Koren, \"Factorization meets the neighborhood: a multifaceted collaborative filtering model\", 2008.",
    "options": {
      "factors": "Length of the vectors.",
      "epochs": "How often all users and all items are solved for.",
      "regularization": "L2 penalty for each rating of a user or item.",
      "shrinkage": "Added to the number of ratings of a user or item in its penalty: draws those with few ratings to the mean.",
      "implicitRegularization": "L2 penalty of the vectors y that say what it means to have rated an item."
    }
  },
  "two-hop-filter": {
    "summary": "A low-pass filter of the history on the graph of users and items: from its items to all their users, and on to all items of these, with nothing to learn and nothing cut off.",
    "text": "A low-pass filter of the history on the graph of users and items: from its items to all their users, and on to all items of these, with\nnothing to learn and nothing cut off.\n\n`scores = x Di^-a R' Du^-b R Di^-c` for a history x, the interactions R (users x items, each pair once) and the numbers of interactions\nof items (Di) and users (Du). As `rp3beta` without a limit on neighbours, and with a power of its own at each step.\n\nThe model keeps the interactions and nothing else, a hundredth of what an item-to-item matrix takes, and takes in new data at once.\nAn answer costs as much as all users who share an item with the history have items: some ten thousand additions. Among the most\naccurate of the simple models.\n\nSource: as a linear graph filter, Shen, Wu, Zhang, Shan, Zhang, Letaief and Li, \"How powerful is graph convolution for\nrecommendation?\", 2021; the steps are those of random walks, Paudel et al. 2017.",
    "options": {
      "sourceExponent": "a: how much popular items of the history count less than rare ones.",
      "userExponent": "b: how much users with long histories count less than those with short ones.",
      "targetExponent": "c: how much popular items are held down among the recommended."
    }
  },
  "user-knn": {
    "summary": "User-based neighbours: recommends what the users with the most similar histories interacted with.",
    "text": "User-based neighbours: recommends what the users with the most similar histories interacted with.\n\n`score(j) = sum over the neighbors u with item j of s(history, u)`, with `s = w · wu / (|w| |wu| + shrink)` for the (weighted) items of\nthe history and of a training user; BM25 takes the inner product alone.\n\nNothing to fit but the interactions themselves, which the model keeps: so it takes in new data at once. An answer looks at every\nuser who shares an item with the history, which makes it slower than `item-knn` at many users.\n\nSource: Resnick, Iacovou, Suchak, Bergstrom and Riedl, \"GroupLens: an open architecture for collaborative filtering of netnews\", 1994.",
    "options": {
      "neighbors": "How many of the most similar users are asked.",
      "similarity": "What makes users alike: cosine with rare items counting more (TF-IDF), cosine, or the inner product of BM25 weights.",
      "shrink": "Lowers the similarity of users with short histories, which is easily chance. For cosine and TF-IDF.",
      "useWeights": "Whether weights of interactions (ratings, play counts) count; otherwise all count 1."
    }
  }
};
