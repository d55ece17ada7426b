/** What a peer is: its packages, and how it computes the gradients of some objectives, as its manual would have it. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { workFolder } from "../plain.ts";

export interface Gradient {
  /** Computes once, to the end; what a peer prepares, it has prepared before. */
  readonly run: () => unknown;
  /** The numbers of the gradient, in key order of the arguments. */
  readonly numbers: () => ArrayLike<number>;
}

export interface Peer {
  readonly packages: Readonly<Record<string, string>>;
  /** The kind of its numbers, or whatever else a reader of its times must know. */
  readonly note: string;
  /** Those that are measured on the objective's small size, because the peer takes no others. */
  readonly small?: boolean;
  readonly gradients: Readonly<Record<string, (...args: any[]) => Gradient | Promise<Gradient>>>;
}

export const peersFolder = join(workFolder, "peers");
const require = createRequire(join(peersFolder, "package.json"));

/** A package of the peers' folder. */
export const load = async (name: string): Promise<any> => import(pathToFileURL(require.resolve(name)).href);
