/**
 * The parsed files of the language service.
 *
 * What: a registry as the service wants it, for the one service there is. Files of packages, which are most of the
 * text, are parsed without their documentation, and anew with it when somebody asks what a name of theirs means; they
 * stay when no cell imports them at the moment. Why: half of the time that the compiler takes to start, and a third of
 * its memory, went into comments that are seldom read.
 */
import { fileURLToPath } from "node:url";

import ts = require("typescript");

/** This package as it is built, wherever it is. */
const own = fileURLToPath(new URL("../../", import.meta.url));

/** Files of packages are taken not to change while the kernel runs. */
export const isInstalled = (path: string): boolean => path.includes("/node_modules/") || path.startsWith(own);

export class Documents implements ts.DocumentRegistry {
  readonly #files = new Map<string, { file: ts.SourceFile; version: string }>();
  /** Files of packages that have their documentation. */
  readonly #documented = new Set<string>();

  /** Gives files their documentation; false if they have it all. */
  document(paths: readonly string[]): boolean {
    const plain = paths.filter((path) => isInstalled(path) && !this.#documented.has(path));
    for (const path of plain) this.#documented.add(path);
    return plain.length > 0;
  }

  /** The version of a file of a package. */
  versionOf(path: string): string {
    return this.#documented.has(path) ? "documented" : "plain";
  }

  acquireDocumentWithKey(
    fileName: string,
    path: ts.Path,
    _settings: unknown,
    _key: ts.DocumentRegistryBucketKey,
    snapshot: ts.IScriptSnapshot,
    version: string,
    kind?: ts.ScriptKind,
    options?: ts.CreateSourceFileOptions | ts.ScriptTarget,
  ): ts.SourceFile {
    const held = this.#files.get(path);
    if (held?.version === version) return held.file;
    const plain = isInstalled(fileName) && !this.#documented.has(fileName);
    const given =
      typeof options === "object" ? options : { languageVersion: options ?? ts.ScriptTarget.Latest };
    const file = ts.createLanguageServiceSourceFile(
      fileName,
      snapshot,
      {
        ...given,
        ...(kind === ts.ScriptKind.JSON ? { languageVersion: ts.ScriptTarget.JSON } : {}),
        jsDocParsingMode: plain ? ts.JSDocParsingMode.ParseNone : ts.JSDocParsingMode.ParseAll,
      },
      version,
      false,
      kind,
    );
    this.#files.set(path, { file, version });
    return file;
  }
  updateDocumentWithKey: Documents["acquireDocumentWithKey"] = (...all) =>
    this.acquireDocumentWithKey(...all);

  releaseDocumentWithKey(path: ts.Path): void {
    if (!isInstalled(path)) this.#files.delete(path);
  }

  getKeyForCompilationSettings(): ts.DocumentRegistryBucketKey {
    return "" as ts.DocumentRegistryBucketKey;
  }
  reportStats(): string {
    return `${this.#files.size} files`;
  }

  // the service asks with keys alone
  acquireDocument(): never {
    throw new Error("internal: a document was asked for without a key");
  }
  updateDocument(): never {
    return this.acquireDocument();
  }
  releaseDocument(): never {
    return this.acquireDocument();
  }
}
