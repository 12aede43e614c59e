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
    "text": "Matrix factorization for implicit feedback, by alternating least squares (iALS, weighted matrix factorization).\n\nFinds user and item vectors p and q that minimize\n\n`sum over interactions of w (1 - p·q)^2 + a sum over all users and items of (p·q)^2 + sum of l_u |p_u|^2 + sum of l_i |q_i|^2`\n\nwhere w is the confidence weight of an interaction, and a is the weight of every pair, chosen so that all pairs together weigh\n`unobservedWeight` times as much as all interactions. The penalties grow with the data of a user or item:\n`l_u = regularization (W_u + a · items)^frequencyExponent` for the total weight W_u of user u, and likewise for items. The two sides are\nsolved in turn, exactly or nearly so, with the other side fixed. Only item vectors are stored: a user's vector is computed from the history.\n\nCost: a few passes over the interactions times `factors` per iteration, plus (users + items) · factors² with the default `solver`. A strong\nfirst choice for implicit feedback at any size. On small data, `ease` is more accurate.\n\nSources: Hu, Koren and Volinsky, \"Collaborative filtering for implicit feedback datasets\", 2008; Rendle, Krichene, Zhang and Koren,\n\"Revisiting the performance of iALS on item recommendation benchmarks\", 2022; Takács, Pilászy and Tikk, \"Applications of the conjugate\ngradient method for implicit feedback collaborative filtering\", 2011; Rendle, Krichene, Zhang and Koren, \"iALS++: Speeding up matrix\nfactorization with subspace optimization\", 2021.",
    "options": {
      "factors": "Length of the vectors. Longer vectors capture finer tastes and need more data and time.",
      "epochs": "Number of passes, each solving for all users and all items.",
      "regularization": "L2 penalty, scaled by the data of each user and item.",
      "frequencyExponent": "How penalties grow with the data of a user or item: 0 gives everyone the same penalty, 1 a proportional one.",
      "unobservedWeight": "Total weight of all user-item pairs as zeros, as a multiple of the total weight of all interactions.",
      "confidence": "Confidence of an interaction with weight r: 1 (`binary`), log2(1 + r) (`log`) or r (`linear`). Interactions with r of 0 or below are ignored.",
      "solver": "How to solve for a vector: a few conjugate gradient steps, one block of dimensions after another (iALS++), or exactly (Cholesky, slowest). `auto` uses conjugate gradients, and blocks from 512 factors up."
    }
  },
  "bpr": {
    "summary": "Matrix factorization by Bayesian personalized ranking: learns to rank the items a user has interacted with above those they have not.",
    "text": "Matrix factorization by Bayesian personalized ranking: learns to rank the items a user has interacted with above those they have not.\n\nMaximizes the log-likelihood of all such pairs, `sum of ln sigmoid(x_ui - x_uj) - regularization / 2 |parameters|^2` with\n`x_ui = p_u·q_i + b_i`, by stochastic gradient steps. Each epoch takes one step per interaction (u, i), with a new random item j: the one of\na few `candidates` that the model currently ranks highest, because most other items teach it nothing. Only item vectors are stored: a user's\nvector is found by the same steps over the history, with the items fixed.\n\nCost: interactions · `factors` · (2 + `candidates`) per epoch, and many epochs. It optimizes the order of the whole list rather than its top;\n`als` is usually better at the top, and faster.\n\nSources: Rendle, Freudenthaler, Gantner and Schmidt-Thieme, \"BPR: Bayesian personalized ranking from implicit feedback\", 2009; Zhang,\nChen, Wang and Yu, \"Optimizing top-N collaborative filtering via dynamic negative item sampling\", 2013 (candidates); in parallel after\nGemulla, Nijkamp, Haas and Sismanis, \"Large-scale matrix factorization with distributed stochastic gradient descent\", 2011.",
    "options": {
      "factors": "Length of the vectors.",
      "epochs": "Passes over the interactions.",
      "learningRate": "Length of a gradient step. Decreases to 0 over the epochs.",
      "regularization": "L2 penalty that a step applies to the parameters it touches.",
      "negatives": "How negatives are drawn: uniformly, or in proportion to their interactions to the power of 3/4, which teaches more about popular items.",
      "candidates": "Number of negatives drawn per step; the one with the highest score is used. Values above 1 improve the top of the lists."
    }
  },
  "ease": {
    "summary": "One linear map from a history to scores, in closed form: each item is predicted from all others by ridge regression.",
    "text": "One linear map from a history to scores, in closed form: each item is predicted from all others by ridge regression.\n\n`scores = x B` for a history x, with `B(i, j) = -P(i, j) / P(j, j)` off the diagonal, 0 on it, and\n`P = (X' X + regularization I)^-1` for the interactions X (users x items). B minimizes `|X - X B|^2 + regularization |B|^2`.\n\nOne of the most accurate models for catalogs of up to several thousand items, with a single hyperparameter. The fit takes time cubic and memory\nquadratic in the number of items, whatever the number of users. The limit is 20,000 items; use `sparse-ease` beyond that.\n\nSource: Steck, \"Embarrassingly shallow autoencoders for sparse data\", 2019.",
    "options": {
      "regularization": "L2 penalty. Raise it for small or noisy data.",
      "useWeights": "Whether to use interaction weights (ratings, play counts); otherwise all count 1."
    }
  },
  "item-knn": {
    "summary": "Item-based nearest neighbors: recommends the items most similar to those in the history.",
    "text": "Item-based nearest neighbors: recommends the items most similar to those in the history. Items are similar if the same users interact with them.\n\n`score(j) = sum over i of the history of s(i, j)`, over the `neighbors` most similar j of each i, with\n`s(i, j) = wi · wj / (|wi| |wj| + shrink)` for the (weighted) users wi, wj of the two items. BM25 uses the inner product alone.\n\nThe fit takes time proportional to the sum of squared history lengths; answers take microseconds. Robust, easy to explain and hard to beat on\nsparse data. `rp3beta` and `ease` are usually more accurate.\n\nSource: Sarwar, Karypis, Konstan and Riedl, \"Item-based collaborative filtering recommendation algorithms\", 2001; Deshpande and Karypis,\n\"Item-based top-N recommendation algorithms\", 2004.",
    "options": {
      "neighbors": "Number of most similar items kept per item.",
      "similarity": "Similarity of items: cosine that emphasizes rare users (TF-IDF), plain cosine, or the inner product of BM25 weights.",
      "shrink": "Lowers the similarity of items with few interactions, which may be due to chance: 0 to 10 for small data, 100 and more for sparse data. For cosine and TF-IDF.",
      "useWeights": "Whether to use interaction weights (ratings, play counts); otherwise all count 1."
    }
  },
  "popularity": {
    "summary": "The items with the most interactions, the same for everyone: a baseline for other models, and the answer for visitors without a history.",
    "text": "The items with the most interactions, the same for everyone: a baseline for other models, and the answer for visitors without a history.\n\nWith a `halfLife`, interactions lose weight as they age, which turns \"popular\" into \"trending\":\n`score(item) = sum over its interactions of 2^(-age / halfLife)`, with ages relative to the newest interaction. Costs one pass over the\ndata, and accepts new data without a refit.",
    "options": {
      "halfLife": "Age in days at which an interaction counts half; 0 to count all equally. Needs interaction times."
    }
  },
  "random": {
    "summary": "Every item in random order: the minimum that any model has to beat, and a way to collect unbiased feedback.",
    "text": "Every item in random order: the minimum that any model has to beat, and a way to collect unbiased feedback.\n\nThe order depends only on the seed of the fit and on the history, so a history always gets the same list, and different histories get\ndifferent ones. Scores are uniform in [0, 1). Costs nothing to fit.",
    "options": {}
  },
  "rp3beta": {
    "summary": "Three random steps in the graph of users and items, from an item in the history to a user to an item, with a penalty on popular items.",
    "text": "Three random steps in the graph of users and items, from an item in the history to a user to an item, with a penalty on popular items.\n\n`score(j) = sum over i of the history of s(i, j)`, over the `neighbors` largest s(i, j) of each i, with\n`s(i, j) = sum over users u of p(u|i)^alpha p(j|u)^alpha / popularity(j)^beta`, where p(u|i) is the share of u in the interactions of i\nand p(j|u) the share of j in those of u. With `alpha` 1 and `beta` 0 this is the probability of arriving at j.\n\nCosts as much as `item-knn`, and is one of the strongest models for implicit feedback. `beta` trades popular items against rare ones.\n\nSource: Paudel, Christoffel, Newell and Bernstein, \"Updatable, accurate, diverse, and scalable recommendations for interactive\napplications\", 2017; `alpha` from Cooper, Lee, Radzik and Siantos, \"Random walks in recommender systems\", 2014.",
    "options": {
      "neighbors": "Number of strongest neighbors kept per item.",
      "alpha": "Power of each step's probability. Values above 1 favor likely steps.",
      "beta": "Penalty on popular items: 0 for none, 1 in proportion to their interactions.",
      "useWeights": "Whether to use interaction weights (ratings, play counts); otherwise all count 1."
    }
  },
  "sparse-ease": {
    "summary": "EASE for catalogs whose item-to-item matrix would not fit in memory: each item is predicted from the `neighbors` items most similar to it instead of from all items, which gives a sparse matrix.",
    "text": "EASE for catalogs whose item-to-item matrix would not fit in memory: each item is predicted from the `neighbors` items most similar to it instead\nof from all items, which gives a sparse matrix.\n\n`score(j) = sum over i of the history of B(i, j)`, where column j of B is the ridge regression of item j on the items S most similar to\nit by cosine, `B(S, j) = (G(S, S) + regularization I)^-1 G(S, j)`, for the numbers G of users that items share. With all items as\nneighbors, it equals EASE except for pairs that share no user.\n\nThe fit takes time proportional to items x neighbors^3, and memory for all pairs of items that share a user.\n\nSource: Steck, \"Markov random fields for collaborative filtering\", 2019; Ning and Karypis, \"SLIM: sparse linear methods for top-N\nrecommender systems\" (its variant with feature selection), 2011.",
    "options": {
      "neighbors": "Number of items that an item is predicted from.",
      "regularization": "L2 penalty. Raise it for small or noisy data.",
      "useWeights": "Whether to use interaction weights (ratings, play counts); otherwise all count 1."
    }
  },
  "svd": {
    "summary": "Biased matrix factorization for ratings (\"SVD\" of the Netflix Prize): predicts the rating that a user would give an item.",
    "text": "Biased matrix factorization for ratings (\"SVD\" of the Netflix Prize): predicts the rating that a user would give an item,\n\n`rating = mean + b_u + b_i + p_u·q_i`,\n\nwith biases b and vectors p, q that minimize the squared error on the known ratings, plus `regularization (n + shrinkage)` times the squared\nlength of the vector and bias of each user or item with n ratings. Fitted by alternating least squares, with exact half-steps. Only items\nare stored: b_u and p_u are computed from the ratings in a history, and are 0 without any.\n\nCost: ratings · `factors`² per epoch, and few epochs. Use it to predict ratings. To rank items by what people choose, `als` and `ease` are\nbetter, because which items people rate says more than how they rate them.\n\nSources: Koren, Bell and Volinsky, \"Matrix factorization techniques for recommender systems\", 2009; Zhou, Wilkinson, Schreiber and Pan,\n\"Large-scale parallel collaborative filtering for the Netflix Prize\", 2008.",
    "options": {
      "factors": "Length of the vectors.",
      "epochs": "Number of passes, each solving for all users and all items.",
      "regularization": "L2 penalty per rating of a user or item.",
      "shrinkage": "Added to the number of ratings of a user or item in its penalty: pulls those with few ratings toward the mean."
    }
  },
  "svdpp": {
    "summary": "SVD++: biased matrix factorization that learns from which items a user rated as well as from the ratings.",
    "text": "SVD++: biased matrix factorization that learns from which items a user rated as well as from the ratings:\n\n`rating = mean + b_u + b_i + q_i·(p_u + |N_u|^-1/2 · sum over j in N_u of y_j)`\n\nwhere N_u are the items that user u has rated. Fitted like `svd`, except that a user's vector is pulled toward what the items in their\nhistory say, instead of toward 0. Between the half-steps, the y are fitted by ridge regression of the users' vectors on their histories, with a\nfew conjugate gradient steps. Only items are stored: a user's vector is computed from the ratings in a history.\n\nCosts a little more than `svd` and predicts better. Use it to predict ratings. To rank items, `als` and `ease` are better.\n\nSource: Koren, \"Factorization meets the neighborhood: a multifaceted collaborative filtering model\", 2008.",
    "options": {
      "factors": "Length of the vectors.",
      "epochs": "Number of passes, each solving for all users and all items.",
      "regularization": "L2 penalty per rating of a user or item.",
      "shrinkage": "Added to the number of ratings of a user or item in its penalty: pulls those with few ratings toward the mean.",
      "implicitRegularization": "L2 penalty of the vectors y."
    }
  },
  "two-hop-filter": {
    "summary": "A low-pass filter of the history on the graph of users and items: from its items to all of their users, and on to all items of those users, with no parameters to learn and no neighbors cut off.",
    "text": "A low-pass filter of the history on the graph of users and items: from its items to all of their users, and on to all items of those users,\nwith no parameters to learn and no neighbors cut off.\n\n`scores = x Di^-a R' Du^-b R Di^-c` for a history x, the interactions R (users x items, each pair once) and the numbers of interactions\nof items (Di) and users (Du). Like `rp3beta` without a limit on neighbors, and with a separate exponent for each step.\n\nThe model stores only the interactions, about a hundredth of the size of an item-to-item matrix, and accepts new data without a refit. An\nanswer costs as many additions as there are items among all users who share an item with the history: about ten thousand. Among the most\naccurate of the simple models.\n\nSource: as a linear graph filter, Shen, Wu, Zhang, Shan, Zhang, Letaief and Li, \"How powerful is graph convolution for\nrecommendation?\", 2021; the steps are those of random walks, Paudel et al. 2017.",
    "options": {
      "sourceExponent": "a: how much less popular items in the history count than rare ones.",
      "userExponent": "b: how much less users with long histories count than users with short ones.",
      "targetExponent": "c: penalty on popular items among the recommendations."
    }
  },
  "user-knn": {
    "summary": "User-based nearest neighbors: recommends what the users with the most similar histories interacted with.",
    "text": "User-based nearest neighbors: recommends what the users with the most similar histories interacted with.\n\n`score(j) = sum over the neighbors u with item j of s(history, u)`, with `s = w · wu / (|w| |wu| + shrink)` for the (weighted) items of\nthe history and of a training user. BM25 uses the inner product alone.\n\nThere is nothing to fit: the model stores the interactions themselves, so it accepts new data without a refit. An answer looks at every user\nwho shares an item with the history, so with many users it is slower than `item-knn`.\n\nSource: Resnick, Iacovou, Suchak, Bergstrom and Riedl, \"GroupLens: an open architecture for collaborative filtering of netnews\", 1994.",
    "options": {
      "neighbors": "Number of most similar users to use.",
      "similarity": "Similarity of users: cosine that emphasizes rare items (TF-IDF), plain cosine, or the inner product of BM25 weights.",
      "shrink": "Lowers the similarity of users with short histories, which may be due to chance. For cosine and TF-IDF.",
      "useWeights": "Whether to use interaction weights (ratings, play counts); otherwise all count 1."
    }
  }
};
