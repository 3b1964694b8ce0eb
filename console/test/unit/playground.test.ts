import { expect, test } from 'vitest';
import { type ApiRequest, curl, java, python } from '../../src/pages/playground/snippets';
import { apiFields, functions, isValid } from '../../src/pages/playground/Structure';

const PROMPT = 'it\'s "quoted" \\ and\nlong, 한국어';

function request(prompt: string): ApiRequest {
  return { path: '/v1/completions', body: { model: 'base', prompt, echo: false, seed: null, stop: ['a'] } };
}

test('a prompt with quotes stays one argument of the shell', () => {
  expect(curl(request("it's"))).toContain(`"prompt":"it'\\''s"`);
});

test('Python gets its own words for true, false and null', () => {
  expect(python(request(PROMPT))).toContain('"echo": False, "seed": None');
  expect(python({ ...request(PROMPT), path: '/v1/chat/completions' })).toContain('client.chat.completions.create');
});

test('the body is a text of Java', () => {
  const literal = /String body = (.*);/.exec(java(request(PROMPT)))?.[1] ?? '';
  expect(JSON.parse(JSON.parse(literal) as string)).toEqual(request(PROMPT).body);
});

test('functions are read in the form of OpenAI with and without the wrapper', () => {
  const parameters = { type: 'object' };
  const plain = [{ name: 'weather', description: 'now', parameters }];
  for (const tools of [plain, plain.map((each) => ({ type: 'function', function: each }))]) {
    expect(functions(JSON.stringify(tools))).toMatchObject([
      { name: 'weather', description: 'now', parametersSchema: JSON.stringify(parameters) },
    ]);
  }
  expect(functions('not JSON')).toEqual([]);
});

test('a request has the schema and the functions', () => {
  const structure = { schema: '{"type": "object"}', tools: '[{"name": "weather"}]', required: true };
  expect(isValid(structure)).toBe(true);
  expect(apiFields(structure)).toEqual({
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } },
    tools: [{ type: 'function', function: { name: 'weather', description: '', parameters: {} } }],
    tool_choice: 'required',
  });
  expect(apiFields({ schema: '', tools: '', required: false })).toEqual({});
  expect(isValid({ ...structure, schema: '{' })).toBe(false);
});
