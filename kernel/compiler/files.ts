/**
 * Local files that cells import.
 *
 * What: their JavaScript, and a version that changes when they, or local files below them, change.
 */
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

import ts = require("typescript");

import { privateChainsInParentheses } from "../../lib/source/strip-types.ts";
import { withEnding } from "../modules/endings.ts";
import { readJson } from "../modules/json.ts";

export class Files {
  readonly #options: ts.CompilerOptions;
  /** How often a file was to count as changed. */
  readonly #forgotten = new Map<string, number>();

  constructor(options: ts.CompilerOptions) {
    this.#options = options;
  }

  /** The file as an ES module, with its source map (JSON). */
  file(path: string): { code: string; map: string; json: boolean } {
    if (path.endsWith(".json"))
      return { code: `export default ${JSON.stringify(readJson(path))};`, map: "", json: true };
    const text = readFileSync(path, "utf8");
    const { outputText, sourceMapText = "" } = ts.transpileModule(text, {
      fileName: path,
      compilerOptions: {
        ...this.#options,
        declaration: false,
        verbatimModuleSyntax: false,
        inlineSources: true,
      },
      transformers: { after: [privateChainsInParentheses(ts)] },
    });
    const map = JSON.parse(sourceMapText);
    map.sources = [path];
    return {
      code: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"),
      map: JSON.stringify(map),
      json: false,
    };
  }

  /** A text that is another one when the file or a local file that it imports, directly or not, has changed. */
  version(path: string): string {
    const seen = this.#versions(path);
    let hash = 0;
    for (const text of seen.values())
      for (const c of text) hash = (Math.imul(hash, 31) + c.charCodeAt(0)) | 0;
    return `${seen.get(path)}-${(hash >>> 0).toString(36)}`;
  }

  /** Lets a file, and the local files that it imports, count as changed. */
  forget(path: string): void {
    for (const file of this.#versions(path).keys())
      this.#forgotten.set(file, (this.#forgotten.get(file) ?? 0) + 1);
  }

  /** What tells the states of a file and of those below it apart. */
  #versions(path: string): Map<string, string> {
    const seen = new Map<string, string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      const { mtimeMs, size } = statSync(file);
      const parts = [mtimeMs, size, this.#forgotten.get(file) ?? 0];
      seen.set(file, parts.map((part) => part.toString(36)).join("-"));
      if (!/\.[cm]?[jt]sx?$/.test(file)) return;
      for (const { fileName } of ts.preProcessFile(readFileSync(file, "utf8"), true, true).importedFiles) {
        if (!/^\.{0,2}\//.test(fileName)) continue;
        const found = withEnding(resolve(dirname(file), fileName));
        if (found) visit(found);
      }
    };
    visit(path);
    return seen;
  }
}
