// The README is true: its TypeScript runs and type-checks, what stands behind `// →` is what comes out, its links lead
// somewhere, its tables name every call, script and dependency there is.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./support/run.js";

const readme = readFileSync("README.md", "utf8");

/** The blocks of `language` in a page of markdown; ones with more words behind the language are sketches, not programs. */
function blocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, text]) => text,
  );
}

/** Makes a check out of each expression that states its result. */
function withChecks(example: string): string {
  const lines = example.split("\n").map((line) => {
    const [, expression, result] = /^(\S.*?);?\s*\/\/ → (.*)$/.exec(line) ?? [];
    return expression === undefined ? line : `$shows(${expression}, ${JSON.stringify(result)});`;
  });
  return `import { inspect } from "node:util";
function $shows(value: unknown, text: string) {
  const shown = inspect(value, { breakLength: Infinity });
  if (shown !== text) throw new Error(\`README says \${text}, but it is \${shown}\`);
}
${lines.join("\n")}`;
}

/** Links of a page to files and headings of the project, with what is wrong about each. */
function brokenLinks(markdown: string): string[] {
  const headings = [...markdown.matchAll(/^#+ (.*)$/gm)].map(
    ([, text]) => `#${text.toLowerCase().replaceAll(" ", "-")}`,
  );
  return [...markdown.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^https?:/.test(target))
    .filter((target) => (target.startsWith("#") ? !headings.includes(target) : !existsSync(target)));
}

describe("the README", function () {
  this.timeout(600_000);
  let folder: string;

  before(() => {
    // Inside the project, where `wengert` is the package itself.
    mkdirSync(".wengert", { recursive: true });
    folder = mkdtempSync(join(".wengert", "readme-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const examples = blocks(readme, "ts");
  const file = (i: number | string) => join(folder, `example-${i}.ts`);
  const execute = (i: number | string) => run(process.execPath, ["--import", "wengert/register", file(i)]);

  for (const [i, example] of examples.entries()) {
    it(`has an example that does what it says: ${example.split("\n").find((line) => line.includes("→"))}`, () => {
      writeFileSync(file(i), withChecks(example));
      const { status, stderr } = execute(i);
      assert.equal(status, 0, stderr);
    });
  }

  it("has examples that a strict compiler accepts", () => {
    const options = [
      "--noEmit",
      "--strict",
      "--skipLibCheck",
      "--target",
      "es2023",
      "--module",
      "nodenext",
      "--types",
      "node",
    ];
    const files = examples.map((_, i) => file(i));
    const { status, stdout } = run(process.execPath, [
      "node_modules/typescript/bin/tsc",
      "--ignoreConfig",
      ...options,
      ...files,
    ]);
    assert.equal(status, 0, stdout);
  });

  it("would not get away with a wrong result (negative control)", () => {
    writeFileSync(file("wrong"), withChecks("1 + 1; // → 3\n"));
    assert.match(execute("wrong").stderr, /README says 3, but it is 2/);
    assert.deepEqual(brokenLinks("# A b\n[x](#a-b) [x](README.md) [x](#c) [x](none.md) [x](https://a)"), [
      "#c",
      "none.md",
    ]);
  });

  it("has links that lead somewhere, as has the changelog", () => {
    assert.deepEqual(brokenLinks(readme), []);
    assert.deepEqual(brokenLinks(readFileSync("CHANGELOG.md", "utf8")), []);
  });

  it("names every dependency with its reason, and every call", async () => {
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    const [, table] = readme.split("\n## Dependencies\n");
    for (const name of Object.keys(dependencies)) {
      assert.match(table, new RegExp(`^\\| (.*, )?${name.replace(/[/.]/g, "\\$&")}(,.*)? +\\|`, "m"), name);
    }
    const library: object = await import("wengert");
    const calls = Object.entries(library).filter(
      ([name, value]) => typeof value === "function" && /^[a-z]/.test(name),
    );
    const [, shown] = readme.split("\n## The calls\n");
    const kin = /^(erfc|polygamma|log1mexp|log1pexp|logistic|logit|xlog1py|xlogy|plotBundle|tableBundle)$/;
    for (const [name] of calls)
      if (!kin.test(name)) assert.ok(shown.includes(`\`${name}`), `${name} is not in the README`);
  });

  it("names the version that the package has, in the changelog", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    assert.ok(readFileSync("CHANGELOG.md", "utf8").includes(`## ${version}\n`));
  });
});
