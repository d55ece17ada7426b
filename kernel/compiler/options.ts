/**
 * How cells and the files they import are compiled.
 *
 * What: the compiler's options: ours, and those of a `tsconfig.json` beside the notebook that concern the language
 * rather than where output goes.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import ts = require("typescript");

/** Options that a notebook's own tsconfig.json may set. */
const respected = new Set(
  (
    "strict noImplicitAny strictNullChecks strictFunctionTypes strictBindCallApply strictPropertyInitialization noImplicitThis " +
    "useUnknownInCatchVariables alwaysStrict noUncheckedIndexedAccess exactOptionalPropertyTypes noImplicitReturns " +
    "noFallthroughCasesInSwitch noImplicitOverride noPropertyAccessFromIndexSignature allowUnreachableCode allowUnusedLabels " +
    "experimentalDecorators emitDecoratorMetadata useDefineForClassFields jsx jsxFactory jsxFragmentFactory jsxImportSource " +
    "lib types typeRoots paths baseUrl customConditions resolveJsonModule allowSyntheticDefaultImports esModuleInterop allowJs checkJs"
  ).split(" "),
);

/** The library that cells have if no tsconfig.json names others. */
export const newestLibrary = "lib.esnext.d.ts";

export function compilerOptions(folder: string): ts.CompilerOptions {
  const own = ownOptions(folder);
  const wanted = notebookOptions(folder);
  // cells run in Node whatever a project's files are for
  const both = (a: string[] = [], b: string[] = []) => [...new Set([...a, ...b])];
  const types = both(wanted.types, own.types);
  return { ...own, ...wanted, types, typeRoots: both(wanted.typeRoots, own.typeRoots) };
}

function ownOptions(folder: string): ts.CompilerOptions {
  return {
    target: ts.ScriptTarget.ES2024,
    // like ESNext, with `import x = require(…)` allowed
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    customConditions: ["node"],
    lib: [newestLibrary],
    types: ["node"],
    typeRoots: typeRoots(folder),
    strict: false,
    alwaysStrict: true,
    esModuleInterop: true,
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    allowJs: true,
    jsx: ts.JsxEmit.React,
    declaration: true,
    sourceMap: true,
    skipLibCheck: true,
    skipDefaultLibCheck: true,
    newLine: ts.NewLineKind.LineFeed,
    noErrorTruncation: false,
    ignoreDeprecations: "6.0",
  };
}

/** Where `@types/…` are looked for: in the notebook's folder and above, else in this package. */
function typeRoots(folder: string): string[] {
  const roots: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    const root = join(at, "node_modules", "@types");
    if (existsSync(root)) roots.push(root);
    if (dirname(at) === at) break;
  }
  if (!roots.some((root) => existsSync(join(root, "node")))) {
    const own = createRequire(import.meta.url).resolve("@types/node/package.json");
    roots.push(dirname(dirname(own)));
  }
  return roots;
}

function notebookOptions(folder: string): ts.CompilerOptions {
  const path = join(folder, "tsconfig.json");
  if (!existsSync(path)) return {};
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  if (!config) return {};
  // which files the project has is of no interest here
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, folder);
  return Object.fromEntries(Object.entries(options).filter(([name]) => respected.has(name)));
}
