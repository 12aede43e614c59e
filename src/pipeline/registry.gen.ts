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
          "description": "The name answers and weights refer to it by. Default: its kind, or the model's name for a model."
        },
        "deadline": {
          "type": "number",
          "minimum": 1,
          "maximum": 60000,
          "description": "How long to wait for it, in milliseconds. Default 50."
        }
      },
      "additionalProperties": false,
      "title": "BuyAgainSource",
      "description": "Items the user buys regularly, when they are due."
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
          "description": "The name answers and weights refer to it by. Default: its kind, or the model's name for a model."
        },
        "deadline": {
          "type": "number",
          "minimum": 1,
          "maximum": 60000,
          "description": "How long to wait for it, in milliseconds. Default 50."
        }
      },
      "additionalProperties": false,
      "title": "ContentSource",
      "description": "Items with similar properties: text, categories, numbers, vectors. Works for new items as soon as they have properties."
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
          "description": "The model to use, which is then trained in addition to the selected one. Default: the model selected by training."
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
          "description": "Options of the named model."
        },
        "name": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "The name answers and weights refer to it by. Default: its kind, or the model's name for a model."
        },
        "deadline": {
          "type": "number",
          "minimum": 1,
          "maximum": 60000,
          "description": "How long to wait for it, in milliseconds. Default 50."
        }
      },
      "additionalProperties": false,
      "title": "ModelSource",
      "description": "Recommendations from a fitted model: the one selected by training, or one by name."
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
          "description": "A property of type time or number to sort by. Default: when the item was first seen."
        },
        "name": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "The name answers and weights refer to it by. Default: its kind, or the model's name for a model."
        },
        "deadline": {
          "type": "number",
          "minimum": 1,
          "maximum": 60000,
          "description": "How long to wait for it, in milliseconds. Default 50."
        }
      },
      "additionalProperties": false,
      "title": "NewestSource",
      "description": "The newest items."
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
          "description": "The time in which an event loses half its weight, such as `\"30d\"`. Default: all events count equally."
        },
        "event": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "The event type to count, each event as 1. Default: all, by weight."
        },
        "name": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "The name answers and weights refer to it by. Default: its kind, or the model's name for a model."
        },
        "deadline": {
          "type": "number",
          "minimum": 1,
          "maximum": 60000,
          "description": "How long to wait for it, in milliseconds. Default 50."
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
          "description": "The event type to use. Default: all."
        },
        "name": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "The name answers and weights refer to it by. Default: its kind, or the model's name for a model."
        },
        "deadline": {
          "type": "number",
          "minimum": 1,
          "maximum": 60000,
          "description": "How long to wait for it, in milliseconds. Default 50."
        }
      },
      "additionalProperties": false,
      "title": "RecentlyViewedSource",
      "description": "The user's recent items, newest first."
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
          "description": "The event type to count. Default: all with a positive weight."
        },
        "name": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "The name answers and weights refer to it by. Default: its kind, or the model's name for a model."
        },
        "deadline": {
          "type": "number",
          "minimum": 1,
          "maximum": 60000,
          "description": "How long to wait for it, in milliseconds. Default 50."
        }
      },
      "additionalProperties": false,
      "title": "TogetherSource",
      "description": "Items that co-occur in a session or basket with the given items, or with the newest ones of the history. Learns from every event."
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
          "description": "The length of the recent period, such as `\"7d\"`. Default: adapts to the rate of events."
        },
        "event": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "The event type to count. Default: all with a positive weight."
        },
        "name": {
          "type": "string",
          "minLength": 1,
          "maxLength": 64,
          "pattern": "^[^\\p{Cc}\\p{Cs}]+$",
          "expects": "contains control characters or is not valid Unicode.",
          "description": "The name answers and weights refer to it by. Default: its kind, or the model's name for a model."
        },
        "deadline": {
          "type": "number",
          "minimum": 1,
          "maximum": 60000,
          "description": "How long to wait for it, in milliseconds. Default 50."
        }
      },
      "additionalProperties": false,
      "title": "TrendingSource",
      "description": "Items on the rise: recent events compared with earlier ones."
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
          "description": "What to add up: the items' ranks in each source (`ranks`, the default; reciprocal rank fusion, Cormack et al. 2009) or their scores, normalized per source (`scores`)."
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
          "description": "Weight of each source, by name. Default 1."
        }
      },
      "additionalProperties": false,
      "title": "BlendScorer",
      "description": "The weighted sum over all sources."
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
          "description": "What to add up: the items' ranks in each source (`ranks`, the default; reciprocal rank fusion, Cormack et al. 2009) or their scores, normalized per source (`scores`)."
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
          "description": "Weight of each source, by name. Default 1."
        }
      },
      "additionalProperties": false,
      "title": "LearnedScorer",
      "description": "Learned from impressions and their outcomes once there is enough data. Until then, a blend."
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
        "kind"
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
          "default": 0.2,
          "description": "From 0 (no effect) to 1 (ignore relevance). Default 0.2."
        },
        "limit": {
          "type": "object",
          "required": [
            "by",
            "share"
          ],
          "properties": {
            "by": {
              "type": "string",
              "minLength": 1,
              "maxLength": 64,
              "description": "A property of type category or categories. If no item has it, there is no limit."
            },
            "share": {
              "type": "number",
              "minimum": 0,
              "maximum": 1,
              "description": "The share of the list that items with the same value may take."
            }
          },
          "additionalProperties": false,
          "title": "ShareLimit",
          "description": "Once items with the same value take this share of the list, all others come first. Unlike a cap, it never makes a list shorter."
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
          "description": "Item properties to compare items by. Default: all properties of type category, categories or vector."
        }
      },
      "additionalProperties": false,
      "title": "DppDiversity",
      "description": "Greedy determinantal point process (Chen et al. 2018): diversifies the list as a whole."
    },
    traits: {},
    load: () => import("./rerank/diversity/dpp.ts").then(({ dpp }) => dpp),
  },
  "mmr": {
    schema: {
      "type": "object",
      "required": [
        "kind"
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
          "default": 0.2,
          "description": "From 0 (no effect) to 1 (ignore relevance). Default 0.2."
        },
        "limit": {
          "type": "object",
          "required": [
            "by",
            "share"
          ],
          "properties": {
            "by": {
              "type": "string",
              "minLength": 1,
              "maxLength": 64,
              "description": "A property of type category or categories. If no item has it, there is no limit."
            },
            "share": {
              "type": "number",
              "minimum": 0,
              "maximum": 1,
              "description": "The share of the list that items with the same value may take."
            }
          },
          "additionalProperties": false,
          "title": "ShareLimit",
          "description": "Once items with the same value take this share of the list, all others come first. Unlike a cap, it never makes a list shorter."
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
          "description": "Item properties to compare items by. Default: all properties of type category, categories or vector."
        }
      },
      "additionalProperties": false,
      "title": "MmrDiversity",
      "description": "Maximal marginal relevance (Carbonell and Goldstein 1998): mildly favors variety."
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
          "description": "The probability for each place."
        }
      },
      "additionalProperties": false,
      "title": "EpsilonExploration",
      "description": "Gives each place to a random candidate with a fixed probability."
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
          "description": "The share of places to explore, counted from the end of the list. Default 1."
        }
      },
      "additionalProperties": false,
      "title": "ThompsonExploration",
      "description": "Thompson sampling on each item's conversion rate. Works best with many requests."
    },
    traits: {},
    load: () => import("./rerank/exploration/thompson.ts").then(({ thompson }) => thompson),
  },
};
