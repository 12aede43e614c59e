// Made by scripts/generate.mjs. Do not edit.

import type { AnySourceDefinition, SourceTraits } from "./define-source.ts";
import type { Registered } from "./definition.ts";
import type { AnyDiversityDefinition } from "./rerank/diversity/define-diversity.ts";
import type { AnyExplorationDefinition } from "./rerank/exploration/define-exploration.ts";
import type { AnyScorerDefinition, ScorerTraits } from "./scorer/scorer.ts";

export const sources: Readonly<Record<string, Registered<AnySourceDefinition, SourceTraits>>> = {
  "buy-again": {
    schema: {
      "type": "object",
      "required": [
        "kind"
      ],
      "properties": {
        "kind": {
          "type": "string",
          "const": "buy-again"
        },
        "event": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "The event type of a purchase. Default: the type with the highest weight."
        },
        "name": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "What answers and weights call it. By default its kind, or for a model the model's name."
        },
        "deadline": {
          "type": "number",
          "minimum": 1,
          "maximum": 60000,
          "description": "How long an answer waits for it, in milliseconds. Default 50."
        }
      },
      "additionalProperties": false,
      "title": "BuyAgainSource",
      "description": "What the user buys again and again, when it is due."
    },
    traits: {"repeats":true},
    load: () => import("./sources/buy-again.ts").then(({ buyAgain }) => buyAgain),
  },
  "content": {
    schema: {
      "type": "object",
      "required": [
        "kind"
      ],
      "properties": {
        "kind": {
          "type": "string",
          "const": "content"
        },
        "properties": {
          "type": "array",
          "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
            "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
            "expects": "contains control characters or is not valid Unicode.",
            "refers": {
              "to": "property",
              "types": [
                "text",
                "category",
                "categories",
                "number",
                "vector"
              ]
            },
            "description": "The name of a property."
          },
          "maxItems": 100,
          "description": "Properties to compare by. Default: all of type text, category, categories, number and vector."
        },
        "name": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "What answers and weights call it. By default its kind, or for a model the model's name."
        },
        "deadline": {
          "type": "number",
          "minimum": 1,
          "maximum": 60000,
          "description": "How long an answer waits for it, in milliseconds. Default 50."
        }
      },
      "additionalProperties": false,
      "title": "ContentSource",
      "description": "Items alike in their properties: text, categories, numbers, vectors. Knows an item from the moment it has properties."
    },
    traits: {},
    load: () => import("./sources/content.ts").then(({ content }) => content),
  },
  "model": {
    schema: {
      "type": "object",
      "required": [
        "kind"
      ],
      "properties": {
        "kind": {
          "type": "string",
          "const": "model"
        },
        "model": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "refers": {
            "to": "model"
          },
          "description": "A model by name, which is then trained beside the chosen one. Default: the one training chose."
        },
        "options": {
          "type": "object",
          "patternProperties": {
            "^[A-Za-z]\\w{0,63}$": {
              "anyOf": [
                {
                  "type": "number"
                },
                {
                  "type": "string",
                  "maxLength": 256
                },
                {
                  "type": "boolean"
                }
              ]
            }
          },
          "additionalProperties": false,
          "maxProperties": 64,
          "description": "Options of that model."
        },
        "name": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "What answers and weights call it. By default its kind, or for a model the model's name."
        },
        "deadline": {
          "type": "number",
          "minimum": 1,
          "maximum": 60000,
          "description": "How long an answer waits for it, in milliseconds. Default 50."
        }
      },
      "additionalProperties": false,
      "title": "ModelSource",
      "description": "What a fitted model thinks this person wants: the model that training chose, or one by name."
    },
    traits: {"namedBy":"model"},
    load: () => import("./sources/model.ts").then(({ model }) => model),
  },
  "newest": {
    schema: {
      "type": "object",
      "required": [
        "kind"
      ],
      "properties": {
        "kind": {
          "type": "string",
          "const": "newest"
        },
        "by": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "refers": {
            "to": "property",
            "types": [
              "time",
              "number"
            ]
          },
          "description": "A property of type time or number that says how new an item is. Default: when it was first seen."
        },
        "name": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "What answers and weights call it. By default its kind, or for a model the model's name."
        },
        "deadline": {
          "type": "number",
          "minimum": 1,
          "maximum": 60000,
          "description": "How long an answer waits for it, in milliseconds. Default 50."
        }
      },
      "additionalProperties": false,
      "title": "NewestSource",
      "description": "The newest items first."
    },
    traits: {},
    load: () => import("./sources/newest.ts").then(({ newest }) => newest),
  },
  "popular": {
    schema: {
      "type": "object",
      "required": [
        "kind"
      ],
      "properties": {
        "kind": {
          "type": "string",
          "const": "popular"
        },
        "halfLife": {
          "type": "string",
          "maxLength": 32,
          "pattern": "^\\s*(?!0+(\\.0+)?\\s*[a-z])\\d+(\\.\\d+)?\\s*(ms|s|m|h|d|w)\\s*$",
          "expects": "must be a duration such as \"30m\", \"6h\" or \"7d\".",
          "description": "The time in which an event loses half its weight, such as `\"30d\"`. Default: all events count alike."
        },
        "event": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "The event type to count, each event once. Default: all, by their weights."
        },
        "name": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "What answers and weights call it. By default its kind, or for a model the model's name."
        },
        "deadline": {
          "type": "number",
          "minimum": 1,
          "maximum": 60000,
          "description": "How long an answer waits for it, in milliseconds. Default 50."
        }
      },
      "additionalProperties": false,
      "title": "PopularSource",
      "description": "Most events."
    },
    traits: {},
    load: () => import("./sources/popular.ts").then(({ popular }) => popular),
  },
  "recently-viewed": {
    schema: {
      "type": "object",
      "required": [
        "kind"
      ],
      "properties": {
        "kind": {
          "type": "string",
          "const": "recently-viewed"
        },
        "event": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "The event type to look at. Default: all."
        },
        "name": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "What answers and weights call it. By default its kind, or for a model the model's name."
        },
        "deadline": {
          "type": "number",
          "minimum": 1,
          "maximum": 60000,
          "description": "How long an answer waits for it, in milliseconds. Default 50."
        }
      },
      "additionalProperties": false,
      "title": "RecentlyViewedSource",
      "description": "What the user did something with, the latest first."
    },
    traits: {"repeats":true},
    load: () => import("./sources/recently-viewed.ts").then(({ recentlyViewed }) => recentlyViewed),
  },
  "together": {
    schema: {
      "type": "object",
      "required": [
        "kind"
      ],
      "properties": {
        "kind": {
          "type": "string",
          "const": "together"
        },
        "event": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "The event type to count. Default: all that say something in favor of their item."
        },
        "name": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "What answers and weights call it. By default its kind, or for a model the model's name."
        },
        "deadline": {
          "type": "number",
          "minimum": 1,
          "maximum": 60000,
          "description": "How long an answer waits for it, in milliseconds. Default 50."
        }
      },
      "additionalProperties": false,
      "title": "TogetherSource",
      "description": "What comes in one session or basket with the given items, or with the newest of the history. Learns with every event."
    },
    traits: {},
    load: () => import("./sources/together.ts").then(({ together }) => together),
  },
  "trending": {
    schema: {
      "type": "object",
      "required": [
        "kind"
      ],
      "properties": {
        "kind": {
          "type": "string",
          "const": "trending"
        },
        "window": {
          "type": "string",
          "maxLength": 32,
          "pattern": "^\\s*(?!0+(\\.0+)?\\s*[a-z])\\d+(\\.\\d+)?\\s*(ms|s|m|h|d|w)\\s*$",
          "expects": "must be a duration such as \"30m\", \"6h\" or \"7d\".",
          "description": "How long now is, such as `\"7d\"`. Default: fitted to how fast events come."
        },
        "event": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "The event type to count. Default: all that say something in favor of their item."
        },
        "name": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "What answers and weights call it. By default its kind, or for a model the model's name."
        },
        "deadline": {
          "type": "number",
          "minimum": 1,
          "maximum": 60000,
          "description": "How long an answer waits for it, in milliseconds. Default 50."
        }
      },
      "additionalProperties": false,
      "title": "TrendingSource",
      "description": "What rises now: recent events against those before them."
    },
    traits: {},
    load: () => import("./sources/trending.ts").then(({ trending }) => trending),
  },
};

export const scorers: Readonly<Record<string, Registered<AnyScorerDefinition, ScorerTraits>>> = {
  "blend": {
    schema: {
      "type": "object",
      "required": [
        "kind"
      ],
      "properties": {
        "kind": {
          "type": "string",
          "const": "blend"
        },
        "method": {
          "anyOf": [
            {
              "type": "string",
              "const": "ranks"
            },
            {
              "type": "string",
              "const": "scores"
            }
          ],
          "description": "Add up places in the lists of the sources (`ranks`, the default: reciprocal rank fusion, Cormack et al. 2009) or their scores, brought to one scale (`scores`)."
        },
        "weights": {
          "type": "object",
          "patternProperties": {
            "^(?!__proto__$)[^\\p{Cc}\\p{Cs}]{1,64}$": {
              "type": "number",
              "minimum": 0,
              "maximum": 1000000
            }
          },
          "additionalProperties": false,
          "maxProperties": 20,
          "description": "How much each source counts, by its name. Default 1."
        }
      },
      "additionalProperties": false,
      "title": "BlendScorer",
      "description": "Adds up what the sources say, each by its weight."
    },
    traits: {},
    load: () => import("./scorer/blend.ts").then(({ blend }) => blend),
  },
  "learned": {
    schema: {
      "type": "object",
      "required": [
        "kind"
      ],
      "properties": {
        "kind": {
          "type": "string",
          "const": "learned"
        },
        "method": {
          "anyOf": [
            {
              "type": "string",
              "const": "ranks"
            },
            {
              "type": "string",
              "const": "scores"
            }
          ],
          "description": "Add up places in the lists of the sources (`ranks`, the default: reciprocal rank fusion, Cormack et al. 2009) or their scores, brought to one scale (`scores`)."
        },
        "weights": {
          "type": "object",
          "patternProperties": {
            "^(?!__proto__$)[^\\p{Cc}\\p{Cs}]{1,64}$": {
              "type": "number",
              "minimum": 0,
              "maximum": 1000000
            }
          },
          "additionalProperties": false,
          "maxProperties": 20,
          "description": "How much each source counts, by its name. Default 1."
        }
      },
      "additionalProperties": false,
      "title": "LearnedScorer",
      "description": "Learned from what was served and what came of it, once there is enough of it. A blend until then."
    },
    traits: {"learns":true},
    load: () => import("./scorer/learned.ts").then(({ learned }) => learned),
  },
};

export const diversities: Readonly<Record<string, Registered<AnyDiversityDefinition, unknown>>> = {
  "dpp": {
    schema: {
      "type": "object",
      "required": [
        "kind",
        "strength"
      ],
      "properties": {
        "kind": {
          "type": "string",
          "const": "dpp"
        },
        "strength": {
          "type": "number",
          "minimum": 0,
          "maximum": 1,
          "description": "From 0, no effect, to 1, relevance no longer counts."
        },
        "by": {
          "type": "array",
          "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
            "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
            "expects": "contains control characters or is not valid Unicode.",
            "refers": {
              "to": "property",
              "types": []
            },
            "description": "The name of a property."
          },
          "maxItems": 100,
          "description": "Item properties that tell how alike items are. Default: all properties of type category, categories or vector."
        }
      },
      "additionalProperties": false,
      "title": "DppDiversity",
      "description": "Greedy determinantal point process (Chen et al. 2018): variety of the list as a whole."
    },
    traits: {},
    load: () => import("./rerank/diversity/dpp.ts").then(({ dpp }) => dpp),
  },
  "mmr": {
    schema: {
      "type": "object",
      "required": [
        "kind",
        "strength"
      ],
      "properties": {
        "kind": {
          "type": "string",
          "const": "mmr"
        },
        "strength": {
          "type": "number",
          "minimum": 0,
          "maximum": 1,
          "description": "From 0, no effect, to 1, relevance no longer counts."
        },
        "by": {
          "type": "array",
          "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
            "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
            "expects": "contains control characters or is not valid Unicode.",
            "refers": {
              "to": "property",
              "types": []
            },
            "description": "The name of a property."
          },
          "maxItems": 100,
          "description": "Item properties that tell how alike items are. Default: all properties of type category, categories or vector."
        }
      },
      "additionalProperties": false,
      "title": "MmrDiversity",
      "description": "Maximal marginal relevance (Carbonell and Goldstein 1998): a slight turn towards variety."
    },
    traits: {},
    load: () => import("./rerank/diversity/mmr.ts").then(({ mmr }) => mmr),
  },
};

export const explorations: Readonly<Record<string, Registered<AnyExplorationDefinition, unknown>>> = {
  "epsilon": {
    schema: {
      "type": "object",
      "required": [
        "kind",
        "epsilon"
      ],
      "properties": {
        "kind": {
          "type": "string",
          "const": "epsilon"
        },
        "epsilon": {
          "type": "number",
          "minimum": 0,
          "maximum": 1,
          "description": "The probability of each place."
        }
      },
      "additionalProperties": false,
      "title": "EpsilonExploration",
      "description": "Each place goes to a random candidate with this probability."
    },
    traits: {},
    load: () => import("./rerank/exploration/epsilon.ts").then(({ epsilon }) => epsilon),
  },
  "thompson": {
    schema: {
      "type": "object",
      "required": [
        "kind"
      ],
      "properties": {
        "kind": {
          "type": "string",
          "const": "thompson"
        },
        "share": {
          "type": "number",
          "minimum": 0,
          "maximum": 1,
          "description": "The share of places that takes part, the last ones. Default 1."
        }
      },
      "additionalProperties": false,
      "title": "ThompsonExploration",
      "description": "Thompson sampling over how often each item was taken when shown. Best where many lists are served."
    },
    traits: {},
    load: () => import("./rerank/exploration/thompson.ts").then(({ thompson }) => thompson),
  },
};
