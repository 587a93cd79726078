/** The shapes that the desk and the editor exchange. Nothing here runs. */

/** Text per language of the console, {"en": …, "zh": …}. */
export type Words = Record<string, string>;

/** A node as the document has it: plain data, `type` first. Fields depend on the type; the schema tells which. */
export interface NodeData {
  type: string;
  label?: string;
  exits?: Record<string, string>;
  [field: string]: unknown;
}

/** A sticky note: place and size in canvas units. */
export interface Note {
  id: string;
  text: string;
  x: number;
  y: number;
  width?: number;
  height?: number;
}

/** A flow document as plain data; it may be half-made. */
export interface FlowDocument {
  format?: number;
  name: string;
  title?: Words;
  description?: string;
  languages: string[];
  start: string;
  nodes: Record<string, NodeData>;
  layout?: Record<string, [number, number]>;
  notes?: Note[];
  [field: string]: unknown;
}

export type Level = "error" | "warning";

/** One finding of the lint, already in the reader's language. `field` is a dotted path within the node. */
export interface Problem {
  rule: string;
  level: Level;
  node: string;
  field: string;
  message: string;
  fix: string;
}

/** JSON Schema, as far as the forms read it. See docs/reference/flow_schema for the x- keywords. */
export interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  additionalProperties?: Schema | boolean;
  $ref?: string;
  $defs?: Record<string, Schema>;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  "x-title"?: Words;
  "x-help"?: Words;
  "x-widget"?: Widget;
  "x-advanced"?: boolean;
  /** Other fields of the same object with the values with which this field has a meaning. */
  "x-when"?: Record<string, string[]>;
  "x-enum-titles"?: Record<string, Words>;
  [keyword: string]: unknown;
}

/** How a field is edited when its plain JSON type does not say enough. */
export type Widget =
  | "prompt" // Localized: one text per language, with seconds, play button, audio file
  | "words" // words per language ({"en-US": [..]} or [..]): chips
  | "expression" // one expression, with completion
  | "template" // text with {{ holes }}, with completion
  | "node" // name of a node of this flow
  | "flow" // name of another flow
  | "value" // name of a variable that is set
  | "values" // mapping of name to expression
  | "hours" // weekly opening hours
  | "zone" // IANA time zone
  | "language" // one of the document's languages
  | "json"; // anything

/** A node type, for palette, cards and forms. */
export interface NodeType {
  type: string;
  title: Words;
  summary: Words;
  group: string;
  icon: string;
  asks: boolean;
  /** Fixed exits, or null when they depend on the node's fields. */
  exits: string[] | null;
  schema: Schema;
  /** A new node of this type for the given languages, exits unwired. */
  template: NodeData;
}

/** GET /studio/types */
export interface Types {
  types: NodeType[];
  groups: { key: string; title: Words }[];
  /** Schema of the document's own settings (without nodes, layout, notes). */
  settings: Schema;
  $defs: Record<string, Schema>;
  functions: { name: string; signature: string; help: Words }[];
  filters: { name: string; signature: string; help: Words }[];
}

/** An exit of one node of the document under work. */
export interface Exit {
  name: string;
  /** What people call it: a choice's label, a word. */
  word: string;
  required: boolean;
}

export interface Line {
  number: string;
  label: string;
  runs_draft: boolean;
}

export interface KnownFlow {
  name: string;
  title: Words;
  ends: string[];
  variables: Record<string, { description: string }>;
}

/** GET /studio/<name> */
export interface Opening {
  name: string;
  document: FlowDocument;
  /** Where the document comes from. */
  origin: "draft" | "published";
  /** Revision of the draft, 0 when there is none yet. */
  revision: number;
  saved_at: string | null;
  saved_by: string;
  published: { number: number; at: string; by: string } | null;
  may_edit: boolean;
  may_publish: boolean;
  lines: Line[];
  /** The number that runs drafts and can be called from the phone page, "" for none. */
  test_number: string;
  flows: KnownFlow[];
  links: { page: string; versions: string; missed: string; phone: string; calls: string };
}

/** POST /studio/<name>/check {document, node?} */
export interface Check {
  problems: Problem[];
  errors: number;
  warnings: number;
  exits: Record<string, Exit[]>;
  /** First words of each node in each of the document's languages, for cards: node → language → text. */
  first_words: Record<string, Record<string, string>>;
  /** About the node asked for. */
  node: {
    name: string;
    /** Seconds when spoken: dotted path with language ("prompt.en-US", "choices.0.label.zh-CN") → seconds. */
    seconds: Record<string, number>;
    /** Values known when the call is at the node. */
    known: { name: string; set_by: string; description: string }[];
  } | null;
  ms: number;
}

/** PUT /studio/<name>/draft {document, revision, base} → 200, or 409 with Conflict. `base` is the number of the published
 * version that the document grew from, 0 for none; it counts where there is no draft yet (revision 0). */
export interface Saved {
  revision: number;
  saved_at: string;
}

export interface Conflict {
  error: string;
  revision: number;
  updated_by: string;
  updated_at: string;
  /** Number of the version in force, 0 for none. */
  published?: number;
  theirs: FlowDocument;
}

/** What is done with a flow while it is tried: the steps of a scenario. Exactly one key each. */
export type Step =
  | { press: string }
  | { say: string | { text: string; confidence: number | null } }
  | { silence: true }
  | { hang_up: true }
  | { wait: string }
  | { hear: string | string[] }
  | { expect: Expect };

export interface Expect {
  node?: string;
  nodes?: string[];
  outcome?: string;
  ended_by?: string;
  ticket?: Record<string, string>;
  tickets?: number;
  sms?: Record<string, string>;
  heard_in_order?: string[];
  not_heard?: string[];
}

/** A scenario: the same format as `make call ARGS="--script FILE"` plays, with setting and lookups. */
export interface Scenario {
  name?: string;
  description?: string;
  call: { to?: string; from?: string; language?: string };
  setting?: {
    at?: string;
    caller_name?: string;
    vip?: boolean;
    values?: Record<string, unknown>;
    outbound?: boolean;
    transfers?: Record<string, string[]>;
    tickets?: { number: string; subject?: string; status?: string }[];
  };
  /** Answers of lookups by node name, taken in order, the last one again and again. */
  lookups?: Record<string, { outcome: string; status?: number | null; body?: unknown }[]>;
  steps: Step[];
  expect?: Expect;
}

/** One exchange of a rehearsal: what was done, and what came of it. */
export interface Exchange {
  /** Index into the scenario's steps that brought it, -1 for the start of the call. */
  step: number;
  heard: { kind: string; [key: string]: unknown };
  said: { kind: string; text: string; language: string }[];
  /** Nodes entered and the exits they were left by, in order. `flow` is "" for the flow under work. */
  path: { flow: string; node: string; exit: string }[];
  node: string;
  flow: string;
  language: string;
  values: Record<string, unknown>;
  /** What the house was told, for people: one sentence each. */
  notes: string[];
  waits_for: string;
  /** What may be answered now: keys with their exits' words, phrases that are understood. */
  choices: { press: string; word: string }[];
  hints: string[];
  ended: boolean;
  outcome: string;
}

/** POST /studio/<name>/try {document, scenario} */
export interface Rehearsal {
  exchanges: Exchange[];
  tickets: Record<string, unknown>[];
  messages: { to: string; body: string }[];
  /** Steps that could not be taken, with a sentence. */
  failures: { step: number; message: string }[];
  ended: boolean;
  outcome: string;
  ms: number;
}

/** A saved test. */
export interface SavedTest {
  id: number;
  name: string;
  origin: string;
  yaml: string;
  scenario: Scenario;
  updated_at: string;
  updated_by: string;
}

export interface TestResult {
  /** 0 for a test that is not saved. */
  id: number;
  name: string;
  passed: boolean;
  failures: { step: number; message: string }[];
  ms: number;
}

/** What the tests reach. Exits are keyed "node exit" with one space. */
export interface Coverage {
  nodes: Record<string, number>;
  exits: Record<string, number>;
  uncovered_nodes: string[];
  uncovered_exits: [string, string][];
  /** Covered part of all exits, 0 to 1. */
  ratio: number;
}

/** POST /studio/<name>/tests/run {document, ids?} */
export interface TestRun {
  results: TestResult[];
  coverage: Coverage;
  ms: number;
}

/** POST /studio/<name>/tests/propose {document, ids?} */
export interface Proposals {
  proposals: { name: string; scenario: Scenario; yaml: string; covers: [string, string][] }[];
  unreached: { node: string; exit: string; reason: string }[];
  ms: number;
}

/** POST /studio/<name>/replay {document, days, version?} */
export interface Replay {
  version: number;
  calls: number;
  same: number;
  different: ReplayedCall[];
  /** Different calls that are only counted. */
  more?: number;
  skipped: { reason: string; count: number }[];
  ms: number;
}

export interface ReplayedCall {
  id: number;
  started_at: string;
  caller: string;
  url: string;
  /** Index of the first exchange that differs. */
  parts_at: number;
  before: ReplaySide;
  after: ReplaySide;
}

export interface ReplaySide {
  outcome: string;
  node: string;
  path: string[];
  turns: { heard: string; said: string; node: string }[];
  /** In what the draft's side differs, in the reader's language; "" on the real call's side. */
  sentence?: string;
}

/** GET /studio/<name>/heat?version=&days= */
export interface Heat {
  version: number;
  versions: number[];
  from: string;
  to: string;
  calls: number;
  nodes: Record<string, NodeHeat>;
  /** node → exit → callers who left by it. */
  exits: Record<string, Record<string, number>>;
  /** Address of the list of calls; {node} is put in. */
  calls_url: string;
}

/** Callers, not visits: each counts once per node. */
export interface NodeHeat {
  entered: number;
  hung_up: number;
  failed: number;
  person: number;
  no_match: number;
  no_input: number;
}

/** One part of two texts laid side by side. */
export interface WordPart {
  kind: "same" | "out" | "in";
  text: string;
}

export interface Difference {
  added: string[];
  removed: string[];
  changed: Record<string, FieldChange[]>;
  settings: FieldChange[];
}

export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
  words: WordPart[];
}

export interface Dependent {
  kind: "line" | "flow" | "campaign";
  name: string;
  title: string;
  url: string;
  breaks: boolean;
  sentence: string;
}

/** POST /studio/<name>/preview {document}: what publishing would do. */
export interface PublishPreview {
  difference: Difference;
  problems: Problem[];
  tests: TestResult[];
  dependents: Dependent[];
  /** Why it is refused without a reason, a sentence each; [] when nothing is in the way. */
  blockers: string[];
  next_number: number;
}

/** POST /studio/<name>/publish {revision, note, override_reason} → 200 {number} | 409 Conflict | 422 */
export interface PublishRefused {
  error: string;
  blockers: string[];
}

export interface Version {
  number: number;
  at: string;
  by: string;
  note: string;
  override_reason: string;
  in_force: boolean;
  /** Times it came back into force, the latest first. */
  returns?: { at: string; by: string; note: string }[];
}
