/**
 * Scopes: which declaration each name of a program means.
 *
 * What: one pass that builds the tree of scopes and resolves every identifier; with it, what is assigned to each
 * variable, from which activity.ts tells what it can hold. Reference: ECMA-262, section 9.1 (environment records).
 */
import { type Activity, inferActivity } from "./activity.ts";
import { forEachChild, isFunction, type Node } from "./syntax.ts";

export interface Binding {
  readonly name: string;
  readonly kind: "var" | "let" | "const" | "param" | "function" | "class" | "catch" | "import";
  readonly scope: Scope;
  readonly node: Node;
  /** Every expression assigned to it; `null` stands for a value that the analysis does not follow. */
  readonly assigned: (Node | null)[];
  /** Whether a function other than the declaring one assigns to it. */
  assignedInside: boolean;
  /** Whether other modules see it as a live binding. */
  exported: boolean;
  /** Whether it is assigned at all after its declaration. */
  reassigned: boolean;
  /** Places where it is read, with the node around each. */
  readonly reads: { node: Node; parent: Node; owner: Node }[];
  /** The functions (or the program) that assign to it. */
  readonly writers: Set<Node>;
  activity: Activity;
}

export class Scope {
  readonly bindings = new Map<string, Binding>();
  constructor(
    readonly parent: Scope | null,
    readonly node: Node,
    /** The function (or program) that this scope belongs to. */
    readonly owner: Node,
  ) {}
  lookup(name: string): Binding | null {
    for (let scope: Scope | null = this; scope; scope = scope.parent) {
      const binding = scope.bindings.get(name);
      if (binding) return binding;
    }
    return null;
  }
}

export interface Scopes {
  /** The binding of each identifier that is a variable (absent: a global). */
  readonly bindingOf: Map<Node, Binding>;
  readonly scopeOf: Map<Node, Scope>;
  /** The node around each function, and the function (or program, static block, field) that it is made in. */
  readonly around: ReadonlyMap<Node, { readonly parent: Node; readonly owner: Node }>;
  /** Functions that hold a direct `eval` or a `with`, where a name may mean anything. */
  readonly withEval: Set<Node>;
  /** Functions that hold what means something else, or nothing, in another place: `super`, `import()`, another's `this`. */
  readonly rooted: Set<Node>;
  /** Functions that hold private names, which have a meaning inside of their class alone. */
  readonly privately: Set<Node>;
  /** The uses of names that nothing here declares. */
  readonly unbound: readonly { readonly name: string; readonly owner: Node; readonly written: boolean }[];
}

/** What may hold a statement, and with it a `var`, of the function around. */
const statementHolders = new Set(
  (
    "Program BlockStatement IfStatement ForStatement ForInStatement ForOfStatement WhileStatement DoWhileStatement " +
    "TryStatement CatchClause SwitchStatement SwitchCase LabeledStatement WithStatement ExportNamedDeclaration"
  ).split(" "),
);
const functionScopeKinds = new Set(["Program", "StaticBlock"]);

export function analyzeScopes(program: Node): Scopes {
  const bindingOf = new Map<Node, Binding>();
  const scopeOf = new Map<Node, Scope>();
  const around = new Map<Node, { parent: Node; owner: Node }>();
  const withEval = new Set<Node>();
  const rooted = new Set<Node>();
  const privately = new Set<Node>();
  const pending: { node: Node; parent: Node; scope: Scope; write: Node | null | undefined }[] = [];

  function declare(scope: Scope, name: Node, kind: Binding["kind"], value: Node | null | undefined): void {
    let binding = scope.bindings.get(name.name);
    if (!binding) {
      binding = {
        name: name.name,
        kind,
        scope,
        node: name,
        assigned: [],
        assignedInside: false,
        exported: false,
        reassigned: false,
        reads: [],
        writers: new Set(),
        activity: "number",
      };
      scope.bindings.set(name.name, binding);
    } else if (binding.kind === "param" || binding.kind === "var") binding.reassigned = true;
    if (value !== undefined) binding.assigned.push(value);
    bindingOf.set(name, binding);
  }
  /** The names of a pattern; `value` is what a plain name gets, parts of patterns are not followed. */
  function declarePattern(
    scope: Scope,
    pattern: Node,
    kind: Binding["kind"],
    value: Node | null | undefined,
  ) {
    if (pattern.type === "Identifier") declare(scope, pattern, kind, value);
    else for (const name of patternNames(pattern)) declare(scope, name, kind, null);
  }
  function functionScope(scope: Scope): Scope {
    let s = scope;
    while (!(isFunction(s.node) || functionScopeKinds.has(s.node.type))) s = s.parent!;
    return s;
  }

  /** Hoists the declarations of a block (let, const, class, function), and vars to the function's scope. */
  function hoist(statements: Node[], scope: Scope): void {
    for (const statement of statements) {
      const node = statement.declaration ?? statement;
      if (node.type === "FunctionDeclaration" && node.id) declare(scope, node.id, "function", node);
      else if (node.type === "ClassDeclaration" && node.id) declare(scope, node.id, "class", node);
      else if (node.type === "VariableDeclaration" && node.kind !== "var")
        for (const d of node.declarations)
          declarePattern(scope, d.id, node.kind === "let" ? "let" : "const", d.init ?? undefined);
      else if (node.type === "ImportDeclaration")
        for (const s of node.specifiers) declare(scope, s.local, "import", null);
    }
  }
  function hoistVars(node: Node, scope: Scope): void {
    if (node.type === "VariableDeclaration" && node.kind === "var")
      for (const d of node.declarations) declarePattern(scope, d.id, "var", undefined);
    else if (statementHolders.has(node.type)) forEachChild(node, (child) => hoistVars(child, scope));
  }

  function enterFunction(node: Node, outer: Scope): void {
    let scope = outer;
    if (node.type === "FunctionExpression" && node.id) {
      scope = new Scope(outer, node.id, node);
      declare(scope, node.id, "function", node);
    }
    scope = new Scope(scope, node, node);
    scopeOf.set(node, scope);
    for (const param of node.params) declarePattern(scope, param, "param", null);
    for (const param of node.params) visitPattern(param, node, scope);
    if (node.body.type === "BlockStatement") {
      hoistVars(node.body, scope);
      hoist(node.body.body, scope);
      scopeOf.set(node.body, scope);
      for (const statement of node.body.body) visit(statement, node.body, scope);
    } else visit(node.body, node, scope);
  }
  /** The expressions inside a pattern (defaults, computed keys), and members that an assignment writes. */
  function visitPattern(pattern: Node, parent: Node, scope: Scope): void {
    if (pattern.type === "Identifier") return;
    if (pattern.type === "AssignmentPattern") {
      visitPattern(pattern.left, pattern, scope);
      visit(pattern.right, pattern, scope);
    } else if (pattern.type === "ObjectPattern") {
      for (const p of pattern.properties) {
        if (p.computed) visit(p.key, p, scope);
        visitPattern(p.type === "RestElement" ? p.argument : p.value, p, scope);
      }
    } else if (pattern.type === "ArrayPattern") {
      for (const e of pattern.elements) if (e) visitPattern(e, pattern, scope);
    } else if (pattern.type === "RestElement") visitPattern(pattern.argument, pattern, scope);
    else visit(pattern, parent, scope);
  }
  function write(target: Node, parent: Node, scope: Scope, value: Node | null): void {
    if (target.type === "Identifier") pending.push({ node: target, parent, scope, write: value });
    else {
      for (const name of patternNames(target)) pending.push({ node: name, parent, scope, write: null });
      visitPattern(target, parent, scope);
    }
  }
  /** Notes that something is in a function, and so in all around it. */
  function note(where: Set<Node>, scope: Scope): void {
    for (let s: Scope | null = scope; s; s = s.parent) where.add(s.owner);
  }
  /** `this`, `arguments` and `new.target` of an arrow function are those of the function around. */
  function noteOwn(scope: Scope): void {
    for (let s = scope; s.owner.type === "ArrowFunctionExpression"; s = s.parent!) rooted.add(s.owner);
  }
  function inBlock(node: Node, scope: Scope, statements: Node[]): Scope {
    const block = new Scope(scope, node, scope.owner);
    scopeOf.set(node, block);
    hoist(statements, block);
    return block;
  }

  function visit(node: Node, parent: Node, scope: Scope): void {
    switch (node.type) {
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        around.set(node, { parent, owner: scope.owner });
        if (node.async) note(rooted, scope);
        enterFunction(node, scope);
        return;
      case "ClassDeclaration":
      case "ClassExpression": {
        if (node.superClass) visit(node.superClass, node, scope);
        const inner = new Scope(scope, node, scope.owner);
        scopeOf.set(node, inner);
        if (node.id) {
          declare(inner, node.id, "class", node);
          if (node.type === "ClassDeclaration") {
            const outer = scope.lookup(node.id.name);
            if (outer) bindingOf.set(node.id, outer);
          }
        }
        for (const member of node.body.body) {
          if (member.type === "StaticBlock") {
            const block = new Scope(inner, member, member);
            scopeOf.set(member, block);
            for (const s of member.body) hoistVars(s, block);
            hoist(member.body, block);
            for (const s of member.body) visit(s, member, block);
            continue;
          }
          if (member.computed) visit(member.key, member, inner);
          if (!member.value) continue;
          if (member.type === "PropertyDefinition") {
            const field = new Scope(inner, member, member);
            scopeOf.set(member, field);
            visit(member.value, member, field);
          } else visit(member.value, member, inner);
        }
        return;
      }
      case "Identifier":
        pending.push({ node, parent, scope, write: undefined });
        if (node.name === "arguments") noteOwn(scope);
        return;
      case "ThisExpression":
        noteOwn(scope);
        return;
      case "Super":
        note(rooted, scope);
        return;
      case "PrivateIdentifier":
        note(privately, scope);
        return;
      case "ImportExpression":
        note(rooted, scope);
        break;
      case "VariableDeclaration":
        for (const d of node.declarations) {
          visitPattern(d.id, d, scope);
          if (d.init) visit(d.init, d, scope);
          if (node.kind === "var" && d.init)
            write(d.id, d, scope, d.id.type === "Identifier" ? d.init : null);
        }
        return;
      case "AssignmentExpression":
        write(node.left, node, scope, node.operator === "=" ? node.right : node);
        if (node.left.type === "Identifier" && node.operator !== "=")
          pending.push({ node: node.left, parent: node, scope, write: undefined });
        visit(node.right, node, scope);
        return;
      case "UpdateExpression":
        if (node.argument.type === "Identifier") {
          pending.push({ node: node.argument, parent: node, scope, write: node });
          pending.push({ node: node.argument, parent: node, scope, write: undefined });
        } else visit(node.argument, node, scope);
        return;
      case "MemberExpression":
        visit(node.object, node, scope);
        if (node.computed || node.property.type === "PrivateIdentifier") visit(node.property, node, scope);
        return;
      case "Property":
        if (node.computed) visit(node.key, node, scope);
        visit(node.value, node, scope);
        return;
      case "CallExpression":
        if (node.callee.type === "Identifier" && node.callee.name === "eval") note(withEval, scope);
        break;
      case "WithStatement":
        note(withEval, scope);
        break;
      case "LabeledStatement":
        visit(node.body, node, scope);
        return;
      case "BreakStatement":
      case "ContinueStatement":
      case "ImportDeclaration":
        return;
      case "MetaProperty":
        if (node.meta.name === "import") note(rooted, scope);
        else noteOwn(scope);
        return;
      case "ExportNamedDeclaration":
        if (node.declaration) visit(node.declaration, node, scope);
        else if (!node.source) for (const s of node.specifiers) visit(s.local, s, scope);
        for (const name of exportedNames(node)) {
          const binding = scope.lookup(name.name);
          if (binding) binding.exported = true;
        }
        return;
      case "BlockStatement": {
        const block = inBlock(node, scope, node.body);
        for (const s of node.body) visit(s, node, block);
        return;
      }
      case "SwitchStatement": {
        visit(node.discriminant, node, scope);
        const block = inBlock(
          node,
          scope,
          node.cases.flatMap((c: Node) => c.consequent),
        );
        for (const c of node.cases) {
          if (c.test) visit(c.test, c, block);
          for (const s of c.consequent) visit(s, c, block);
        }
        return;
      }
      case "ForStatement": {
        const block = inBlock(node, scope, node.init?.type === "VariableDeclaration" ? [node.init] : []);
        for (const part of [node.init, node.test, node.update, node.body]) if (part) visit(part, node, block);
        return;
      }
      case "ForInStatement":
      case "ForOfStatement": {
        const block = new Scope(scope, node, scope.owner);
        scopeOf.set(node, block);
        visit(node.right, node, scope);
        if (node.left.type === "VariableDeclaration") {
          const { kind, declarations } = node.left;
          const target = declarations[0].id;
          if (kind === "var") write(target, node, scope, null);
          else {
            for (const name of patternNames(target))
              declare(block, name, kind === "let" ? "let" : "const", null);
            visitPattern(target, node, block);
          }
        } else write(node.left, node, scope, null);
        visit(node.body, node, block);
        return;
      }
      case "CatchClause": {
        const block = new Scope(scope, node, scope.owner);
        scopeOf.set(node, block);
        if (node.param) {
          for (const name of patternNames(node.param)) declare(block, name, "catch", null);
          visitPattern(node.param, node, block);
        }
        visit(node.body, node, block);
        return;
      }
    }
    forEachChild(node, (child) => visit(child, node, scope));
  }

  const top = new Scope(null, program, program);
  scopeOf.set(program, top);
  hoistVars(program, top);
  hoist(program.body, top);
  for (const statement of program.body) visit(statement, program, top);

  const bindings = new Set<Binding>();
  const unbound: { name: string; owner: Node; written: boolean }[] = [];
  for (const { node, parent, scope, write: value } of pending) {
    const binding = scope.lookup(node.name);
    if (!binding) {
      unbound.push({ name: node.name, owner: scope.owner, written: value !== undefined });
      continue;
    }
    bindingOf.set(node, binding);
    if (value === undefined) {
      binding.reads.push({ node, parent, owner: scope.owner });
      continue;
    }
    binding.assigned.push(value);
    binding.writers.add(scope.owner);
    if (parent.type !== "VariableDeclarator" || binding.kind !== "var" || binding.assigned.length > 1)
      binding.reassigned = true;
    if (functionScope(scope).owner !== binding.scope.owner) binding.assignedInside = true;
  }
  for (const binding of bindingOf.values()) bindings.add(binding);
  inferActivity(bindings, bindingOf);
  return { bindingOf, scopeOf, around, withEval, rooted, privately, unbound };
}

/** The variables of the module that an export declaration hands to others. */
function exportedNames(node: Node): Node[] {
  const { declaration } = node;
  if (node.source) return [];
  if (!declaration) return node.specifiers.map((s: Node) => s.local);
  return declaration.type === "VariableDeclaration"
    ? declaration.declarations.flatMap((d: Node) => patternNames(d.id))
    : [];
}

/** The identifiers that a pattern binds. */
export function patternNames(pattern: Node, names: Node[] = []): Node[] {
  switch (pattern.type) {
    case "Identifier":
      names.push(pattern);
      break;
    case "AssignmentPattern":
      patternNames(pattern.left, names);
      break;
    case "RestElement":
      patternNames(pattern.argument, names);
      break;
    case "ArrayPattern":
      for (const element of pattern.elements) if (element) patternNames(element, names);
      break;
    case "ObjectPattern":
      for (const p of pattern.properties) patternNames(p.type === "RestElement" ? p : p.value, names);
  }
  return names;
}
