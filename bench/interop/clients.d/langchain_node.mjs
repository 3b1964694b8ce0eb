// Checks of LangChain for JavaScript: ChatOpenAI, OpenAI and OpenAIEmbeddings.
import { HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI, OpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { z } from "zod";
import { MODEL, QUESTION, REPORT, TOKEN, TOO_LONG, URL, WEATHER, contains, equal, raises, run, text, usage } from "./checks.mjs";

const server = { model: MODEL, apiKey: TOKEN, maxRetries: 0, configuration: { baseURL: URL } };
const chat = (options = {}) => new ChatOpenAI({ ...server, temperature: 0, maxTokens: 24, ...options });
const City = z.object({ name: z.enum(["Paris"]), large: z.boolean() });
const weather = tool(({ city }) => `${REPORT} in ${city}`, {
  name: "get_weather", description: "Weather of a city", schema: z.object({ city: z.enum(["Paris"]) }),
});

await run("@langchain/openai", {
  async chat() {
    const answer = await chat().invoke(QUESTION);
    equal([answer.content, answer.response_metadata.finish_reason], [text, "stop"]);
    equal([answer.usage_metadata.input_tokens, answer.usage_metadata.output_tokens], usage);
  },
  async chat_stream() {
    let whole;
    for await (const chunk of await chat({ streamUsage: true }).stream(QUESTION)) whole = whole ? whole.concat(chunk) : chunk;
    equal(whole.content, text);
    equal([whole.usage_metadata.input_tokens, whole.usage_metadata.output_tokens], usage);
  },
  async batch() {
    equal((await chat().batch([QUESTION, QUESTION])).map((answer) => answer.content), [text, text]);
  },
  async tool_call_and_result() {
    const question = new HumanMessage(WEATHER);
    const asked = await chat({ maxTokens: 100 }).bindTools([weather], { tool_choice: "required" }).invoke([question]);
    equal(asked.tool_calls.map((call) => [call.name, call.args]), [["get_weather", { city: "Paris" }]]);
    const result = await weather.invoke(asked.tool_calls[0]);
    contains((await chat().invoke([question, asked, result])).content, REPORT);
  },
  async structured_output() {
    for (const method of ["jsonSchema", "functionCalling"]) {
      const answer = await chat({ maxTokens: 200 }).withStructuredOutput(City, { method }).invoke("Describe a city.");
      equal(answer.name, "Paris");
    }
  },
  async responses_api() {
    const answer = await chat({ useResponsesApi: true }).invoke(QUESTION);
    equal(answer.text, text);
    equal([answer.usage_metadata.input_tokens, answer.usage_metadata.output_tokens], usage);
  },
  async completions() {
    contains(await new OpenAI({ ...server, temperature: 0, maxTokens: 4 }).invoke("1, 2, 3, 4,"), "5");
  },
  async embeddings() {
    const vectors = await new OpenAIEmbeddings(server).embedDocuments(["river", "tower"]);
    equal([vectors.length, vectors[0].length > 100], [2, true]);
  },
  async errors() {
    equal((await raises(() => chat({ model: "no-such-model" }).invoke(QUESTION))).status, 404);
    contains((await raises(() => chat().invoke(TOO_LONG))).message, "maximum context length");
    equal((await raises(() => chat({ apiKey: "wrong" }).invoke(QUESTION))).status, 401);
  },
});
