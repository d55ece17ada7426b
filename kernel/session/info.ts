/**
 * What the kernel says about itself: the content of `kernel_info_reply`.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { protocolVersion } from "../wire/message.ts";

const version = (url: URL | string): string => JSON.parse(readFileSync(url, "utf8")).version;
const packageOf = (name: string): string => createRequire(import.meta.url).resolve(`${name}/package.json`);

export const supportedFeatures = ["kernel subshells"];

export function kernelInfo() {
  const own = version(new URL("../../../package.json", import.meta.url));
  const typescript = version(packageOf("typescript"));
  const node = process.version.replace(/^v/, "");
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "wengert",
    implementation_version: own,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "javascript", typescript: true },
      nbconvert_exporter: "script",
    },
    banner: `Wengert ${own}: TypeScript ${typescript} on Node.js ${node}`,
    debugger: false,
    supported_features: supportedFeatures,
    help_links: [
      { text: "TypeScript handbook", url: "https://www.typescriptlang.org/docs/handbook/" },
      { text: "JavaScript reference", url: "https://developer.mozilla.org/docs/Web/JavaScript/Reference" },
      { text: "Node.js", url: `https://nodejs.org/docs/v${node}/api/` },
    ],
  };
}
