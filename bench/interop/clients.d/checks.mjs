// Checks of one client library: functions passed to run(), reported as checks.py reports them.
import fs from "node:fs";
import { isDeepStrictEqual } from "node:util";

export const URL = process.env.ROOTSTOCK_URL;
export const MODEL = process.env.ROOTSTOCK_MODEL;
export const TOKEN = fs.readFileSync(process.env.ROOTSTOCK_AUTH_TOKEN_FILE, "utf8").trim();
export const QUESTION = "What is 2+2?"; // SmolLM2 answers it in eleven tokens
export const WEATHER = "What is the weather in Paris?";
export const REPORT = "Sunny, 21 degrees";
export const TOO_LONG = "many words ".repeat(12_000);
export const CITY = {
  type: "object", properties: { city: { type: "string", enum: ["Paris"] } }, required: ["city"], additionalProperties: false,
};

const body = { model: MODEL, messages: [{ role: "user", content: QUESTION }], temperature: 0, max_tokens: 24 };
const response = await fetch(`${URL}/chat/completions`, {
  method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json", authorization: `Bearer ${TOKEN}` },
});
const reply = await response.json();
// The completion of the question by a plain HTTP request.
export const text = reply.choices[0].message.content;
export const usage = [reply.usage.prompt_tokens, reply.usage.completion_tokens];

// Port of a service of this machine.
export function port(service = "inference") {
  return JSON.parse(fs.readFileSync(`${process.env.ROOTSTOCK_HOME}/processes/${service}.json`, "utf8")).grpcPort;
}

export function equal(actual, expected) {
  if (!isDeepStrictEqual(actual, expected)) {
    throw new Error(`${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`.slice(0, 500));
  }
}

export function contains(whole, part) {
  if (!String(whole).includes(part)) {
    throw new Error(`${JSON.stringify(part)} is not in ${JSON.stringify(whole)}`.slice(0, 500));
  }
}

// Awaits an error and returns it.
export async function raises(call) {
  try {
    await call();
  } catch (failure) {
    return failure;
  }
  throw new Error("no error");
}

export async function run(name, checks) {
  const { version } = JSON.parse(fs.readFileSync(`node_modules/${name}/package.json`, "utf8"));
  write({ version, checks: Object.keys(checks) });
  for (const [check, call] of Object.entries(checks)) {
    let reason = null;
    try {
      await call();
    } catch (failure) {
      console.error(failure);
      reason = `${failure.name}: ${failure.message}`.replace(/\s+/g, " ").slice(0, 600);
    }
    write({ check, reason });
  }
  process.exit(0);
}

function write(line) {
  fs.writeSync(1, `${JSON.stringify(line)}\n`);
}
