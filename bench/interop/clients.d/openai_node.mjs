// Checks of npm's openai.
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError } from "openai";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import {
  CITY, MODEL, QUESTION, REPORT, TOKEN, TOO_LONG, URL, WEATHER, contains, equal, raises, run, text, usage,
} from "./checks.mjs";

const client = new OpenAI({ baseURL: URL, apiKey: TOKEN, maxRetries: 0 });
const chat = { model: MODEL, messages: [{ role: "user", content: QUESTION }], temperature: 0, max_tokens: 24 };
const City = z.object({ name: z.enum(["Paris"]), large: z.boolean() });

await run("openai", {
  async chat() {
    const answer = await client.chat.completions.create(chat);
    equal([answer.choices[0].message.content, answer.choices[0].finish_reason], [text, "stop"]);
    equal([answer.usage.prompt_tokens, answer.usage.completion_tokens], usage);
    equal(typeof answer._request_id, "string");
  },
  async chat_stream() {
    const stream = client.chat.completions.stream({ ...chat, stream_options: { include_usage: true } });
    let parts = "";
    stream.on("content", (delta) => (parts += delta));
    const answer = await stream.finalChatCompletion();
    equal([parts, answer.choices[0].message.content], [text, text]);
    equal([answer.usage.prompt_tokens, answer.usage.completion_tokens], usage);
  },
  async cancelled_stream() {
    const stream = await client.chat.completions.create({ ...chat, max_tokens: 2000, stream: true });
    for await (const chunk of stream) {
      equal(chunk.object, "chat.completion.chunk");
      break;
    }
    equal(stream.controller.signal.aborted, true);
  },
  async tool_runner() {
    const tool = {
      type: "function",
      function: {
        name: "get_weather", description: "Weather of a city", parameters: CITY, parse: JSON.parse,
        function: ({ city }) => `${REPORT} in ${city}`,
      },
    };
    const runner = client.chat.completions.runTools(
      { model: MODEL, messages: [{ role: "user", content: WEATHER }], tools: [tool], max_tokens: 100, temperature: 0,
        tool_choice: { type: "function", function: { name: "get_weather" } } });
    equal(await runner.finalFunctionToolCallResult(), `${REPORT} in Paris`);
  },
  async parsed_answer() {
    const answer = await client.chat.completions.parse(
      { ...chat, max_tokens: 200, response_format: zodResponseFormat(City, "city") });
    equal(answer.choices[0].message.parsed.name, "Paris");
  },
  async completions() {
    const answer = await client.completions.create({ model: MODEL, prompt: "1, 2, 3, 4,", max_tokens: 4, temperature: 0 });
    contains(answer.choices[0].text, "5");
  },
  async embeddings() {
    const answer = await client.embeddings.create({ model: MODEL, input: ["river", "tower"] });
    equal(answer.data.map((each) => each.index), [0, 1]);
    const length = answer.data[0].embedding.reduce((sum, value) => sum + value * value, 0);
    equal(Math.abs(length - 1) < 1e-3, true);
  },
  async models() {
    equal((await client.models.list()).data.map((model) => model.id), [MODEL]);
  },
  async responses() {
    const answer = await client.responses.create({ model: MODEL, input: QUESTION, temperature: 0, max_output_tokens: 24 });
    equal([answer.output_text, answer.status], [text, "completed"]);
    const stream = client.responses.stream({ model: MODEL, input: QUESTION, temperature: 0, max_output_tokens: 24 });
    let parts = "";
    stream.on("response.output_text.delta", (event) => (parts += event.delta));
    equal([(await stream.finalResponse()).output_text, parts], [text, text]);
    const parsed = await client.responses.parse(
      { model: MODEL, input: "Describe a city.", max_output_tokens: 200, text: { format: zodTextFormat(City, "city") } });
    equal(parsed.output_parsed.name, "Paris");
  },
  async errors() {
    const unknown = await raises(() => client.chat.completions.create({ ...chat, model: "no-such-model" }));
    equal([unknown instanceof NotFoundError, unknown.code, unknown.param], [true, "model_not_found", "model"]);
    const long = await raises(() => client.chat.completions.create({ ...chat, messages: [{ role: "user", content: TOO_LONG }] }));
    equal([long instanceof BadRequestError, long.code], [true, "context_length_exceeded"]);
    const wrong = await raises(() => client.withOptions({ apiKey: "wrong" }).models.list());
    equal([wrong instanceof AuthenticationError, wrong.code], [true, "invalid_api_key"]);
  },
});
