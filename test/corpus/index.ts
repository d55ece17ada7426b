/** The corpus: every group by the name of its file. */
import { arithmetic } from "./arithmetic.ts";
import { arrays } from "./arrays.ts";
import { arraysInPlace } from "./arrays-in-place.ts";
import { assignments } from "./assignments.ts";
import { branches } from "./branches.ts";
import { classes } from "./classes.ts";
import { collections } from "./collections.ts";
import { conventions } from "./conventions.ts";
import { corners } from "./corners.ts";
import { destructuring } from "./destructuring.ts";
import type { Entry } from "./entry.ts";
import { exceptions } from "./exceptions.ts";
import { functions } from "./functions.ts";
import { generators } from "./generators.ts";
import { loops } from "./loops.ts";
import { models } from "./models.ts";
import { numerics } from "./numerics.ts";
import { shapes } from "./shapes.ts";
import { text } from "./text.ts";
import { typedArrays } from "./typed-arrays.ts";

export const modules: readonly (readonly [file: string, group: readonly Entry[]])[] = [
  ["arithmetic", arithmetic],
  ["loops", loops],
  ["branches", branches],
  ["functions", functions],
  ["classes", classes],
  ["destructuring", destructuring],
  ["generators", generators],
  ["arrays", arrays],
  ["arrays-in-place", arraysInPlace],
  ["corners", corners],
  ["typed-arrays", typedArrays],
  ["text", text],
  ["shapes", shapes],
  ["numerics", numerics],
  ["models", models],
  ["exceptions", exceptions],
  ["conventions", conventions],
  ["collections", collections],
  ["assignments", assignments],
];

export const all: readonly (Entry & { readonly group: string })[] = modules.flatMap(([group, entries]) =>
  entries.map((entry) => ({ ...entry, group })),
);
