/** Talking to the desk: JSON in and out, errors as sentences. */

/** What the desk refused, or that it cannot be reached. `status` 0 means no connection. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly body: unknown,
  ) {
    super(message);
  }
}

interface Page {
  base: string;
  token: string;
  language: "en" | "zh";
}

let page: Page = { base: "/studio", token: "", language: "en" };

/** Tell where the desk is; called once by `main`. */
export function connect(values: Page): void {
  page = values;
}

/** The console's language. */
export function language(): "en" | "zh" {
  return page.language;
}

async function send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", "X-CSRFToken": page.token };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(page.base + path, {
      method,
      headers,
      credentials: "same-origin",
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError("", 0, null);
  }
  if (response.ok) return response;
  const answer: unknown = await response.json().catch(() => null);
  const sentence = answer && typeof answer === "object" && "error" in answer ? String(answer.error) : "";
  throw new ApiError(sentence, response.status, answer);
}

/** GET; the answer as JSON. Raises ApiError. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await send("GET", path, undefined, signal)).json() as Promise<T>;
}

/** POST, PUT or DELETE with a JSON body; the answer as JSON. Raises ApiError. */
export async function call<T>(
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<T> {
  return (await send(method, path, body, signal)).json() as Promise<T>;
}

/** POST that answers with a sound or a file. Raises ApiError. */
export async function fetchBlob(path: string, body: unknown): Promise<Blob> {
  return (await send("POST", path, body)).blob();
}
