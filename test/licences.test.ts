// The licences of everything that comes with an installation of wengert, read off the lock file and the packages.
// Apache-2.0 may be combined with each of these; MPL-2.0 asks only that its own files stay under it, and they do.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FITTING = new Set([
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "Unlicense",
  "MPL-2.0",
  "MIT AND MPL-2.0",
]);
/** Packages whose package.json only points to a text; the text was read. */
const READ: Readonly<Record<string, RegExp>> = {
  // Bitstream Vera's licence: free to use, copy, embed and pass on, not to be sold by itself under its name.
  "dejavu-fonts-ttf": /Bitstream Vera[\s\S]*Permission is hereby granted, free of charge/,
};

interface Locked {
  readonly license?: string;
  readonly dev?: boolean;
}

/** Packages of `lock` that come with an installation and whose licence does not fit. */
function unfitting(lock: Readonly<Record<string, Locked>>): string[] {
  return Object.entries(lock)
    .filter(([path, { dev }]) => path !== "" && dev !== true)
    .filter(
      ([path, { license }]) => !FITTING.has(license ?? "") && !(path.split("node_modules/").at(-1)! in READ),
    )
    .map(([path, { license }]) => `${path}: ${license}`);
}

describe("licences", () => {
  it("of all that is installed with wengert fit Apache-2.0", () => {
    assert.deepEqual(unfitting(JSON.parse(readFileSync("package-lock.json", "utf8")).packages), []);
  });

  it("that do not fit, or are not stated, are found (negative control)", () => {
    const lock = {
      "": {},
      "node_modules/a": { license: "AGPL-3.0" },
      "node_modules/b": {},
      "node_modules/c": { license: "GPL-2.0", dev: true },
    };
    assert.deepEqual(unfitting(lock), ["node_modules/a: AGPL-3.0", "node_modules/b: undefined"]);
  });

  it("that are texts of their own say what was read", () => {
    for (const [name, says] of Object.entries(READ)) {
      const folder = join("node_modules", name);
      const text = readdirSync(folder)
        .filter((file) => /^(licen[cs]e|readme)/i.test(file))
        .map((file) => readFileSync(join(folder, file), "utf8"));
      assert.match(text.join("\n"), says);
    }
  });

  it("begin with our own", () => {
    assert.equal(JSON.parse(readFileSync("package.json", "utf8")).license, "Apache-2.0");
    assert.ok(existsSync("LICENSE"));
    assert.match(
      readFileSync("LICENSE", "utf8"),
      /Apache License\s+Version 2\.0, January 2004[\s\S]*END OF TERMS AND CONDITIONS/,
    );
  });
});
