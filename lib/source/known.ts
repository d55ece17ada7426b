/**
 * The static block by which an annotated class makes its members known.
 *
 * What: `Known` gathers what the annotation finds in a class (annotate-members.ts) and writes it as calls of the registry
 * (registry.ts). Why a static block: it runs once, when the class is made, and sees its private names.
 */

export class Known {
  /** As the registry's `methods` takes them. */
  readonly methods: string[] = [];
  /** As the registry's `twins` takes them. */
  readonly twins: string[] = [];
  accessors = false;
  #evaluates = false;
  /** `w` names the recorder. */
  constructor(
    private readonly w: string,
    private readonly prefix: string,
  ) {}

  /** The name of what compiles a text within the class, where its own name and private ones have their meaning. */
  get evaluate(): string {
    this.#evaluates = true;
    return `${this.prefix}e`;
  }
  text(): string {
    const { w, prefix, methods, twins } = this;
    let text = this.#evaluates ? `const ${prefix}e = (${prefix}t) => eval(${prefix}t);` : "";
    if (methods.length > 0) text += `${w}.methods(this, [${methods.join(", ")}]);`;
    if (this.accessors) text += `${w}.accessors(this);`;
    if (twins.length > 0) text += `${w}.twins(this, [${twins.join(", ")}]);`;
    return text && `static {${text}}`;
  }
}
