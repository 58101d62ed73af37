import { z } from 'zod';

/** The parts of XGBoost's model JSON (1.7 to 3.x) that say how to predict; all else in a file is left alone. */

/** Whole numbers that XGBoost writes as words. */
const count = z
  .union([z.string().regex(/^\d{1,10}$/), z.int().nonnegative()])
  .transform((value) => Number(value));

const flag = z.union([z.boolean(), z.int().min(0).max(1)]).transform((value) => (value ? 1 : 0));

export const xgboostTree = z.object({
  tree_param: z.object({ num_nodes: count, size_leaf_vector: count.optional() }),
  left_children: z.array(z.int()),
  right_children: z.array(z.int()),
  split_indices: z.array(z.int()),
  split_conditions: z.array(z.number()),
  default_left: z.array(flag),
  sum_hessian: z.array(z.number()),
  loss_changes: z.array(z.number()),
  /** 1 where a node splits by category. */
  split_type: z.array(z.int()).optional(),
  categories_nodes: z.array(z.int()).optional(),
});
export type XgboostTree = z.infer<typeof xgboostTree>;

/** What tells the kinds of model apart; read first, because other kinds lack the rest. */
export const xgboostKind = z.object({
  learner: z.object({
    gradient_booster: z.object({ name: z.string() }),
    learner_model_param: z.object({
      /** One number in words; in 3.x in brackets. */
      base_score: z.string().max(100),
      num_class: count,
      num_feature: count,
      num_target: count.optional(),
    }),
    objective: z.object({ name: z.string() }),
    feature_names: z.array(z.string()).optional(),
    attributes: z
      .object({
        best_iteration: z
          .string()
          .regex(/^\d{1,10}$/)
          .optional(),
      })
      .optional(),
  }),
});

export const xgboostTrees = z.object({
  learner: z.object({
    gradient_booster: z.object({
      model: z.object({
        gbtree_model_param: z.object({ num_parallel_tree: count.optional() }),
        trees: z.array(xgboostTree),
      }),
    }),
  }),
});
