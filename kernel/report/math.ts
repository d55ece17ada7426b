// Draws the mathematics of an HTML page. nbconvert leaves TeX in the page for a MathJax that the reader's browser
// would fetch from a CDN; here MathJax runs when the report is written, and the page carries the drawings (with
// hidden MathML for screen readers), so it needs neither network nor script.
// The delimiters are those of Jupyter's own configuration of MathJax.

import { createRequire } from "node:module";

interface MathJaxNode {
  readonly mathJaxNode: never;
}

interface MathJax {
  tex2svg(tex: string, options: { display: boolean }): MathJaxNode;
  svgStylesheet(): MathJaxNode;
  /** Starts the numbering of equations anew. */
  texReset(): void;
  startup: {
    adaptor: {
      outerHTML(node: MathJaxNode): string;
      textContent(node: MathJaxNode): string;
    };
  };
}

let loaded: Promise<MathJax> | undefined;

/** MathJax, loaded at the first formula. */
function mathJax(): Promise<MathJax> {
  loaded ??= (async () => {
    // The package has no types of its own: its entry is required, and MathJax above says what is used of it.
    const entry = createRequire(import.meta.url)("mathjax/es5/node-main.js");
    return (await entry.init({
      loader: {
        load: ["input/tex-full", "output/svg", "adaptors/liteDOM", "a11y/assistive-mml"],
        versionWarnings: false,
      },
      // An unknown command is an error to hear of, not red text to overlook.
      tex: { tags: "ams", packages: { "[-]": ["noundefined"] } },
    })) as MathJax;
  })();
  return loaded;
}

// What is passed over whole: elements whose text is no mathematics, comments, single tags.
const OPAQUE =
  /<(script|style|pre|code|textarea|svg|title|mjx-container)\b(?:"[^"]*"|'[^']*'|[^'">])*>[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->|<[a-z/!](?:"[^"]*"|'[^']*'|[^'">])*>/gi;

const FORMULA =
  /\\\$|\$\$([\s\S]+?)\$\$|\$((?:[^$\\]|\\[\s\S])+?)\$|\\\[([\s\S]+?)\\\]|\\\(([\s\S]+?)\\\)|(\\begin\{(\w+\*?)\}[\s\S]*?\\end\{\6\})/g;

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  nbsp: " ",
};

function decode(html: string): string {
  return html.replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16));
  });
}

/** A page whose formulas are drawn. */
export interface Typeset {
  readonly html: string;
  /** TeX that MathJax refused, with its reason. */
  readonly refused: readonly string[];
}

/** Replaces each TeX formula of `html` by its drawing; the style goes to the end of the head. */
export async function typesetMath(html: string): Promise<Typeset> {
  const refused: string[] = [];
  const pieces: string[] = [];
  let end = 0;
  let formulas = 0;
  const text = async (piece: string) => {
    if (!/[$\\]/.test(piece)) return piece;
    const parts: string[] = [];
    let last = 0;
    for (const match of piece.matchAll(FORMULA)) {
      const [whole, dollars, dollar, bracket, parenthesis, environment] = match;
      parts.push(piece.slice(last, match.index));
      last = match.index + whole.length;
      const display = dollars ?? bracket ?? environment;
      const tex = display ?? dollar ?? parenthesis;
      if (tex === undefined) {
        parts.push("$"); // an escaped dollar
        continue;
      }
      const engine = await mathJax();
      if (formulas === 0) engine.texReset();
      const drawn = engine.startup.adaptor.outerHTML(
        engine.tex2svg(decode(tex), { display: display !== undefined }),
      );
      const [, problem] = /data-mjx-error="([^"]*)"/.exec(drawn) ?? [];
      if (problem !== undefined) refused.push(`${decode(tex).trim()}: ${decode(problem)}`);
      parts.push(drawn);
      formulas++;
    }
    parts.push(piece.slice(last));
    return parts.join("");
  };
  for (const match of html.matchAll(OPAQUE)) {
    pieces.push(await text(html.slice(end, match.index)), match[0]);
    end = match.index + match[0].length;
  }
  pieces.push(await text(html.slice(end)));
  const drawn = pieces.join("");
  if (formulas === 0) return { html: drawn, refused };
  const { startup, svgStylesheet } = await mathJax();
  const style = `<style>${startup.adaptor.textContent(svgStylesheet())}</style>`;
  return { html: drawn.replace("</head>", () => `${style}</head>`), refused };
}
