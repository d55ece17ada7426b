#!/usr/bin/env node
// The command `wengert`. One table holds its subcommands; help is written from the table, and each part is loaded
// only when its subcommand runs. Misuse ends with exit code 2 and says what was expected; a failure with 1.

import { existsSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";
import type { Place } from "./install/install.ts";
import type { Jupyter } from "./jupyter/find.ts";
import { version } from "./package.ts";

/** Thrown for a command line that makes no sense. */
class Misuse extends Error {}

type Values = Readonly<Record<string, string | boolean | string[] | undefined>>;

interface Command {
  /** How to write it, after the name. */
  readonly usage: string;
  readonly summary: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** One line for each option, for --help. */
  readonly explain: Readonly<Record<string, string>>;
  /** What may follow the options: nothing, files, or anything, which then is passed on. */
  readonly rest: "none" | "files" | "passed on";
  readonly run: (values: Values, rest: readonly string[]) => Promise<number>;
}

const GET_JUPYTER = { "get-jupyter": { type: "boolean" } } as const;
const GET_JUPYTER_HELP = {
  "--get-jupyter": "install Jupyter into .wengert/ (or from apt, as root) if there is none",
};

const PLACES = {
  user: { type: "boolean" },
  "sys-prefix": { type: "boolean" },
  prefix: { type: "string" },
} as const;
const PLACES_HELP = {
  "--user": "for this user",
  "--sys-prefix": "for the Python that has Jupyter",
  "--prefix DIR": "below DIR/share/jupyter",
};

const commands: Readonly<Record<string, Command>> = {
  install: {
    usage: "[--user | --sys-prefix | --prefix DIR]",
    summary: "registers the kernel with Jupyter (--user by default)",
    options: PLACES,
    explain: PLACES_HELP,
    rest: "none",
    run: async (values) => {
      const { install } = await import("./install/install.ts");
      console.log(`kernel installed in ${install(placeOf(values) ?? { kind: "user" })}`);
      return 0;
    },
  },
  uninstall: {
    usage: "[--user | --sys-prefix | --prefix DIR]",
    summary: "undoes install (everywhere that Jupyter looks, by default)",
    options: PLACES,
    explain: PLACES_HELP,
    rest: "none",
    run: async (values) => {
      const { uninstall } = await import("./install/install.ts");
      for (const folder of uninstall(placeOf(values))) console.log(`kernel removed from ${folder}`);
      return 0;
    },
  },
  report: {
    usage: "[NOTEBOOK…] [--out DIR] [--timeout SECONDS]",
    summary: "executes notebooks (notebooks/*.ipynb by default) and writes them as HTML pages with an index",
    options: {
      out: { type: "string", default: "reports" },
      timeout: { type: "string", default: "600" },
      ...GET_JUPYTER,
    },
    explain: {
      "--out DIR": "folder for the pages (reports)",
      "--timeout SECONDS": "longest time for one cell (600)",
      ...GET_JUPYTER_HELP,
    },
    rest: "files",
    run: report,
  },
  lab: {
    usage: "[option of Jupyter…]",
    summary: "opens JupyterLab, else Notebook, with the kernel and the notebooks",
    options: GET_JUPYTER,
    explain: GET_JUPYTER_HELP,
    rest: "passed on",
    run: async (values, options) => {
      const { LAB_MODULES } = await import("./jupyter/find.ts");
      const jupyter = await jupyterFor(LAB_MODULES, values);
      const { openLab } = await import("./lab.ts");
      return openLab(process.cwd(), jupyter, options);
    },
  },
  differentiate: {
    usage: "FILE --function NAME [--mode reverse|forward] [--wrt LIST] [--example JSON] [--out FILE]",
    summary: "writes the derivative of a function as a module of plain TypeScript that depends on nothing",
    options: {
      function: { type: "string" },
      mode: { type: "string", default: "reverse" },
      wrt: { type: "string" },
      example: { type: "string" },
      out: { type: "string" },
    },
    explain: {
      "--function NAME": "a function at the top of FILE",
      "--mode MODE": "reverse (default): value and gradient, or pullback; forward: value and tangent",
      "--wrt LIST": "positions or names of the parameters to differentiate by: 0,1 (all of them)",
      "--example JSON": "arguments, where the types of the parameters don't say their kinds: [1, [2, 3]]",
      "--out FILE": "where the module goes (else it is printed)",
    },
    rest: "files",
    run: differentiateFile,
  },
  jupyter: {
    usage: "[--with MODULE]…",
    summary: "prints the Python whose Jupyter the other commands use",
    options: { with: { type: "string", multiple: true }, ...GET_JUPYTER },
    explain: {
      "--with MODULE": "asks for one that has MODULE too",
      ...GET_JUPYTER_HELP,
    },
    rest: "none",
    run: async (values) => {
      const { REPORT_MODULES } = await import("./jupyter/find.ts");
      const more = Array.isArray(values.with) ? values.with : [];
      console.log((await jupyterFor([...REPORT_MODULES, ...more], values)).python);
      return 0;
    },
  },
};

async function report(values: Values, files: readonly string[]): Promise<number> {
  const timeout = Number(values.timeout);
  if (!(timeout > 0)) throw new Misuse(`--timeout takes a number of seconds; got ${values.timeout}`);
  const { notebooksIn, writeReports } = await import("./report/report.ts");
  for (const file of files) {
    if (!existsSync(file)) throw new Misuse(`no such notebook: ${file}`);
  }
  const notebooks =
    files.length === 0
      ? notebooksIn("notebooks")
      : files.flatMap((file) => (statSync(file).isDirectory() ? notebooksIn(file) : [file]));
  if (notebooks.length === 0) {
    throw new Misuse(
      `no notebooks found in ${resolve(files[0] ?? "notebooks")}; name the notebooks to report on`,
    );
  }
  const { REPORT_MODULES } = await import("./jupyter/find.ts");
  const jupyter = await jupyterFor(REPORT_MODULES, values);
  const out = String(values.out);
  const fine = await writeReports({
    project: process.cwd(),
    notebooks,
    out,
    jupyter,
    timeout,
    sink: process.stdout,
  });
  return fine ? 0 : 1;
}

async function differentiateFile(values: Values, files: readonly string[]): Promise<number> {
  const [file] = files;
  if (file === undefined || files.length > 1)
    throw new Misuse(`differentiate takes one file; got ${file === undefined ? "none" : files.join(" ")}`);
  if (!existsSync(file)) throw new Misuse(`no such file: ${file}`);
  if (typeof values.function !== "string")
    throw new Misuse("differentiate needs the name of a function: --function NAME");
  const { mode, wrt, out } = values;
  if (mode !== "reverse" && mode !== "forward")
    throw new Misuse(`--mode takes reverse or forward; got ${mode}`);
  if (typeof out === "string" && existsSync(out) && realpathSync(out) === realpathSync(file))
    throw new Misuse(`--out ${out} is the file that the function is in; name another one`);
  const { differentiate, Refusal } = await import("../lib/ahead/index.ts");
  const quoted = (text: string): string => (/^[\w./,:@=+-]+$/.test(text) ? text : `'${text}'`);
  const given = ["function", "mode", "wrt", "example", "out"].flatMap((name) => {
    const value = values[name];
    return typeof value !== "string" || (name === "mode" && value === "reverse")
      ? []
      : [`--${name}`, quoted(value)];
  });
  try {
    const text = differentiate({
      file,
      function: values.function,
      mode,
      wrt: typeof wrt === "string" ? wrt.split(",").map((name) => name.trim()) : null,
      example: typeof values.example === "string" ? exampleOf(values.example) : null,
      command: ["npx wengert differentiate", quoted(file), ...given].join(" "),
    });
    if (typeof out === "string") writeFileSync(out, text);
    else process.stdout.write(text);
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { construct, wayOut, place } = error;
    const where = place ? `${place.file}:${place.line}:${place.column}` : file;
    process.stderr.write(`${where}: ${construct}; ${wayOut}\n`);
    return 1;
  }
}

function exampleOf(text: string): unknown[] {
  try {
    const example: unknown = JSON.parse(text);
    if (Array.isArray(example)) return example;
  } catch {
    // said below
  }
  throw new Misuse(`--example takes the arguments as a JSON list, such as [1, [2, 3]]; got ${text}`);
}

async function jupyterFor(modules: readonly string[], values: Values): Promise<Jupyter> {
  const { findJupyter, interpreterOf, probe } = await import("./jupyter/find.ts");
  const { getJupyter, missingText } = await import("./jupyter/get.ts");
  const { privateEnvironment } = await import("./jupyter/environment.ts");
  const environment = privateEnvironment(process.cwd());
  if (values["get-jupyter"] === true) {
    return getJupyter({
      modules,
      environment,
      say: (line) => process.stderr.write(`${line}\n`),
    });
  }
  const found = findJupyter({ modules }) ?? probe(interpreterOf(environment), modules);
  if (found === undefined) throw new Error(missingText({ modules }));
  return found;
}

function placeOf(values: Values): Place | undefined {
  const given = Object.keys(PLACES).filter((name) => values[name] !== undefined);
  if (given.length > 1)
    throw new Misuse(`one place at a time; got ${given.map((name) => `--${name}`).join(" and ")}`);
  switch (given[0]) {
    case undefined:
      return undefined;
    case "prefix":
      return { kind: "prefix", folder: String(values.prefix) };
    default:
      return { kind: given[0] as "user" | "sys-prefix" };
  }
}

function help(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).flatMap(([name, { usage, summary, explain }]) => [
    `  ${name.padEnd(width)}  ${usage}`,
    `  ${" ".repeat(width)}    ${summary}`,
    ...Object.entries(explain).map(
      ([option, text]) => `  ${" ".repeat(width)}    ${option.padEnd(18)} ${text}`,
    ),
  ]);
  return ["usage: wengert COMMAND …", "", ...lines, "", "  --version, --help"].join("\n");
}

/** Splits what Jupyter shall get from what is ours, for a command that passes options on. */
function splitOptions(args: readonly string[], ours: Command["options"]): { own: string[]; rest: string[] } {
  const isOurs = (arg: string) =>
    arg === "--help" || (arg.startsWith("--") && Object.hasOwn(ours, arg.slice(2)));
  return {
    own: args.filter(isOurs),
    rest: args.filter((arg) => !isOurs(arg) && arg !== "--"),
  };
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...given] = args;
  if (name === "--version" || name === "-v") {
    console.log(version());
    return 0;
  }
  if (name === "--help" || name === "-h" || name === "help") {
    console.log(help());
    return 0;
  }
  if (name === undefined) throw new Misuse("a command is missing");
  if (!Object.hasOwn(commands, name)) throw new Misuse(`unknown command ${name}`);
  const command = commands[name];
  const passes = command.rest === "passed on";
  const { own, rest } = passes ? splitOptions(given, command.options) : { own: given, rest: [] };
  const { values, positionals } = parse(own, command);
  if (values.help === true) {
    console.log(`usage: wengert ${name} ${command.usage}\n${command.summary}`);
    for (const [option, text] of Object.entries(command.explain))
      console.log(`  ${option.padEnd(18)} ${text}`);
    return 0;
  }
  if (command.rest === "none" && positionals.length > 0) {
    throw new Misuse(`${name} takes no further arguments; got ${positionals.join(" ")}`);
  }
  return command.run(values, passes ? rest : positionals);
}

function parse(args: string[], command: Command): { values: Values; positionals: string[] } {
  try {
    const options = {
      ...command.options,
      help: { type: "boolean", short: "h" },
    } as const;
    const { values, positionals } = parseArgs({
      args,
      options,
      allowPositionals: true,
    });
    return { values: values as Values, positionals };
  } catch (error) {
    const [message] = (error as Error).message.split(/\. |\n/);
    throw new Misuse(message.charAt(0).toLowerCase() + message.slice(1));
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const misuse = error instanceof Misuse;
    process.stderr.write(
      `wengert: ${(error as Error).message}${misuse ? " (wengert --help tells more)" : ""}\n`,
    );
    process.exitCode = misuse ? 2 : 1;
  },
);
